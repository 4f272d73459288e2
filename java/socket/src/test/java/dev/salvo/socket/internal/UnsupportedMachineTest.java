package dev.salvo.socket.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where Salvo can't run, it says so in a sentence. */
@Tag("fault")
class UnsupportedMachineTest {

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "x86_64", "aarch64"})
    void linuxOnTheseIsSupported(String arch) {
        assertDoesNotThrow(() -> Kernels.requireSupported("Linux", arch));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac OS X", "Windows 11", "FreeBSD", ""})
    void anotherOperatingSystem(String os) {
        var refused = assertThrows(UnsupportedOperationException.class, () -> Kernels.requireSupported(os, "amd64"));

        assertEquals(
                "Salvo makes Linux system calls and runs on Linux only; this is " + os + ".", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"i386", "arm", "ppc64le", "s390x", "riscv64"})
    void anotherArchitecture(String arch) {
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
