/** What the commands print, and how: lines, JSON, payloads that are safe for a terminal. */
@NullMarked
package dev.salvo.cli.console;

import org.jspecify.annotations.NullMarked;
