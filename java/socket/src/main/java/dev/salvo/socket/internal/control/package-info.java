/** Control messages: those that a datagram is sent with, and those that come with a received message. */
@NullMarked
package dev.salvo.socket.internal.control;

import org.jspecify.annotations.NullMarked;
