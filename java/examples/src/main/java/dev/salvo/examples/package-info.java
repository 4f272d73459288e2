/** One program for each listing of Twisted's howto on UDP, with the same names, and some larger services. */
@NullMarked
package dev.salvo.examples;

import org.jspecify.annotations.NullMarked;
