package dev.salvo.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of this JVM. Events have their own settings, except those that a test enables. */
public final class Flight implements AutoCloseable {

    private final Recording recording = new Recording();

    /** Starts the recording and enables these events too, which are off by default. */
    public Flight(String... also) {
        for (var name : also) {
            recording.enable(name).withoutThreshold();
        }
        recording.start();
    }

    /** Stops the recording and returns all events of this name. */
    public List<RecordedEvent> stop(String name) throws IOException {
        var file = Files.createTempFile("salvo", ".jfr");
        try {
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(name))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
