/** The command {@code salvo send}. */
@NullMarked
package dev.salvo.cli.send;

import org.jspecify.annotations.NullMarked;
