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
 * A client that keeps so many datagrams under way, each with a number of its own, and sends one more for each reply:
 * what a receive buffer holds is never exceeded, so whatever is missing was lost by the server.
 */
final class WindowedLoad implements Callable<WindowedLoad.Result> {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SIZE = 64;

    /** What a client saw. */
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

    /** No more is sent from now on; the replies to what was sent are waited for. */
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
