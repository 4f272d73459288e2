/** A selector for UDP channels of Salvo and all channels of the JDK. */
@NullMarked
package dev.salvo.nio.internal.selector;

import org.jspecify.annotations.NullMarked;
