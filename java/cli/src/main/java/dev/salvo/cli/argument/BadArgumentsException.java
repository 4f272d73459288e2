package dev.salvo.cli.argument;

import java.io.Serial;

/** Thrown for arguments that are found to be wrong only after they were parsed. */
public final class BadArgumentsException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public BadArgumentsException(String message) {
        super(message);
    }
}
