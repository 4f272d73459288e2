package dev.salvo.bench;

/** Salvo at each of its layers, optionally with the settings that trade one cost for another. */
final class SalvoPeer {

    private SalvoPeer() {}

    static void main(String[] args) throws Exception {
        Arguments.run(args,
                "SalvoPeer [--layer protocol|batch|socket] [--busy-poll MICROS] [--gather MICROS] [--max-segments N]",
                SalvoPeer::choose);
    }

    private static Peer choose(Arguments arguments) {
        var options = SalvoOptions.of(arguments);
        return switch (arguments.value("--layer", "protocol")) {
            case "protocol" -> new SalvoProtocol(options);
            case "batch" -> new SalvoBatch(options);
            case "socket" -> {
                if (!options.equals(SalvoOptions.NONE)) {
                    throw new IllegalArgumentException("--layer socket has no reactor and takes no reactor options");
                }
                yield new SalvoSocket();
            }
            default -> throw new IllegalArgumentException("--layer must be protocol, batch or socket");
        };
    }
}
