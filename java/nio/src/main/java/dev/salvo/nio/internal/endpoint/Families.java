package dev.salvo.nio.internal.endpoint;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;

/** The address families that this host has, as java.net sees them. */
public final class Families {

    /** Found once, as in the JDK. */
    private static final boolean IPV6 = !Boolean.getBoolean("java.net.preferIPv4Stack") && canOpen();

    private Families() {}

    private static boolean canOpen() {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET6)) {
            return socket.descriptor() >= 0;
        } catch (SyscallException e) {
            return false;
        }
    }

    public static boolean hasIpv6() {
        return IPV6;
    }

    /** The family of a channel that is opened without one. */
    public static StandardProtocolFamily ofUnspecified() {
        return IPV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }
}
