/** The counters of a socket, and its events for the JDK Flight Recorder. */
@NullMarked
package dev.salvo.socket.internal.observe;

import org.jspecify.annotations.NullMarked;
