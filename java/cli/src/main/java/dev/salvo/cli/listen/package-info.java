/** The command {@code salvo listen}. */
@NullMarked
package dev.salvo.cli.listen;

import org.jspecify.annotations.NullMarked;
