/**
 * Socket options as rows: a name, a level, a number and how the value lies in memory.
 *
 * <p>Names are the kernel's without their prefix: {@code IpOptions.MULTICAST_ALL} is IP_MULTICAST_ALL, and ip(7) is its
 * manual. {@link dev.salvo.socket.UdpSocket#get} and {@link dev.salvo.socket.UdpSocket#set} take any row, also one that
 * a program defines itself.
 */
@NullMarked
package dev.salvo.socket.option;

import org.jspecify.annotations.NullMarked;
