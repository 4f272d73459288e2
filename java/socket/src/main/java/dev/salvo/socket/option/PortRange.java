package dev.salvo.socket.option;

/**
 * The value of IP_LOCAL_PORT_RANGE. A bound of 0 stands for that bound of net.ipv4.ip_local_port_range. By default both
 * are 0, for that whole range.
 *
 * @param low the lowest port, 0 to 65,535
 * @param high the highest port, 0 to 65,535
 */
public record PortRange(int low, int high) {

    static final SockOpt.Codec<PortRange> CODEC = SockOpt.codec(
            both -> new PortRange(both & 0xffff, both >>> 16), range -> range.high << 16 | range.low);

    /**
     * Creates a range of ports.
     *
     * @throws IllegalArgumentException if a bound is not a port number
     */
    public PortRange {
        if (low < 0 || low > 65_535 || high < 0 || high > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535: " + low + " to " + high);
        }
    }
}
