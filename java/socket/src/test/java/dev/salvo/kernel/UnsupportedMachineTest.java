package dev.salvo.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a machine where Salvo can't run, the exception names the reason. */
@Tag("fault")
class UnsupportedMachineTest {

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "x86_64", "aarch64"})
    void linuxOnASupportedArchitectureIsAccepted(String arch) {
        assertDoesNotThrow(() -> Kernels.requireSupported("Linux", arch));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac OS X", "Windows 11", "FreeBSD", ""})
    void anotherOperatingSystemIsRefused(String os) {
        var refused = assertThrows(UnsupportedOperationException.class, () -> Kernels.requireSupported(os, "amd64"));

        assertEquals(
                "Salvo makes Linux system calls and runs on Linux only; this is " + os + ".", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"i386", "arm", "ppc64le", "s390x", "riscv64"})
    void anotherArchitectureIsRefused(String arch) {
        var refused = assertThrows(UnsupportedOperationException.class, () -> Kernels.requireSupported("Linux", arch));

        assertEquals(
                "Salvo knows the kernel's struct layouts on x86-64 and aarch64 only; this is " + arch + ".",
                refused.getMessage());
    }

    @Test
    void theAdviceNamesTheModulesThatNeedTheFlag() {
        var named = Kernels.nativeAccessAdvice(Object.class.getModule());

        assertEquals("dev.salvo.bindings,java.base", named.substring(named.indexOf("=") + 1));
    }
}
