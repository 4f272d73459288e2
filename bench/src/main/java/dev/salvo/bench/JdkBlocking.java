package dev.salvo.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A blocking channel on a virtual thread, as the JDK's authors recommend since virtual threads exist. */
final class JdkBlocking implements Peer {

    @Override
    public void echo(Endpoint bind) throws Exception {
        onVirtualThread(() -> echoForever(bind));
    }

    @Override
    public void source(List<Endpoint> destinations, int size, Counter counter) throws Exception {
        onVirtualThread(() -> JdkChannels.source(destinations, size, counter));
    }

    private static void echoForever(Endpoint bind) throws IOException {
        var buffer = ByteBuffer.allocateDirect(65_535);
        try (var channel = JdkChannels.open(bind)) {
            Peer.listening(bind, JdkChannels.port(channel));
            while (true) {
                var source = channel.receive(buffer.clear());
                channel.send(buffer.flip(), source);
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void onVirtualThread(Work work) throws InterruptedException, ExecutionException {
        var task = new FutureTask<Boolean>(() -> {
            work.run();
            return true;
        });
        Thread.ofVirtual().name("peer").start(task);
        task.get();
    }
}
