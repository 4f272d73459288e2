@NullMarked
package dev.salvo.examples.dns;

import org.jspecify.annotations.NullMarked;
