/** Each example is started, and shown to do what it says. */
@NullMarked
package dev.salvo.examples;

import org.jspecify.annotations.NullMarked;
