package dev.salvo.cli.probe;

import dev.salvo.socket.Features;
import dev.salvo.socket.SyscallException;
import java.net.StandardProtocolFamily;

/** What is there or not, for all sockets alike. */
final class SystemProbes {

    private SystemProbes() {}

    static Feature epollPwait2(String name) throws SyscallException {
        var errno = Features.epollPwait2();
        return errno == 0
                ? Feature.works(name, "timers have nanoseconds")
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
