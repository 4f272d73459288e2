/** The command {@code salvo echo}. */
@NullMarked
package dev.salvo.cli.echo;

import org.jspecify.annotations.NullMarked;
