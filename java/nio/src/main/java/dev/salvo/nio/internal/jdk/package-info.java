/** The JDK's own channels, and the descriptors of its selectors. */
@NullMarked
package dev.salvo.nio.internal.jdk;

import org.jspecify.annotations.NullMarked;
