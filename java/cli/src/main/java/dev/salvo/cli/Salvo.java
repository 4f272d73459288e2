package dev.salvo.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command itself; what it does is in its subcommands. */
@Command(name = "salvo", description = "UDP on Linux, straight on file descriptors.", mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:done; for echo and listen SIGTERM and SIGINT too", "1:failed", "2:bad arguments"})
final class Salvo implements Runnable {

    private Salvo() {}

    /**
     * Runs the command and exits with its code.
     *
     * @param arguments its arguments
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(new Console(System.in, System.out, System.err)).execute(arguments));
    }

    static CommandLine commandLine(Console console) {
        var errors = new Errors(console);
        return new CommandLine(new Salvo())
                .addSubcommand(new EchoCommand(console))
                .addSubcommand(new ListenCommand(console))
                .addSubcommand(new SendCommand(console))
                .addSubcommand(new InfoCommand(console))
                // A text to send may begin with @, and is no file to read arguments from.
                .setExpandAtFiles(false)
                .setOut(console.outWriter())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setUsageHelpAutoWidth(true);
    }

    /** Without a subcommand. */
    @Override
    public void run() {
        throw new BadArgumentsException("no command given: echo, listen, send or info");
    }
}
