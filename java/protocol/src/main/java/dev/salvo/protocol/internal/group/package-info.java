/** The threads and sockets of a group of reactors, and the programs by which the kernel steers datagrams to them. */
@NullMarked
package dev.salvo.protocol.internal.group;

import org.jspecify.annotations.NullMarked;
