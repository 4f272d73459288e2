/** What a command needs that runs until it is told to end: signals, periodic reports, totals. */
@NullMarked
package dev.salvo.cli.service;

import org.jspecify.annotations.NullMarked;
