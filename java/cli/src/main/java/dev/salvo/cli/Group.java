package dev.salvo.cli;

import dev.salvo.socket.SockAddr;

/**
 * A multicast group on the command line: {@code 239.1.2.3}, {@code ff02::1%eth0}.
 *
 * @param literal as it was written
 * @param ipv6 its family
 */
record Group(String literal, boolean ipv6) {

    /** Not picocli's to convert: of several parameters it takes one that can't be converted for an unknown one. */
    static Group parse(String text) {
        try {
            var address = SockAddr.of(text, 0);
            if (isGroup(address)) {
                return new Group(text, address.isIpv6());
            }
        } catch (IllegalArgumentException e) {
            throw new BadArgumentsException(String.valueOf(e.getMessage()));
        }
        throw new BadArgumentsException(
                "'" + text + "' is not a multicast group: 224.0.0.0 to 239.255.255.255, or ff00::/8");
    }

    static boolean isGroup(SockAddr address) {
        return address.toInetSocketAddress().getAddress().isMulticastAddress();
    }
}
