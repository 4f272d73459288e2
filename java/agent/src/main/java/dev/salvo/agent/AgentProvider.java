package dev.salvo.agent;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The provider that the JDK makes by its name: it stands for Salvo's, whose class the class path does not have. */
public final class AgentProvider extends SelectorProvider {

    private static volatile @Nullable SelectorProvider salvo;

    /** Called by the JDK. */
    public AgentProvider() {}

    static void use(SelectorProvider provider) {
        salvo = provider;
    }

    private static SelectorProvider salvo() {
        return Objects.requireNonNull(salvo, "the agent has not begun");
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return salvo().openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return salvo().openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return salvo().openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return salvo().openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return salvo().openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return salvo().openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return salvo().openSocketChannel(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return salvo().openServerSocketChannel(family);
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return salvo().inheritedChannel();
    }
}
