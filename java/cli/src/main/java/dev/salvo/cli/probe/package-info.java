/** What the kernel can do here, found by doing it over loopback. */
@NullMarked
package dev.salvo.cli.probe;

import org.jspecify.annotations.NullMarked;
