package dev.salvo.cli.console;

import picocli.CommandLine.IVersionProvider;

/** The versions that a bug report needs. */
public final class Version implements IVersionProvider {

    /** The version that the build gave this module. */
    public static String ofSalvo() {
        var descriptor = Version.class.getModule().getDescriptor();
        return descriptor == null ? "unpackaged" : descriptor.rawVersion().orElse("unversioned");
    }

    public static String ofJava() {
        return Runtime.version() + " (" + System.getProperty("java.vendor", "unknown") + ")";
    }

    /** The kernel's release, as in uname(2). */
    public static String ofKernel() {
        return System.getProperty("os.version", "unknown");
    }

    public static String architecture() {
        return System.getProperty("os.arch", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[]{
                "salvo " + ofSalvo() + " (Java " + Runtime.version() + ", " + System.getProperty("os.name", "unknown")
                        + " "
                        + ofKernel() + " " + architecture() + ")"
        };
    }
}
