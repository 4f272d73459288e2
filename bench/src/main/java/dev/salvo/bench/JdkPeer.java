package dev.salvo.bench;

/** The JDK's DatagramChannel, non-blocking with a selector or blocking on a virtual thread, and its DatagramSocket. */
final class JdkPeer {

    private JdkPeer() {}

    static void main(String[] args) throws Exception {
        Arguments.run(args, "JdkPeer [--blocking | --socket]", arguments -> {
            if (arguments.has("--socket")) {
                return new JdkSocket();
            }
            return arguments.has("--blocking") ? new JdkBlocking() : new JdkSelector();
        });
    }
}
