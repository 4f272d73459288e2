/** Tests that start each example and check its behaviour. */
@NullMarked
package dev.salvo.examples;

import org.jspecify.annotations.NullMarked;
