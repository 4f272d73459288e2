/** Tests of the parts of the echo. */
@NullMarked
package dev.salvo.cli.echo;

import org.jspecify.annotations.NullMarked;
