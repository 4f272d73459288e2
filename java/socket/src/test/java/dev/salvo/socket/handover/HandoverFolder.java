package dev.salvo.socket.handover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A folder for the Unix sockets of a test, whose path is short on every machine. */
final class HandoverFolder implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    final Path socket;

    HandoverFolder() throws IOException {
        folder = Files.createTempDirectory("salvo");
        socket = folder.resolve("s");
    }

    Path folder() {
        return folder;
    }

    /** Sends from another thread, since the test's own thread receives. Returns the exception of the send, or null. */
    CompletableFuture<@Nullable Throwable> send(int... descriptors) {
        return CompletableFuture.runAsync(() -> {
            try {
                DescriptorSender.send(socket, PATIENCE, descriptors);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }, command -> {
            Thread.ofPlatform().start(command);
        }).handle((nothing, thrown) -> thrown == null ? null : thrown.getCause());
    }

    @Override
    public void close() throws IOException {
        try (var left = Files.newDirectoryStream(folder)) {
            for (var file : left) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
