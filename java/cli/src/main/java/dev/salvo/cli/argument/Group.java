package dev.salvo.cli.argument;

import dev.salvo.socket.SockAddr;

/**
 * A multicast group on the command line, for example {@code 239.1.2.3} or {@code ff02::1%eth0}.
 *
 * @param literal the group as it was written
 * @param ipv6 whether it is an IPv6 group
 */
public record Group(String literal, boolean ipv6) {

    /**
     * Parses a group. This is not a converter for picocli: where a command takes several parameters, picocli reports
     * one that cannot be converted as an unknown parameter.
     */
    public static Group parse(String text) {
        try {
            var address = SockAddr.of(text, 0);
            if (isGroup(address)) {
                return new Group(text, address.isIpv6());
            }
        } catch (IllegalArgumentException e) {
            throw new BadArgumentsException(String.valueOf(e.getMessage()));
        }
        throw new BadArgumentsException(
                "'" + text + "' is not a multicast group; groups are 224.0.0.0 to 239.255.255.255 and ff00::/8");
    }

    public static boolean isGroup(SockAddr address) {
        return address.toInetSocketAddress().getAddress().isMulticastAddress();
    }
}
