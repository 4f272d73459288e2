package dev.salvo.nio;

import dev.salvo.nio.internal.channel.UdpChannel;
import dev.salvo.socket.SocketStatistics;
import java.nio.channels.DatagramChannel;

/** What is below a channel. */
final class Channels {

    private Channels() {}

    static SocketStatistics statistics(DatagramChannel channel) {
        var endpoint = ((UdpChannel) channel).endpoint();
        endpoint.lock.lock();
        try {
            return endpoint.socket().statistics();
        } finally {
            endpoint.lock.unlock();
        }
    }
}
