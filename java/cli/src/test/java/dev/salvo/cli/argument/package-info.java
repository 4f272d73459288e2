/** Tests of the arguments. */
@NullMarked
package dev.salvo.cli.argument;

import org.jspecify.annotations.NullMarked;
