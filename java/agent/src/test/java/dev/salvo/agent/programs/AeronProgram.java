package dev.salvo.agent.programs;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** A ping and its pong by Aeron, each with a media driver of its own in its JVM: DatagramChannels and a Selector. */
public final class AeronProgram {

    private static final int STREAM = 7;

    private AeronProgram() {}

    /** {@code pong IN OUT} answers; {@code ping IN OUT COUNT} asks, prints how many answers came, and ends. */
    public static void main(String[] arguments) throws Exception {
        var in = "aeron:udp?endpoint=127.0.0.1:" + arguments[1];
        var out = "aeron:udp?endpoint=127.0.0.1:" + arguments[2];
        var folder = Files.createTempDirectory("aeron");
        var context = new MediaDriver.Context()
                .aeronDirectoryName(folder.resolve("driver").toString())
                .dirDeleteOnStart(true).dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .termBufferSparseFile(true)
                .publicationTermBufferLength(64 * 1024)
                .ipcTermBufferLength(64 * 1024);
        try (var driver = MediaDriver.launch(context);
                var aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
                var subscription = aeron.addSubscription(in, STREAM);
                var publication = aeron.addPublication(out, STREAM)) {
            var received = new AtomicInteger();
            if (arguments[0].equals("pong")) {
                // From six channels on the driver asks its selector which of them are readable.
                for (int i = 0; i < 8; i++) {
                    aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", STREAM);
                }
                System.out.println("ready " + arguments[1]);
                while (!Thread.currentThread().isInterrupted()) {
                    subscription.poll((buffer, offset, length, header) -> offer(publication, buffer.getInt(offset)),
                            10);
                    Thread.sleep(1);
                }
            } else {
                var count = Integer.parseInt(arguments[3]);
                for (int i = 0; i < count; i++) {
                    offer(publication, i);
                    while (received.get() <= i) {
                        subscription.poll((buffer, offset, length, header) -> {
                            if (buffer.getInt(offset) == received.get()) {
                                received.incrementAndGet();
                            }
                        }, 10);
                        Thread.sleep(1);
                    }
                }
                System.out.println("answers: " + received.get());
            }
        }
        Files.delete(folder);
    }

    private static void offer(Publication publication, int number) {
        var buffer = new UnsafeBuffer(new byte[Integer.BYTES]);
        buffer.putInt(0, number);
        while (publication.offer(buffer) < 0) {
            Thread.onSpinWait();
        }
    }
}
