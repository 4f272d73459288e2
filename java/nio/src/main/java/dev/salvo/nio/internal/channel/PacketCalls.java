package dev.salvo.nio.internal.channel;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/** Sends and receives DatagramPackets by a channel, with the exceptions of java.net. */
final class PacketCalls {

    private final UdpChannel channel;
    private final boolean interruptible;
    private final PacketLengths lengths = new PacketLengths();

    /** @param interruptible whether an interrupt closes the channel, as that of a channel's own socket */
    PacketCalls(UdpChannel channel, boolean interruptible) {
        this.channel = channel;
        this.interruptible = interruptible;
    }

    /** @param millis 0 for no limit */
    void receive(DatagramPacket packet, int millis) throws IOException {
        try {
            channel.receive(millis == 0 ? -1 : millis * 1_000_000L, interruptible, holder -> {
                var most = lengths.buffer(packet);
                var target = ByteBuffer.wrap(packet.getData(), packet.getOffset(), most);
                var source = holder.source();
                lengths.received(packet, most, holder.copy(0, target));
                packet.setSocketAddress(source);
            });
        } catch (SocketTimeoutException e) {
            if (Thread.currentThread().isVirtual() && Thread.currentThread().isInterrupted()) {
                channel.close();
                throw new SocketException("Closed by interrupt");
            }
            throw e;
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    /** Receives the next datagram without taking it. Returns the port of its source. */
    int peek(DatagramPacket packet, int millis) throws IOException {
        try {
            channel.peek(millis == 0 ? -1 : millis * 1_000_000L, holder -> {
                var target = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
                packet.setSocketAddress(holder.source());
                packet.setLength(holder.copy(0, target));
            });
            return packet.getPort();
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    /** A packet without an address goes to the peer, and has its address then. */
    void send(DatagramPacket packet) throws IOException {
        try {
            if (packet.getAddress() == null) {
                var remote = channel.remote();
                if (remote == null) {
                    throw new IllegalArgumentException("Address not set");
                }
                packet.setSocketAddress(remote);
            }
            channel.sendBlocking(ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()),
                    (InetSocketAddress) packet.getSocketAddress());
        } catch (AlreadyConnectedException e) {
            throw new IllegalArgumentException("Connected and packet address differ", e);
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }
}
