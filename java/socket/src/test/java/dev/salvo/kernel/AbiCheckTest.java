package dev.salvo.kernel;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** native/abi_check.c equals what the current bindings generate. CTest compiles the file, which checks it against C. */
@Tag("unit")
class AbiCheckTest {

    private static final String REGENERATE = "mvn -pl java/socket -am test -Dtest=AbiCheckTest -Dabi.write=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    /** Surefire runs tests in the module's folder, an IDE in that of the project. */
    private static final Path NATIVE = Path.of(System.getProperty("basedir", "java/socket"), "../../native")
            .normalize();

    @Test
    void theCommittedCheckMatchesTheBindings() throws IOException, ReflectiveOperationException {
        var file = NATIVE.resolve("abi_check.c");
        if (Boolean.getBoolean("abi.write")) {
            AbiCheckSource.main(new String[]{file.toString()});
        }
        var committed = Files.exists(file) ? Files.readString(file) : "";
        var generated = AbiCheckSource.generate().text();
        assertTrue(generated.equals(committed), () -> "native/abi_check.c is stale; run: " + REGENERATE);
    }

    @Test
    void nothingIsMissing() throws IOException, ReflectiveOperationException {
        var generated = AbiCheckSource.generate();
        assertEquals(34, generated.structs(), "structs");
        assertEquals(124, generated.fields(), "fields");
        assertEquals(773, generated.constants(), "constants");
    }

    /** jextract silently ignores a name of its include list that the headers do not define. */
    @Test
    void everyNameOfTheIncludeListWasFound() throws IOException, ReflectiveOperationException {
        var missing = asked("--include-struct ");
        missing.removeAll(AbiBindings.structs().stream().map(Class::getSimpleName).toList());
        assertEquals(Set.of(), missing, "structs");
        missing = asked("--include-constant ");
        missing.removeAll(AbiBindings.constants().stream().map(Method::getName).toList());
        assertEquals(Set.of(), missing, "constants");
    }

    private static Set<String> asked(String option) throws IOException {
        try (var lines = Files.lines(NATIVE.resolve("linux_udp.includes"))) {
            return lines.filter(line -> line.startsWith(option))
                    .map(line -> line.substring(option.length()).strip())
                    .collect(toCollection(TreeSet::new));
        }
    }
}
