/** Tests of the probes. */
@NullMarked
package dev.salvo.cli.probe;

import org.jspecify.annotations.NullMarked;
