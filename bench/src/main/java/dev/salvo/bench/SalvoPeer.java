package dev.salvo.bench;

/** Salvo at each of its layers. */
final class SalvoPeer {

    private SalvoPeer() {}

    static void main(String[] args) throws Exception {
        Arguments.run(args, "SalvoPeer [--layer protocol|batch|socket]", SalvoPeer::choose);
    }

    private static Peer choose(Arguments arguments) {
        return switch (arguments.value("--layer", "protocol")) {
            case "protocol" -> new SalvoProtocol();
            case "batch" -> new SalvoBatch();
            case "socket" -> new SalvoSocket();
            default -> throw new IllegalArgumentException("--layer protocol, batch or socket");
        };
    }
}
