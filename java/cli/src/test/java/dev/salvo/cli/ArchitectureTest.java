package dev.salvo.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The packages of socket, protocol, nio and the command. The map in docs/design.md has a line for each, from the top of
 * the house to the ground: its name, and the packages that it uses.
 */
@Tag("unit")
class ArchitectureTest {

    private static final String PREFIX = "dev.salvo.";
    private static final int MAX_FILES = 20;

    private static final Path ROOT = Running.root();
    private static final List<Path> MODULES = List.of(
            ROOT.resolve("java/socket/target/classes"), ROOT.resolve("java/protocol/target/classes"),
            ROOT.resolve("java/nio/target/classes"), ROOT.resolve("java/cli/target/classes"));
    private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(MODULES);

    @Test
    void noPackagesAreInACircle() {
        slices().matching(PREFIX + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theMapIsTheCode() throws IOException {
        var uses = new TreeMap<String, Set<String>>();
        for (var type : CLASSES) {
            var used = uses.computeIfAbsent(name(type), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> CLASSES.contain(target.getName()))
                    .map(ArchitectureTest::name)
                    .filter(name -> !name.equals(name(type)))
                    .forEach(used::add);
        }
        assertEquals(lines(uses), lines(new TreeMap<>(map())));
    }

    private static String lines(Map<String, Set<String>> uses) {
        return uses.entrySet().stream()
                .map(entry -> (entry.getKey() + ": " + String.join(" ", entry.getValue())).strip())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void everyArrowOfTheMapRunsDown() throws IOException {
        var above = new HashSet<String>();
        map().forEach((name, uses) -> {
            above.add(name);
            uses.forEach(used -> assertFalse(above.contains(used), () -> name + " is below " + used));
        });
    }

    @Test
    void exportedPackagesHoldPublicTypesAlone() {
        for (var exported : exported()) {
            classes().that().resideInAPackage(exported).and().areTopLevelClasses().and()
                    .doNotHaveSimpleName("package-info").should().bePublic().check(CLASSES);
        }
    }

    @Test
    void noPackageHasMoreThanTwentyFiles() {
        var files = CLASSES.stream().filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        // package-info and module-info are no file to read.
        files.forEach((name, count) -> assertTrue(count - 1 <= MAX_FILES, () -> name + " has " + count));
    }

    @Test
    void downcallsAreMadeInTheKernelPackageAlone() {
        noClasses().that().resideOutsideOfPackage(PREFIX + "kernel").should().dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.invoke.MethodHandle").check(CLASSES);
    }

    private static String name(JavaClass type) {
        return type.getPackageName().replaceFirst("^" + PREFIX.replace(".", "\\."), "");
    }

    private static Set<String> exported() {
        return ModuleFinder.of(MODULES.toArray(Path[]::new)).findAll().stream()
                .flatMap(module -> module.descriptor().exports().stream())
                .map(exports -> exports.source())
                .collect(Collectors.toSet());
    }

    /** The lines between the fences below the heading "The map" that have a colon. */
    private static Map<String, Set<String>> map() throws IOException {
        var text = Files.readString(ROOT.resolve("docs/design.md"));
        var fenced = text.substring(text.indexOf("\n## The map")).split("```", 3)[1];
        var uses = new LinkedHashMap<String, Set<String>>();
        for (var line : fenced.lines().filter(each -> each.contains(":")).toList()) {
            var parts = line.split(":", 2);
            var used = parts[1].isBlank() ? Set.<String>of() : Set.of(parts[1].strip().split(" +"));
            uses.put(parts[0].strip(), new TreeSet<>(used));
        }
        return uses;
    }
}
