package dev.salvo.cli;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.Version;
import dev.salvo.cli.echo.EchoCommand;
import dev.salvo.cli.listen.ListenCommand;
import dev.salvo.cli.send.SendCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine;

/** The command {@code salvo}. Its subcommands do the work. */
@Command(name = "salvo", description = "UDP on Linux, straight on file descriptors.", mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:success; echo and listen also after SIGTERM or SIGINT", "1:failure", "2:bad arguments",
        "3:bench refused to measure or failed"})
final class Salvo implements Runnable {

    private Salvo() {}

    /**
     * Runs the command and exits with its code.
     *
     * @param arguments the command-line arguments
     */
    public static void main(String[] arguments) {
        // Not System.out: a PrintStream keeps its errors for itself.
        var out = new FileOutputStream(FileDescriptor.out);
        System.exit(run(new Console(System.in, out, System.out.charset(), System.err), arguments));
    }

    /** Runs the command. Lines that could not be written are a failure, unless their reader has gone. */
    static int run(Console console, String... arguments) {
        var code = execute(console, arguments);
        console.flush();
        return code == ExitCode.OK && console.hasLostLines() ? ExitCode.SOFTWARE : code;
    }

    private static int execute(Console console, String... arguments) {
        var echo = EchoCommand.ofBind(console, arguments);
        return echo != null ? new Errors(console).run(echo) : commandLine(console, arguments).execute(arguments);
    }

    /**
     * If the first argument names a subcommand, only that one is added: reflection on the others would add some
     * milliseconds to the start.
     */
    private static CommandLine commandLine(Console console, String... arguments) {
        var commands = commands(console);
        var errors = new Errors(console);
        var line = new CommandLine(new Salvo());
        var asked = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (asked != null && !(asked instanceof HelpCommand)) {
            line.addSubcommand(asked);
        } else {
            commands.values().forEach(line::addSubcommand);
        }
        return line
                // A text to send may begin with @, and does not name a file with arguments.
                .setExpandAtFiles(false)
                .setOut(console.outWriter())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setUsageHelpAutoWidth(true);
    }

    private static Map<String, Object> commands(Console console) {
        var commands = new LinkedHashMap<String, Object>();
        commands.put("echo", new EchoCommand(console));
        commands.put("listen", new ListenCommand(console));
        commands.put("send", new SendCommand(console));
        commands.put("info", new InfoCommand(console));
        commands.put("bench", new BenchCommand());
        commands.put("help", new HelpCommand());
        return commands;
    }

    /** Called if there is no subcommand. */
    @Override
    public void run() {
        throw new BadArgumentsException("a command is missing: echo, listen, send, info, bench or help");
    }
}
