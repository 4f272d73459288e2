package dev.salvo.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.cmsghdr;
import dev.salvo.bindings.iovec;
import dev.salvo.bindings.ip6_mtuinfo;
import dev.salvo.bindings.ip_mreqn;
import dev.salvo.bindings.mmsghdr;
import dev.salvo.bindings.msghdr;
import dev.salvo.bindings.scm_timestamping;
import dev.salvo.bindings.sock_txtime;
import dev.salvo.bindings.sockaddr_in;
import dev.salvo.bindings.sockaddr_in6;
import dev.salvo.bindings.timespec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The numbers in {@link Layouts} equal those of the bindings, which the C compiler has checked. */
@Tag("unit")
class LayoutsTest {

    private static final Map<String, Long> BINDINGS = Map.ofEntries(
            Map.entry("MMSGHDR", mmsghdr.sizeof()),
            Map.entry("MSG_NAME", mmsghdr.msg_hdr$offset() + msghdr.msg_name$offset()),
            Map.entry("MSG_NAMELEN", mmsghdr.msg_hdr$offset() + msghdr.msg_namelen$offset()),
            Map.entry("MSG_IOV", mmsghdr.msg_hdr$offset() + msghdr.msg_iov$offset()),
            Map.entry("MSG_IOVLEN", mmsghdr.msg_hdr$offset() + msghdr.msg_iovlen$offset()),
            Map.entry("MSG_CONTROL", mmsghdr.msg_hdr$offset() + msghdr.msg_control$offset()),
            Map.entry("MSG_CONTROLLEN", mmsghdr.msg_hdr$offset() + msghdr.msg_controllen$offset()),
            Map.entry("MSG_FLAGS", mmsghdr.msg_hdr$offset() + msghdr.msg_flags$offset()),
            Map.entry("MSG_LEN", mmsghdr.msg_len$offset()),
            Map.entry("IOVEC", iovec.sizeof()),
            Map.entry("IOV_BASE", iovec.iov_base$offset()),
            Map.entry("IOV_LEN", iovec.iov_len$offset()),
            Map.entry("CMSG_HEADER", cmsghdr.sizeof()),
            Map.entry("CMSG_LEN", cmsghdr.cmsg_len$offset()),
            Map.entry("CMSG_LEVEL", cmsghdr.cmsg_level$offset()),
            Map.entry("CMSG_TYPE", cmsghdr.cmsg_type$offset()),
            Map.entry("SOCKADDR_IN", sockaddr_in.sizeof()),
            Map.entry("SIN_ADDR", sockaddr_in.sin_addr$offset()),
            Map.entry("SOCKADDR_IN6", sockaddr_in6.sizeof()),
            Map.entry("SIN6_ADDR", sockaddr_in6.sin6_addr$offset()),
            Map.entry("SIN6_SCOPE_ID", sockaddr_in6.sin6_scope_id$offset()),
            Map.entry("AF_INET", (long) Linux.AF_INET()),
            Map.entry("AF_INET6", (long) Linux.AF_INET6()),
            Map.entry("SOL_UDP", (long) Linux.SOL_UDP()),
            Map.entry("UDP_GRO", (long) Linux.UDP_GRO()),
            Map.entry("UDP_SEGMENT", (long) Linux.UDP_SEGMENT()),
            Map.entry("IP_MREQN", ip_mreqn.sizeof()),
            Map.entry("IP6_MTUINFO", ip6_mtuinfo.sizeof()),
            Map.entry("SOCK_TXTIME", sock_txtime.sizeof()),
            Map.entry("TIMESPEC", timespec.sizeof()),
            Map.entry("TV_SEC", timespec.tv_sec$offset()),
            Map.entry("TV_NSEC", timespec.tv_nsec$offset()));

    @Test
    void theNumbersEqualThoseOfTheBindings() throws ReflectiveOperationException {
        var numbers = new HashMap<String, Long>();
        for (var field : Arrays.asList(Layouts.class.getFields())) {
            numbers.put(field.getName(), field.getLong(null));
        }

        assertEquals(BINDINGS, numbers);
        assertEquals(sockaddr_in.sin_port$offset(), sockaddr_in6.sin6_port$offset());
    }

    /** MetadataReader and ErrorEntry rely on this. */
    @Test
    void scmTimestampingIsExactlyThreeTimes() {
        assertEquals(0, scm_timestamping.ts$offset());
        assertEquals(3 * Layouts.TIMESPEC, scm_timestamping.sizeof());
    }
}
