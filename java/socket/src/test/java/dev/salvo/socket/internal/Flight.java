package dev.salvo.socket.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of this JVM. It has the settings that the events have themselves, but for what is asked for. */
public final class Flight implements AutoCloseable {

    private final Recording recording = new Recording();

    /** Begins to record; these events too, which are off by default. */
    public Flight(String... also) {
        for (var name : also) {
            recording.enable(name).withoutThreshold();
        }
        recording.start();
    }

    /** Stops, and gives all events of a name that there were. */
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
