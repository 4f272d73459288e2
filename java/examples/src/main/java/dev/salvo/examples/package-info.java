/** One program for each listing of Twisted's howto on UDP, by the same names, and what one writes after an echo. */
@NullMarked
package dev.salvo.examples;

import org.jspecify.annotations.NullMarked;
