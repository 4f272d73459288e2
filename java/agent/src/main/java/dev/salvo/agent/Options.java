package dev.salvo.agent;

import org.jspecify.annotations.Nullable;

/** The words behind {@code -javaagent:salvo-agent.jar=}. */
record Options(String sends, boolean quiet, boolean stats) {

    /** Parses the words; throws IllegalArgumentException with a sentence for any other. */
    static Options of(@Nullable String arguments) {
        var sends = "held";
        var quiet = false;
        var stats = false;
        for (var word : arguments == null || arguments.isBlank() ? new String[0] : arguments.split(",")) {
            switch (word.strip()) {
                case "held", "turn", "sync" -> sends = word.strip();
                case "quiet" -> quiet = true;
                case "stats" -> stats = true;
                default -> throw new IllegalArgumentException("the word '" + word
                        + "' is none of held, turn, sync, quiet and stats, as in -javaagent:salvo-agent.jar=turn,quiet");
            }
        }
        return new Options(sends, quiet, stats);
    }
}
