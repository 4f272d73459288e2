package dev.salvo.kernel;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** Provides the {@link Kernel} that sockets, batches and pollers fetch when they are opened. */
public final class Kernels {

    /** Bound by tests to a scripted kernel, around the code that opens sockets, batches and pollers. */
    public static final ScopedValue<Kernel> SCRIPTED = ScopedValue.newInstance();

    private Kernels() {}

    /**
     * The kernel of this machine.
     *
     * @throws UnsupportedOperationException if this is not Linux on x86-64 or aarch64, or if this JVM does not allow
     *     native access; the message says what to do
     */
    public static Kernel current() {
        return SCRIPTED.isBound() ? SCRIPTED.get() : linux();
    }

    @SuppressWarnings("restricted")
    private static Kernel linux() {
        requireSupported(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        try {
            // Any restricted method shows whether native access is allowed. It is called here, since the JVM reports a
            // failure of a static initialiser as a NoClassDefFoundError from then on, without this message.
            MemorySegment.NULL.reinterpret(0);
            // The bindings are a module of their own, and call restricted methods when they are initialised.
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
        return "Salvo calls the kernel through the Foreign Function & Memory API, which this JVM does not allow."
                + " Start java with --enable-native-access=" + names;
    }
}
