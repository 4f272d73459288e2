package dev.salvo.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In a JVM without native access, the first use and every further use name the flag that is missing. */
@Tag("fault")
class MissingNativeAccessTest {

    private static final String ADVICE = "Salvo calls the kernel through the Foreign Function & Memory API,"
            + " which this JVM does not allow. Start java with --enable-native-access=ALL-UNNAMED";

    @Test
    void everyUseNamesTheMissingFlag() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                java,
                "--illegal-native-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                AsksForAKernelTwice.class.getName())
                .redirectErrorStream(true)
                .start();

        var output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertEquals(0, process.waitFor(), output);
        assertEquals(List.of(ADVICE, ADVICE), output.lines().toList());
    }

    /** The program that runs in the other JVM. */
    static final class AsksForAKernelTwice {

        private AsksForAKernelTwice() {}

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println("got " + Kernels.current());
                } catch (UnsupportedOperationException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }
}
