package dev.salvo.agent;

import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.net.DatagramSocket;
import java.net.DatagramSocketImplFactory;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the datagram channels and sockets of an unmodified program on Salvo:
 * {@code java -javaagent:salvo-agent.jar program}. Where that can't be, the program runs on the JDK's own, and a line
 * on stderr says why.
 */
public final class Agent {

    private static final String PROVIDER_PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final String SEND_PROPERTY = "dev.salvo.nio.send";

    private Agent() {}

    /**
     * Called by the JVM before the program's main method.
     *
     * @param arguments null, or words separated by commas: {@code turn}, {@code sync} or {@code held} for the sends,
     *     {@code quiet} for no line, and {@code stats} for another one at the exit
     * @param instrumentation opens the two packages that the agent has to look into
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            var options = Options.of(arguments);
            install(options, instrumentation);
            if (!options.quiet()) {
                say("datagram channels and sockets are Salvo's; sends: " + options.sends());
            }
        } catch (Throwable t) {
            say("not used: " + reason(t));
        }
    }

    /** The first words that a person can use. */
    private static String reason(Throwable t) {
        var cause = t;
        while ((cause instanceof InvocationTargetException || cause instanceof ExceptionInInitializerError)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static void say(String sentence) {
        System.err.println("salvo-agent: " + sentence.replaceAll("\\R", " "));
    }

    private static void install(Options options, Instrumentation instrumentation) throws Exception {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnsupportedOperationException(
                    "this is " + System.getProperty("os.name") + ", and Salvo is for Linux");
        }
        var known = System.getProperty(PROVIDER_PROPERTY);
        if (known != null) {
            throw new UnsupportedOperationException("the program has a selector provider of its own: " + known);
        }
        var layer = NestedModules.layer();
        grant(layer, instrumentation);
        if (!options.sends().equals("held")) {
            System.setProperty(SEND_PROPERTY, options.sends());
        }
        var type = layer.findLoader("dev.salvo.nio").loadClass("dev.salvo.nio.SalvoProvider");
        var provider = (SelectorProvider) type.getMethod("provider").invoke(null);
        AgentProvider.use(provider);
        var factory = (DatagramSocketImplFactory) type.getMethod("socketFactory").invoke(provider);
        setFactory(factory);
        if (options.stats()) {
            Consumer<String> report = Agent::say;
            type.getMethod("reportAtExit", Consumer.class).invoke(null, report);
        }
        System.setProperty(PROVIDER_PROPERTY, AgentProvider.class.getName());
        if (SelectorProvider.provider() instanceof AgentProvider) {
            return;
        }
        throw new IllegalStateException("something has used java.nio before the agent; sockets alone are Salvo's");
    }

    @SuppressWarnings("deprecation") // and not for removal: there is no other door to DatagramSocket
    private static void setFactory(DatagramSocketImplFactory factory) throws java.io.IOException {
        DatagramSocket.setDatagramSocketImplFactory(factory);
    }

    /**
     * Opens java.net, for the two lengths of a DatagramPacket, and grants native access to Salvo's modules: the
     * manifest's Enable-Native-Access is for the jar of java -jar alone. A program that was started with
     * --illegal-native-access=deny is respected.
     */
    private static void grant(ModuleLayer layer, Instrumentation instrumentation) {
        var base = Object.class.getModule();
        var agent = Set.of(Agent.class.getModule());
        instrumentation.redefineModule(base, Set.of(), Map.of("jdk.internal.module", agent),
                Map.of("java.net", Set.of(layer.findModule("dev.salvo.nio").orElseThrow()), "java.lang", agent),
                Set.of(), Map.of());
        var salvo = layer.findModule("dev.salvo.socket").orElseThrow();
        if (salvo.isNativeAccessEnabled()) {
            return;
        }
        if (isDenied()) {
            throw new UnsupportedOperationException("--illegal-native-access=deny forbids it to call the kernel");
        }
        try {
            var grant = Module.class.getDeclaredMethod("implAddEnableNativeAccess");
            grant.setAccessible(true);
            for (var module : layer.modules()) {
                grant.invoke(module);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // This JDK has no such method: it prints a warning, and goes on.
        }
    }

    /** Whether the JVM was started so. The class of the JDK that knows it is quicker than the management beans. */
    private static boolean isDenied() {
        try {
            return Class.forName("jdk.internal.module.ModuleBootstrap").getMethod("illegalNativeAccess").invoke(null)
                    .toString().equals("DENY");
        } catch (ReflectiveOperationException | RuntimeException e) {
            return ManagementFactory.getRuntimeMXBean().getInputArguments().contains("--illegal-native-access=deny");
        }
    }
}
