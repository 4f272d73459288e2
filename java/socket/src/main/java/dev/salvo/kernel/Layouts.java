package dev.salvo.kernel;

/**
 * Offsets and sizes of the structs that every receive, send and poll uses, as plain numbers. The accessors of the
 * bindings would make slices. Also, a binding class whose struct has an array makes VarHandles when it is initialised,
 * which adds 10 to 90 ms to the start. And initialising the bindings needs native access, which a test of a protocol
 * may lack. The bindings, which are checked against the C headers, have the same values.
 */
public final class Layouts {

    public static final long MMSGHDR = 64;
    public static final long MSG_NAME = 0;
    public static final long MSG_NAMELEN = 8;
    public static final long MSG_IOV = 16;
    public static final long MSG_IOVLEN = 24;
    public static final long MSG_CONTROL = 32;
    public static final long MSG_CONTROLLEN = 40;
    public static final long MSG_FLAGS = 48;
    public static final long MSG_LEN = 56;

    public static final long IOVEC = 16;
    public static final long IOV_BASE = 0;
    public static final long IOV_LEN = 8;

    public static final long CMSG_HEADER = 16;
    public static final long CMSG_LEN = 0;
    public static final long CMSG_LEVEL = 8;
    public static final long CMSG_TYPE = 12;

    public static final int SOCKADDR_IN = 16;
    public static final int SIN_ADDR = 4;

    /** sin6_port has the offset of sin_port. */
    public static final int SOCKADDR_IN6 = 28;
    public static final int SIN6_ADDR = 8;
    public static final int SIN6_SCOPE_ID = 24;

    public static final int IP_MREQN = 12;
    public static final int IP6_MTUINFO = 32;
    public static final int SOCK_TXTIME = 8;

    public static final int TIMESPEC = 16;
    public static final int TV_SEC = 0;
    public static final int TV_NSEC = 8;

    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    public static final int SOL_UDP = 17;
    public static final int UDP_GRO = 104;
    public static final int UDP_SEGMENT = 103;

    private Layouts() {}

    /** CMSG_ALIGN of sys/socket.h: rounds up to a multiple of the size of a long. */
    public static long cmsgAlign(long length) {
        return (length + 7) & -8;
    }

    /** CMSG_SPACE: the bytes that a control message with {@code dataLength} bytes of data takes, padding included. */
    public static long cmsgSpace(long dataLength) {
        return CMSG_HEADER + cmsgAlign(dataLength);
    }
}
