/**
 * Test doubles for tests of programs: a port without a socket, and a clock that the test moves on. They correspond to
 * Twisted's {@code StringTransport} and {@code task.Clock}.
 */
@NullMarked
package dev.salvo.protocol.testing;

import org.jspecify.annotations.NullMarked;
