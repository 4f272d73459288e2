/** Tests of the forwarder, with a manual clock and with dig. */
@NullMarked
package dev.salvo.examples.dns;

import org.jspecify.annotations.NullMarked;
