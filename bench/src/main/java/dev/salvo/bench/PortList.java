package dev.salvo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file with the ports of a peer with many sockets, one port per line, which the load generator reads. */
final class PortList {

    /** The address that every socket of the peer is bound to, each with a free port. */
    static final Endpoint ADDRESS = new Endpoint("127.0.0.1", 0);

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    PortList(Path file) {
        this.file = file;
    }

    void add(int port) {
        lines.add(Integer.toString(port));
    }

    /** Writes the file, then prints the ready line: the file is complete when the harness reads that line. */
    void publish() throws IOException {
        Files.write(file, lines);
        System.out.println("listening on " + lines.size() + " sockets");
    }
}
