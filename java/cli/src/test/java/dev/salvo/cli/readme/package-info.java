/** The README's listings, as they stand there but for this package. */
@NullMarked
package dev.salvo.cli.readme;

import org.jspecify.annotations.NullMarked;
