package dev.salvo.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command line of a peer: the peer's own options and the role that it runs. */
final class Arguments {

    private static final String ROLES = """
            [--role echo] --bind ADDR:PORT
              --role sink --bind ADDR:PORT --counter FILE
              --role source --to ADDR:PORT --size N --counter FILE
              --role fanout --to ADDR:PORT,... --size N --counter FILE
              --role sockets --sockets N --ports FILE""";
    private static final List<String> FLAGS = List.of("--gso", "--single", "--blocking", "--socket");

    private final Map<String, String> values = new HashMap<>();

    private Arguments(String[] words, String usage) {
        var known = List.of((usage + " " + ROLES).split("[\\s\\[\\]]+"));
        var rest = Arrays.asList(words).iterator();
        while (rest.hasNext()) {
            var name = rest.next();
            if (!name.startsWith("--") || !known.contains(name)
                    || (!FLAGS.contains(name) && !rest.hasNext())) {
                throw new IllegalArgumentException(name);
            }
            values.put(name, FLAGS.contains(name) ? "" : rest.next());
        }
    }

    /** Makes a peer from the peer's own options. */
    interface Choice {
        Peer of(Arguments arguments);
    }

    /** Runs a role. An error in the command line is printed with the usage, and the exit code is 2. */
    static void run(String[] words, String usage, Choice choice) throws Exception {
        Role role;
        try {
            var arguments = new Arguments(words, usage);
            role = arguments.role(choice.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\nUsage: " + usage + " " + ROLES);
            System.exit(2);
            return;
        }
        try {
            role.run();
        } catch (UnsupportedOperationException e) {
            System.err.println("this peer does not support the role: " + e.getMessage());
            System.exit(2);
        }
    }

    private interface Role {
        void run() throws Exception;
    }

    /** Parses everything before anything runs, so that only errors of the command line are usage errors. */
    private Role role(Peer peer) {
        var role = value("--role", "echo");
        return switch (role) {
            case "echo" -> {
                var bind = Endpoint.parse(value("--bind", null));
                yield () -> peer.echo(bind);
            }
            case "sink" -> {
                var bind = Endpoint.parse(value("--bind", null));
                var file = Path.of(value("--counter", null));
                yield () -> peer.sink(bind, Counter.map(file));
            }
            case "source", "fanout" -> {
                var to = destinations(role.equals("fanout"));
                var size = number("--size", 65_507);
                var file = Path.of(value("--counter", null));
                yield () -> peer.source(to, size, Counter.map(file));
            }
            case "sockets" -> {
                var count = number("--sockets", 1_000_000);
                var ports = new PortList(Path.of(value("--ports", null)));
                yield () -> peer.sockets(count, ports);
            }
            default -> throw new IllegalArgumentException("--role " + role);
        };
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    String value(String name, @Nullable String otherwise) {
        var value = values.getOrDefault(name, otherwise);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    int number(String name, int most, int otherwise) {
        return has(name) ? number(name, most) : otherwise;
    }

    private int number(String name, int most) {
        var number = Integer.parseInt(value(name, null));
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(name + " " + number);
        }
        return number;
    }

    private List<Endpoint> destinations(boolean several) {
        var all = new ArrayList<Endpoint>();
        for (var text : value("--to", null).split(",", -1)) {
            all.add(Endpoint.parse(text));
        }
        if (!several && all.size() != 1) {
            throw new IllegalArgumentException("--to takes exactly one destination for this role");
        }
        return all;
    }

    /** Prints the line by which the harness knows that a sending peer is ready. */
    static void announceSending(List<Endpoint> destinations) {
        System.out.println(
                "sending to " + (destinations.size() == 1
                        ? destinations.getFirst()
                        : destinations.size()
                                + " destinations"));
    }
}
