/** Control messages: what the kernel tells of a datagram beside its bytes, and what it can be told with one. */
@NullMarked
package dev.salvo.socket.cmsg;

import org.jspecify.annotations.NullMarked;
