package dev.salvo.kernel;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Salvo runs on each C library that runs the JDK, whatever the library has learnt since. */
@Tag("unit")
class CLibraryTest {

    private static final Downcall DLVSYM = Downcall.of("dlvsym");

    /** The versions up to 2.17, the first glibc for aarch64, and the oldest that JDK builds for Linux are made for. */
    private static final List<String> OLD = Stream.concat(
            Stream.of("2.2.5", "2.2.6", "2.3.2", "2.3.3", "2.3.4"),
            IntStream.rangeClosed(3, 17).mapToObj(minor -> "2." + minor))
            .map(version -> "GLIBC_" + version)
            .toList();

    private static boolean isOld(String function) {
        try (var arena = Arena.ofConfined()) {
            var name = arena.allocateFrom(function);
            return OLD.stream().anyMatch(version -> DLVSYM.call(0, name, arena.allocateFrom(version)) != 0);
        }
    }

    private static List<String> functions() throws IllegalAccessException {
        var functions = new ArrayList<String>();
        for (var field : LinuxKernel.class.getDeclaredFields()) {
            if (field.getType() == Downcall.class) {
                field.setAccessible(true);
                functions.add(String.valueOf(field.get(null)));
            }
        }
        return functions;
    }

    @Test
    void everyFunctionThatIsCalledIsInGlibc217() throws IllegalAccessException {
        var functions = functions();
        assertTrue(functions.contains("sendmmsg"), functions::toString);
        assertEquals(List.of(), functions.stream().filter(function -> !isOld(function)).toList());
    }

    @Test
    void theTestSeesAFunctionThatIsNewer() {
        var newer = Stream.of("epoll_pwait2", "getrandom", "sendmmsg")
                .filter(function -> !isOld(function))
                .collect(toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(List.of("epoll_pwait2", "getrandom")), newer);
    }
}
