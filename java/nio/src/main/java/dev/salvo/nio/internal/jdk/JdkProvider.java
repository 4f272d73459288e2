package dev.salvo.nio.internal.jdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketOption;
import java.nio.channels.spi.SelectorProvider;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Set;

/** The JDK's own provider, which has the channels that are not UDP's. */
public final class JdkProvider {

    /** A public class of a package that java.base exports to nobody. */
    private static final String ON_LINUX = "sun.nio.ch.EPollSelectorProvider";

    private static final SelectorProvider INSTANCE = find();

    /** Found when they are first asked for, since it takes a channel. */
    private static final class DatagramOptions {
        private static final Set<SocketOption<?>> ALL = options();
    }

    private JdkProvider() {}

    /** The provider; its first use throws if this JDK does not give it away. */
    public static SelectorProvider get() {
        return INSTANCE;
    }

    /** The options that its datagram channels have. */
    public static Set<SocketOption<?>> datagramOptions() {
        return DatagramOptions.ALL;
    }

    private static Set<SocketOption<?>> options() {
        try (var channel = INSTANCE.openDatagramChannel()) {
            return channel.supportedOptions();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * With the system property that names Salvo's provider, SelectorProvider.provider() has no other any more. A
     * security provider may name any public class as the implementation of a service, and java.security makes the
     * object: that is the one way to the JDK's provider that needs no flag.
     */
    private static SelectorProvider find() {
        try {
            return (SelectorProvider) new Services().getService(Services.TYPE, Services.NAME).newInstance(null);
        } catch (NoSuchAlgorithmException e) {
            return exported(e);
        }
    }

    private static SelectorProvider exported(Exception reason) {
        try {
            return Class.forName(ON_LINUX).asSubclass(SelectorProvider.class).getConstructor().newInstance();
        } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException
                | InvocationTargetException e) {
            e.addSuppressed(reason);
            throw new UnsupportedOperationException("this JDK does not give away its own channels;"
                    + " start it with --add-exports java.base/sun.nio.ch=dev.salvo.nio,ALL-UNNAMED", e);
        }
    }

    private static final class Services extends Provider {

        private static final String TYPE = "SelectorProvider";
        private static final String NAME = "JDK";
        private static final long serialVersionUID = 1L;

        private Services() {
            super("salvo-nio", "1", "the JDK's own selector provider");
            putService(new Service(this, TYPE, NAME, ON_LINUX, null, null));
        }
    }
}
