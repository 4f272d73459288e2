/** Finds out which features the kernel supports by trying each over loopback. */
@NullMarked
package dev.salvo.cli.probe;

import org.jspecify.annotations.NullMarked;
