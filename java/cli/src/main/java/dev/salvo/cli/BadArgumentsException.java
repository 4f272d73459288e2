package dev.salvo.cli;

import java.io.Serial;

/** Arguments that can't be right, found out after they were parsed. */
final class BadArgumentsException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    BadArgumentsException(String message) {
        super(message);
    }
}
