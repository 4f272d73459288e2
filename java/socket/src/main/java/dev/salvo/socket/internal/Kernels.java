package dev.salvo.socket.internal;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** Where sockets, batches and pollers get their {@link Kernel} when they are opened. */
public final class Kernels {

    /** Bound by tests, around the code that opens things, to a kernel that follows a script. */
    public static final ScopedValue<Kernel> SCRIPTED = ScopedValue.newInstance();

    private Kernels() {}

    /**
     * The kernel of this machine.
     *
     * @throws UnsupportedOperationException if this is not Linux on a 64-bit little-endian machine, or if this JVM was
     *     not allowed native access; the message says what to do
     */
    public static Kernel current() {
        return SCRIPTED.isBound() ? SCRIPTED.get() : linux();
    }

    @SuppressWarnings("restricted")
    private static Kernel linux() {
        requireSupported(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        try {
            // Any restricted method will do to ask; one that fails inside a static initialiser would be remembered
            // by the JVM as a NoClassDefFoundError without these words.
            MemorySegment.NULL.reinterpret(0);
            // The bindings, a module of their own, call restricted methods as they are initialised.
            Linux.AF_INET();
        } catch (IllegalCallerException | LinkageError e) {
            throw new UnsupportedOperationException(nativeAccessAdvice(Kernels.class.getModule()), e);
        }
        return LinuxKernel.INSTANCE;
    }

    static void requireSupported(String os, String arch) {
        if (!os.equals("Linux")) {
            throw new UnsupportedOperationException(
                    "Salvo makes Linux system calls and runs on Linux only; this is " + os + ".");
        }
        switch (arch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "aarch64" -> {
            }
            default -> throw new UnsupportedOperationException(
                    "Salvo knows the kernel's struct layouts on x86-64 and aarch64 only; this is " + arch + ".");
        }
    }

    static String nativeAccessAdvice(Module module) {
        var names = module.isNamed() ? "dev.salvo.bindings," + module.getName() : "ALL-UNNAMED";
        return "Salvo calls the kernel through the Foreign Function & Memory API, which this JVM does not allow it:"
                + " start java with --enable-native-access=" + names;
    }
}
