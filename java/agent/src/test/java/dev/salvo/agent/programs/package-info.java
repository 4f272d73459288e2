/** Small programs on other people's libraries, which know nothing of Salvo. Each prints {@code ready} and its port. */
@NullMarked
package dev.salvo.agent.programs;

import org.jspecify.annotations.NullMarked;
