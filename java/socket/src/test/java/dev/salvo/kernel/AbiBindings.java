package dev.salvo.kernel;

import dev.salvo.bindings.Linux;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The generated bindings as reflection reads them: structs, their fields and constants, in a fixed order. */
final class AbiBindings {

    private static final String PACKAGE = "dev/salvo/bindings/";
    private static final String OFFSET = "$offset";

    /** A field of a struct, or of a struct or union inside it. {@code path} is the argument of C's offsetof. */
    record StructField(String path, long offset, MemoryLayout layout) {
    }

    private AbiBindings() {}

    /**
     * Every class of the package except Linux and its superclasses. jextract nests unnamed structs in the other
     * classes.
     */
    static List<Class<?>> structs() throws IOException, ReflectiveOperationException {
        var found = new ArrayList<Class<?>>();
        var module = ModuleFinder.of(location()).findAll().iterator().next();
        try (var reader = module.open();
                var names = reader.list()) {
            for (var name : names.filter(n -> n.matches(PACKAGE + "\\w+\\.class")).sorted().toList()) {
                var binaryName = name.substring(0, name.length() - ".class".length()).replace('/', '.');
                found.add(Class.forName(binaryName));
            }
        }
        found.remove(Linux.class);
        return found;
    }

    private static Path location() {
        try {
            return Path.of(Linux.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static MemoryLayout layout(Class<?> owner, String accessor) throws ReflectiveOperationException {
        return (MemoryLayout) invoke(owner.getMethod(accessor));
    }

    static List<StructField> fields(Class<?> struct) throws ReflectiveOperationException {
        var found = new ArrayList<StructField>();
        addFields(struct, "", 0, found);
        found.sort(Comparator.comparingLong(StructField::offset).thenComparing(StructField::path));
        return found;
    }

    private static void addFields(Class<?> owner, String prefix, long base, List<StructField> found)
            throws ReflectiveOperationException {
        for (var method : owner.getDeclaredMethods()) {
            if (method.getName().endsWith(OFFSET)) {
                var name = method.getName().substring(0, method.getName().length() - OFFSET.length());
                var offset = base + number(method).longValue();
                found.add(new StructField(prefix + name, offset, layout(owner, name + "$layout")));
            }
        }
        for (var inner : owner.getDeclaredClasses()) {
            var name = inner.getSimpleName();
            var offset = base + number(owner.getMethod(name + OFFSET)).longValue();
            addFields(inner, prefix + name + ".", offset, found);
        }
    }

    /** All public methods of class Linux that take no argument, so that no constant is left out. */
    static List<Method> constants() {
        return Arrays.stream(Linux.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    static Number number(Method accessor) throws ReflectiveOperationException {
        return (Number) invoke(accessor);
    }

    private static Object invoke(Method accessor) throws ReflectiveOperationException {
        return Objects.requireNonNull(accessor.invoke(null));
    }
}
