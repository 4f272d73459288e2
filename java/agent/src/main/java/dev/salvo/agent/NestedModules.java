package dev.salvo.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Salvo's modules, from folders of the agent's jar, in a layer of their own: the class path does not have their
 * classes, so they don't clash with a Salvo that the program has, and native access can be granted to them alone.
 */
final class NestedModules implements ModuleFinder {

    /** From the top down. */
    static final List<String> NAMES = List.of("dev.salvo.nio", "dev.salvo.socket", "dev.salvo.bindings");

    private final Map<String, ModuleReference> modules = new LinkedHashMap<>();

    private NestedModules() throws IOException {
        var packages = packages();
        for (var name : NAMES) {
            try (var in = resource(name, "module-info.class")) {
                if (in == null) {
                    throw new IOException("the agent's jar has no module " + name);
                }
                modules.put(name, new Nested(ModuleDescriptor.read(in, () -> packages.get(name))));
            }
        }
    }

    /** The packages of each module. A module-info names those that it exports, and no others. */
    private static Map<String, Set<String>> packages() throws IOException {
        var packages = new HashMap<String, Set<String>>();
        var jar = Agent.class.getProtectionDomain().getCodeSource().getLocation();
        try (var file = new JarFile(Path.of(URI.create(jar.toString())).toFile())) {
            file.stream().map(JarEntry::getName).forEach(entry -> {
                var parts = entry.split("/", 3);
                if (parts.length == 3 && parts[0].equals("salvo") && parts[2].endsWith(".class")
                        && parts[2].contains("/")) {
                    packages.computeIfAbsent(parts[1], module -> new HashSet<>())
                            .add(parts[2].substring(0, parts[2].lastIndexOf('/')).replace('/', '.'));
                }
            });
        }
        return packages;
    }

    /** Makes the layer. Its classes see the JDK's modules, and nothing of the class path. */
    static ModuleLayer layer() throws IOException {
        var parent = ModuleLayer.boot();
        var configuration = parent.configuration().resolve(new NestedModules(), ModuleFinder.of(), NAMES);
        return parent.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
    }

    private static String path(String module, String name) {
        return "salvo/" + module + "/" + name;
    }

    private static @Nullable InputStream resource(String module, String name) {
        return Agent.class.getClassLoader().getResourceAsStream(path(module, name));
    }

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(modules.values());
    }

    private static final class Nested extends ModuleReference {

        private Nested(ModuleDescriptor descriptor) {
            super(descriptor, null);
        }

        @Override
        public ModuleReader open() {
            return new Reader(descriptor().name());
        }
    }

    private record Reader(String module) implements ModuleReader {

        @Override
        public Optional<URI> find(String name) {
            URL url = Agent.class.getClassLoader().getResource(path(module, name));
            try {
                return url == null ? Optional.empty() : Optional.of(url.toURI());
            } catch (URISyntaxException e) {
                throw new UncheckedIOException(new IOException(url.toString(), e));
            }
        }

        @Override
        public Optional<InputStream> open(String name) {
            return Optional.ofNullable(resource(module, name));
        }

        /** Nobody asks: there are no services here. */
        @Override
        public Stream<String> list() {
            return Stream.empty();
        }

        @Override
        public void close() {
            // The jar is open as long as the JVM runs.
        }
    }
}
