/** Tests of what is printed. */
@NullMarked
package dev.salvo.cli.console;

import org.jspecify.annotations.NullMarked;
