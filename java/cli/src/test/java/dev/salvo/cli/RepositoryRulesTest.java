package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules of CONTRIBUTING.md that no compiler checks, applied to all hand-written Java. */
@Tag("unit")
class RepositoryRulesTest {

    @Test
    void noDowncallIsCritical() throws IOException {
        assertEquals(List.of(), offenders(text -> text.contains("Option.critical" + "(")));
    }

    @Test
    void everyTestNamedInTheDocsExists() throws IOException {
        var there = sources().map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        var named = new TreeSet<String>();
        try (var docs = Files.list(root().resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md"))
                    .forEach(file -> Pattern.compile("`(\\w+[a-z](?:Test|IT))\\b")
                            .matcher(read(file))
                            .results()
                            .forEach(match -> named.add(match.group(1))));
        }
        assertTrue(named.size() > 100, () -> "few tests are named: " + named);
        named.removeAll(there);
        assertEquals(Set.of(), named);
    }

    private static List<Path> offenders(Predicate<String> rule) throws IOException {
        return sources().filter(file -> rule.test(read(file))).toList();
    }

    private static Stream<Path> sources() throws IOException {
        var root = root();
        try (var files = Files.walk(root)) {
            var found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.startsWith(root.resolve("bindings")))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
            assertTrue(found.size() > 50, "few sources found: " + found);
            return found.stream();
        }
    }

    private static Path root() {
        var root = Path.of("").toAbsolutePath().resolve("../..").normalize();
        assertTrue(Files.exists(root.resolve("CMakeLists.txt")), () -> "not the root of the project: " + root);
        return root;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
