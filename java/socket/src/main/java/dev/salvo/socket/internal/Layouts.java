package dev.salvo.socket.internal;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.cmsghdr;
import dev.salvo.bindings.iovec;
import dev.salvo.bindings.mmsghdr;
import dev.salvo.bindings.msghdr;

/** Offsets and sizes for the hot path, where the generated accessors would slice. Constants to the compiler. */
public final class Layouts {

    public static final long MMSGHDR = mmsghdr.sizeof();
    public static final long MSG_NAME = msghdr.msg_name$offset();
    public static final long MSG_NAMELEN = msghdr.msg_namelen$offset();
    public static final long MSG_IOV = msghdr.msg_iov$offset();
    public static final long MSG_IOVLEN = msghdr.msg_iovlen$offset();
    public static final long MSG_CONTROL = msghdr.msg_control$offset();
    public static final long MSG_CONTROLLEN = msghdr.msg_controllen$offset();
    public static final long MSG_FLAGS = msghdr.msg_flags$offset();
    public static final long MSG_LEN = mmsghdr.msg_len$offset();

    public static final long IOVEC = iovec.sizeof();
    public static final long IOV_BASE = iovec.iov_base$offset();
    public static final long IOV_LEN = iovec.iov_len$offset();

    public static final long CMSG_HEADER = cmsghdr.sizeof();
    public static final long CMSG_LEN = cmsghdr.cmsg_len$offset();
    public static final long CMSG_LEVEL = cmsghdr.cmsg_level$offset();
    public static final long CMSG_TYPE = cmsghdr.cmsg_type$offset();

    public static final int SOL_UDP = Linux.SOL_UDP();
    public static final int UDP_GRO = Linux.UDP_GRO();
    public static final int UDP_SEGMENT = Linux.UDP_SEGMENT();

    private Layouts() {}

    /** CMSG_ALIGN of sys/socket.h: to the size of a long. */
    public static long cmsgAlign(long length) {
        return (length + 7) & -8;
    }

    /** CMSG_SPACE: what a control message with so much data takes, padding included. */
    public static long cmsgSpace(long dataLength) {
        return CMSG_HEADER + cmsgAlign(dataLength);
    }
}
