package dev.salvo.cli.listen;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.argument.BindAddress;
import dev.salvo.cli.argument.Family;
import dev.salvo.cli.argument.Group;
import dev.salvo.cli.argument.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to listen to: an address, and the groups to join.
 *
 * @param bind the address; null if none was given
 * @param port the port of a group, as in 239.1.2.3:9999; null if none was given
 * @param groups the groups
 */
record Place(@Nullable HostPort bind, @Nullable Integer port, List<Group> groups) {

    private static final int USUAL_PORT = 9999;

    /** Takes --bind, and the arguments without an option: a port, an address with a port, groups with or without. */
    static Place of(@Nullable HostPort bind, List<String> arguments) {
        var address = bind;
        Integer port = null;
        var groups = new ArrayList<Group>();
        for (var text : arguments) {
            var place = place(text);
            if (place == null) {
                groups.add(Group.parse(text));
                continue;
            }
            var literal = place.literal();
            var isGroup = literal != null && Group.isGroup(literal);
            if ((isGroup ? port != null && port != place.port() : address != null)
                    || (isGroup && address != null) || (!isGroup && port != null)) {
                throw new BadArgumentsException("listen has one address and port: " + text + " is one too many");
            }
            if (isGroup) {
                groups.add(Group.parse(place.host()));
                port = place.port();
            } else {
                address = place;
            }
        }
        return new Place(address, port, List.copyOf(groups));
    }

    private static @Nullable HostPort place(String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Finds the address to bind. */
    BindAddress resolve(Optional<Family> family) throws IOException {
        var ipv6 = groups.stream().anyMatch(Group::ipv6);
        if (groups.isEmpty()) {
            return (bind != null ? bind : HostPort.loopback(USUAL_PORT, family)).resolve(family);
        }
        if (bind == null || bind.isAll()) {
            var any = ipv6 ? Family.IPV6 : family.orElse(Family.IPV4);
            if (ipv6 && family.equals(Optional.of(Family.IPV4))) {
                throw new BadArgumentsException("-4 cannot receive datagrams to an IPv6 group");
            }
            return BindAddress.of(any.any(), bind != null ? bind.port() : port != null ? port : USUAL_PORT);
        }
        var address = bind.resolve(family);
        var ip = address.address().inetAddress();
        if (!ip.isAnyLocalAddress() && !ip.isMulticastAddress()) {
            throw new BadArgumentsException(
                    address + " cannot receive datagrams to a group: bind 0.0.0.0, [::] or the group itself");
        }
        if (ipv6 && !address.address().isIpv6()) {
            throw new BadArgumentsException(address + " cannot receive datagrams to an IPv6 group: bind [::]");
        }
        return address;
    }
}
