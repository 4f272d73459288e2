/** The salvo command: its subcommands, its errors and its exit codes. */
@NullMarked
package dev.salvo.cli;

import org.jspecify.annotations.NullMarked;
