package dev.salvo.cli;

import java.io.Serial;

/** Thrown for arguments that are found to be wrong only after they were parsed. */
final class BadArgumentsException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    BadArgumentsException(String message) {
        super(message);
    }
}
