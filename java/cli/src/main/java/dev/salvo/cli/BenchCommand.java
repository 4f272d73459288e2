package dev.salvo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Listed here for the help's sake: the launcher hands it to bench/harness, and no JVM starts. */
@Command(name = "bench", description = "Measures Salvo beside C, Netty, the JDK and Twisted on this machine.")
final class BenchCommand implements Runnable {

    @Unmatched
    private String[] arguments = {};

    @Override
    public void run() {
        throw new BadArgumentsException(
                "bench is run by the launcher, from the sources: ./salvo bench " + String.join(" ", arguments));
    }
}
