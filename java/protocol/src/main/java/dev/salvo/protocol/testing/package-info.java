/**
 * For tests of programs: a port without a socket and a clock that a test winds, as Twisted's {@code StringTransport}
 * and {@code task.Clock} are.
 */
@NullMarked
package dev.salvo.protocol.testing;

import org.jspecify.annotations.NullMarked;
