package dev.salvo.cli.probe;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Features;
import java.net.StandardProtocolFamily;

/** Probes of features that do not belong to a single socket. */
final class SystemProbes {

    private SystemProbes() {}

    static Feature epollPwait2(String name) throws SyscallException {
        var errno = Features.epollPwait2();
        return errno == 0
                ? Feature.works(name, "timers have a resolution of nanoseconds")
                : Feature.refused(name, "timers are rounded up to milliseconds; " + name, errno);
    }

    static Feature ipv6(String name) throws SyscallException {
        try (var loopback = new Loopback(StandardProtocolFamily.INET6, "::1")) {
            loopback.send(1, 1, false);
            return loopback.awaitDatagrams()
                    ? Feature.works(name, "a datagram arrived over ::1")
                    : Feature.silent(name, "no datagram arrived over ::1");
        }
    }
}
