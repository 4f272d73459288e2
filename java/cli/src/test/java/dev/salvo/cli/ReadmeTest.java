package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The README is correct: its listings are compiled, and its list of names is complete. */
@Tag("unit")
class ReadmeTest {

    private final Path root = Running.root();
    private final String readme;

    ReadmeTest() throws Exception {
        readme = Files.readString(root.resolve("README.md"));
    }

    @Test
    void itBeginsWithTheTwoCommands() {
        var commands = readme.lines().limit(20).filter(line -> line.startsWith("    ")).toList();
        assertEquals(List.of("./salvo echo", "mvn verify"),
                commands.stream().map(line -> line.strip().replaceAll(" +#.*", "")).toList());
    }

    @Test
    void itsListingsAreTheCompiledOnes() throws Exception {
        var listings = new ArrayList<String>();
        var listing = Pattern.compile("```java\n(.*?)```\n", Pattern.DOTALL).matcher(readme);
        while (listing.find()) {
            listings.add(listing.group(1));
        }
        var sources = root.resolve("java/cli/src/test/java/dev/salvo/cli/readme");
        var compiled = new ArrayList<String>();
        for (var name : List.of("ReactorEcho", "ConnectedClient", "GroupListener", "AdoptedEcho", "SocketEcho")) {
            compiled.add(text(sources.resolve(name + ".java")));
        }
        compiled.add(text(root.resolve("java/examples/src/main/java/dev/salvo/examples/MultihomedEcho.java")));
        assertEquals(compiled, listings);
    }

    private static String text(Path source) throws Exception {
        return Files.readString(source).replaceFirst("^package .*;\n\n", "");
    }

    @Test
    void itListsEveryPublicName() throws Exception {
        var missing = new ArrayList<String>();
        for (var module : List.of("socket", "protocol")) {
            var sources = root.resolve("java/" + module + "/src/main/java");
            for (var exported : exports(root.resolve("java/" + module + "/target/classes"))) {
                try (Stream<Path> files = Files.list(sources.resolve(exported.replace('.', '/')))) {
                    for (var file : files.toList()) {
                        var name = file.getFileName().toString().replace(".java", "");
                        var isPublic = Files.isRegularFile(file)
                                && Files.readString(file).matches("(?s).*\npublic [a-z ]*\\b" + name + "\\b.*");
                        if (isPublic && !readme.contains("`" + name + "`")) {
                            missing.add(exported + "." + name);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), missing, "public and not named in the README");
    }

    private static List<String> exports(Path classes) {
        var found = ModuleFinder.of(classes).findAll();
        assertTrue(found.size() == 1, classes::toString);
        return found.iterator().next().descriptor().exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList();
    }
}
