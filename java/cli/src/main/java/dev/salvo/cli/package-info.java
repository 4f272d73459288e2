/** The salvo command: its options, its output and its exit codes. */
@NullMarked
package dev.salvo.cli;

import org.jspecify.annotations.NullMarked;
