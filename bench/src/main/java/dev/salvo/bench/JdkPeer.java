package dev.salvo.bench;

/** The JDK's DatagramChannel, non-blocking with a selector or blocking on a virtual thread. */
final class JdkPeer {

    private JdkPeer() {}

    static void main(String[] args) throws Exception {
        Arguments.run(args, "JdkPeer [--blocking]",
                arguments -> arguments.has("--blocking") ? new JdkBlocking() : new JdkSelector());
    }
}
