@NullMarked
package dev.salvo.examples;

import org.jspecify.annotations.NullMarked;
