/** Tests of the command: in this process, and with {@code ./salvo} itself. */
@NullMarked
package dev.salvo.cli;

import org.jspecify.annotations.NullMarked;
