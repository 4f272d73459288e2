package dev.salvo.protocol;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * A client that keeps a fixed number of datagrams in flight, each with its own number, and sends one more for each
 * reply. It never sends more than a receive buffer holds, so the server lost whatever is missing.
 */
final class WindowedLoad implements Callable<WindowedLoad.Result> {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SIZE = 64;

    /** What a client counted. */
    record Result(int sent, int missing, int twice) {
    }

    private final InetSocketAddress server;
    private final int window;
    private final Semaphore replies;
    private volatile boolean ending;

    /**
     * A client.
     *
     * @param replies gets a permit for each reply
     */
    WindowedLoad(InetSocketAddress server, int window, Semaphore replies) {
        this.server = server;
        this.window = window;
        this.replies = replies;
    }

    /** Stops sending. The client still waits for the replies to what it has sent. */
    void end() {
        ending = true;
    }

    @Override
    public Result call() throws IOException {
        var missing = new BitSet();
        int sent = 0;
        int twice = 0;
        try (var socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (; sent < window; sent++) {
                missing.set(sent);
                send(socket, sent);
            }
            var reply = new DatagramPacket(new byte[SIZE], SIZE);
            while (!missing.isEmpty()) {
                socket.receive(reply);
                int number = ByteBuffer.wrap(reply.getData()).getInt();
                twice += missing.get(number) ? 0 : 1;
                missing.clear(number);
                replies.release();
                if (!ending) {
                    missing.set(sent);
                    send(socket, sent);
                    sent++;
                }
            }
        } catch (SocketTimeoutException e) {
            // The rest is missing.
        }
        return new Result(sent, missing.cardinality(), twice);
    }

    private static void send(DatagramSocket socket, int number) throws IOException {
        socket.send(new DatagramPacket(ByteBuffer.allocate(SIZE).putInt(number).array(), SIZE));
    }
}
