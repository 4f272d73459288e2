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
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Salvo's modules, from folders of the agent's jar, in a layer of their own: the class path does not have their
 * classes, so they don't clash with a Salvo that the program has, and native access can be granted to them alone.
 */
final class NestedModules implements ModuleFinder {

    /** From the top down. */
    static final List<String> NAMES = List.of("dev.salvo.nio", "dev.salvo.socket", "dev.salvo.bindings");

    private final JarFile jar;
    private final Map<String, ModuleReference> modules = new LinkedHashMap<>();

    private NestedModules() throws IOException {
        var location = Agent.class.getProtectionDomain().getCodeSource().getLocation();
        // Open as long as the JVM runs.
        jar = new JarFile(Path.of(URI.create(location.toString())).toFile());
        var packages = packages();
        for (var name : NAMES) {
            try (var in = jar.getInputStream(jar.getEntry(path(name, "module-info.class")))) {
                modules.put(name, new Nested(ModuleDescriptor.read(in, () -> packages.get(name)), jar));
            }
        }
    }

    /** The packages of each module. A module-info names those that it exports, and no others. */
    private Map<String, Set<String>> packages() {
        var packages = new HashMap<String, Set<String>>();
        for (var entries = jar.entries(); entries.hasMoreElements();) {
            var entry = entries.nextElement().getName();
            for (var name : NAMES) {
                var folder = path(name, "");
                var end = entry.lastIndexOf('/');
                if (entry.startsWith(folder) && entry.endsWith(".class") && end >= folder.length()) {
                    packages.computeIfAbsent(name, module -> new HashSet<>())
                            .add(entry.substring(folder.length(), end).replace('/', '.'));
                }
            }
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

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(modules.values());
    }

    private static final class Nested extends ModuleReference {

        private final JarFile jar;

        private Nested(ModuleDescriptor descriptor, JarFile jar) {
            super(descriptor, null);
            this.jar = jar;
        }

        @Override
        public ModuleReader open() {
            return new Reader(jar, descriptor().name());
        }
    }

    private record Reader(JarFile jar, String module) implements ModuleReader {

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
        public Optional<InputStream> open(String name) throws IOException {
            var entry = jar.getEntry(path(module, name));
            return entry == null ? Optional.empty() : Optional.of(jar.getInputStream(entry));
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
