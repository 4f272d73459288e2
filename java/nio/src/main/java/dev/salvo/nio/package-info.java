/** java.nio and java.net on Salvo: for programs that use DatagramChannel, DatagramSocket or MulticastSocket. */
@NullMarked
package dev.salvo.nio;

import org.jspecify.annotations.NullMarked;
