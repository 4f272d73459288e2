package dev.salvo.cli;

import dev.salvo.cli.argument.BadArgumentsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Exists only for the help: the launcher passes this command to bench/harness without starting a JVM. */
@Command(name = "bench", description = "Measures Salvo beside C, Netty, the JDK and Twisted on this machine.")
final class BenchCommand implements Runnable {

    @Unmatched
    private String[] arguments = {};

    @Override
    public void run() {
        throw new BadArgumentsException(
                "the launcher runs bench from the source tree: ./salvo bench " + String.join(" ", arguments));
    }
}
