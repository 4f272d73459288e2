package dev.salvo.cli;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.console.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine;

/** Reports an error in one line on stderr. Only a defect of the program gets a stack trace. */
record Errors(Console console) implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        return badArguments(e.getCommandLine(), String.valueOf(e.getMessage()));
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof BadArgumentsException) {
            return badArguments(command, String.valueOf(e.getMessage()));
        }
        return failed(e);
    }

    /** Runs a command that was made without picocli. */
    int run(Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) {
            return failed(e);
        }
    }

    private int failed(Exception e) {
        if (e instanceof IOException || e instanceof UnsupportedOperationException) {
            console.warn(String.valueOf(e.getMessage()));
        } else {
            console.fault(e);
        }
        return ExitCode.SOFTWARE;
    }

    private int badArguments(CommandLine command, String message) {
        var name = command.getCommandSpec().qualifiedName();
        console.warn(message + " (see " + name + " --help)");
        return ExitCode.USAGE;
    }
}
