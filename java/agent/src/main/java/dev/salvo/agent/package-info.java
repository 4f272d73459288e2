/** The Java agent, by which an unmodified program runs on Salvo. */
@NullMarked
package dev.salvo.agent;

import org.jspecify.annotations.NullMarked;
