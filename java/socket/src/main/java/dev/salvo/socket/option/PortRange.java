package dev.salvo.socket.option;

import java.lang.foreign.MemorySegment;

/**
 * The value of IP_LOCAL_PORT_RANGE. A bound of 0 is that of net.ipv4.ip_local_port_range, and both 0, as it is unless
 * set, that whole range.
 *
 * @param low the lowest port, 0 to 65,535
 * @param high the highest port, 0 to 65,535
 */
public record PortRange(int low, int high) {

    static final SockOpt.Codec<PortRange> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public PortRange read(MemorySegment memory, int length) {
            var both = SockOpt.INT.read(memory, length);
            return new PortRange(both & 0xffff, both >>> 16);
        }

        @Override
        public int write(MemorySegment memory, PortRange value) {
            return SockOpt.INT.write(memory, value.high << 16 | value.low);
        }
    };

    /**
     * A range of ports.
     *
     * @throws IllegalArgumentException if a bound is no port
     */
    public PortRange {
        if (low < 0 || low > 65_535 || high < 0 || high > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535: " + low + " to " + high);
        }
    }
}
