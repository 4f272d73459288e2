/** What the tests of a program need that uses the protocol layer: time that goes on when it is told to. */
@NullMarked
package dev.salvo.protocol.testing;

import org.jspecify.annotations.NullMarked;
