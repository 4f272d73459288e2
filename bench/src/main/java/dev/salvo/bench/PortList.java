package dev.salvo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ports of a peer with many sockets, for the load to choose from: a line each. */
final class PortList {

    /** Where they are bound. */
    static final Endpoint ADDRESS = new Endpoint("127.0.0.1", 0);

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    PortList(Path file) {
        this.file = file;
    }

    void add(int port) {
        lines.add(Integer.toString(port));
    }

    /** Written before it is announced, so that whoever reads the line finds the file complete. */
    void publish() throws IOException {
        Files.write(file, lines);
        System.out.println("listening on " + lines.size() + " sockets");
    }
}
