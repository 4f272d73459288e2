package dev.salvo.nio;

import dev.salvo.nio.internal.channel.ChannelSocketImpl;
import dev.salvo.nio.internal.channel.UdpChannel;
import dev.salvo.nio.internal.endpoint.Endpoint;
import dev.salvo.nio.internal.endpoint.Families;
import dev.salvo.nio.internal.endpoint.SendRule;
import dev.salvo.nio.internal.endpoint.Totals;
import dev.salvo.nio.internal.jdk.JdkProvider;
import dev.salvo.nio.internal.selector.HybridSelector;
import dev.salvo.socket.SocketStatistics;
import java.io.IOException;
import java.net.DatagramSocketImplFactory;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Datagram channels of java.nio on Salvo's sockets. All other channels are the JDK's, and a selector of this provider
 * takes both.
 *
 * <p>
 * A channel reads ahead: one system call receives what has come for it, and {@code receive} takes one datagram after
 * the other. What it sends meanwhile is joined, and sent by one system call, as the rule of the provider says:
 *
 * <ul>
 * <li>{@code held}, the default: a send waits while the thread holds further datagrams that it has read ahead and takes
 * them quickly, within 10 microseconds each. Taking the last one flushes.
 * <li>{@code turn}: a send waits until the program selects again, or finds nothing to receive.
 * <li>{@code sync}: each send is a system call.
 * </ul>
 *
 * <p>
 * Whatever the rule, no send waits for more than a millisecond: a thread of Salvo flushes then, and another one when
 * the JVM exits. Closing, connecting, and setting an option flush first. A datagram that is too long is refused at
 * once. A send that fails after it has returned is logged, and the next one to the same destination is sent at once, so
 * that it throws its own error.
 *
 * <p>
 * The system property {@code dev.salvo.nio.send} has the rule of {@link #provider} and of the public constructor.
 */
public final class SalvoProvider extends SelectorProvider {

    /** The name of the property that has the rule: {@code held}, {@code turn} or {@code sync}. */
    public static final String SEND_PROPERTY = "dev.salvo.nio.send";

    private static @Nullable SalvoProvider instance;

    private final SendRule rule;

    /**
     * For {@code -Djava.nio.channels.spi.SelectorProvider=dev.salvo.nio.SalvoProvider}, by which the JDK makes the one
     * provider of the JVM.
     *
     * @throws IllegalArgumentException if the property {@value #SEND_PROPERTY} names no rule
     */
    public SalvoProvider() {
        this(SendRule.of(System.getProperty(SEND_PROPERTY, "")));
    }

    private SalvoProvider(SendRule rule) {
        this.rule = rule;
    }

    /**
     * The provider with the rule of the system property, for programs that take a provider as an argument.
     *
     * @return always the same one
     * @throws IllegalArgumentException if the property {@value #SEND_PROPERTY} names no rule
     */
    public static SalvoProvider provider() {
        synchronized (SalvoProvider.class) {
            var known = instance;
            if (known == null) {
                known = new SalvoProvider();
                instance = known;
            }
            return known;
        }
    }

    /**
     * A provider with another rule.
     *
     * @param rule {@code held}, {@code turn} or {@code sync}
     * @return a new provider, whose channels and selectors work with those of the others
     * @throws IllegalArgumentException if there is no such rule
     */
    public static SalvoProvider withSends(String rule) {
        return new SalvoProvider(SendRule.of(rule));
    }

    /**
     * A channel on a descriptor, for instance one from systemd or from a parent process. The channel owns the
     * descriptor and closes it. It is blocking at first; the flags of the descriptor, which other processes may share,
     * stay as they are. It reads no more than it is asked for: what it had read ahead would be lost for the other
     * holders.
     *
     * @param descriptor an open descriptor of a UDP socket
     * @return a channel that is bound, and connected, if the socket is
     * @throws IOException as {@code UdpSocket.adopt}; the caller then keeps the descriptor
     */
    public DatagramChannel adopt(int descriptor) throws IOException {
        return new UdpChannel(this, Endpoint.adopt(descriptor, rule));
    }

    /**
     * A factory that puts every later DatagramSocket and MulticastSocket of the JVM on this provider's channels, for
     * {@link java.net.DatagramSocket#setDatagramSocketImplFactory}.
     *
     * @return a factory
     */
    public DatagramSocketImplFactory socketFactory() {
        return () -> new ChannelSocketImpl(this::open);
    }

    /**
     * What a channel of Salvo has done.
     *
     * @param channel a channel of this class, open or closed
     * @return a snapshot
     * @throws IllegalArgumentException if the channel is not Salvo's
     */
    public static SocketStatistics statistics(DatagramChannel channel) {
        if (channel instanceof UdpChannel udp) {
            return udp.statistics();
        }
        throw new IllegalArgumentException("no channel of Salvo: " + channel);
    }

    /**
     * Calls {@code report} when the JVM exits, with one line on all channels and sockets that were opened since this
     * was called.
     *
     * @param report called by a thread of its own, once all that was sent has left
     * @throws IllegalStateException if the JVM is about to exit
     */
    public static void reportAtExit(Consumer<String> report) {
        Totals.reportAtExit(Objects.requireNonNull(report));
    }

    private UdpChannel open() throws IOException {
        return open(Families.ofUnspecified());
    }

    private UdpChannel open(StandardProtocolFamily family) throws IOException {
        return new UdpChannel(this, Endpoint.open(family, rule));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return open();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        if (Objects.requireNonNull(family) != StandardProtocolFamily.INET && family != StandardProtocolFamily.INET6) {
            throw new UnsupportedOperationException("no datagram channels of the family " + family);
        }
        if (family == StandardProtocolFamily.INET6 && !Families.hasIpv6()) {
            throw new UnsupportedOperationException("IPv6 is not available");
        }
        return open((StandardProtocolFamily) family);
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return HybridSelector.open(this);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return JdkProvider.get().openPipe();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return JdkProvider.get().openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return JdkProvider.get().openSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return JdkProvider.get().openServerSocketChannel(family);
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return JdkProvider.get().openSocketChannel(family);
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return JdkProvider.get().inheritedChannel();
    }
}
