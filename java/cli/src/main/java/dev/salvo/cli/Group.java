package dev.salvo.cli;

import dev.salvo.socket.SockAddr;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A multicast group on the command line: {@code 239.1.2.3}, {@code ff02::1%eth0}.
 *
 * @param literal as it was written
 * @param ipv6 its family
 */
record Group(String literal, boolean ipv6) {

    /** For picocli. */
    static final class Converter implements ITypeConverter<Group> {
        @Override
        public Group convert(String text) {
            try {
                var address = SockAddr.of(text, 0);
                if (isGroup(address)) {
                    return new Group(text, address.isIpv6());
                }
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                throw new TypeConversionException(e.getMessage());
            }
            throw new TypeConversionException(
                    "'" + text + "' is not a multicast group: 224.0.0.0 to 239.255.255.255, or ff00::/8");
        }
    }

    static boolean isGroup(SockAddr address) {
        return address.toInetSocketAddress().getAddress().isMulticastAddress();
    }
}
