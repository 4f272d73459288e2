package dev.salvo.protocol;

import dev.salvo.reactor.Reactor;
import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Collects what the reactor logs instead of printing it, at ERROR unless a lower level is given. */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger = Logger.getLogger(Reactor.class.getName());
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= least.intValue()) {
                records.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final Level least;
    private final @Nullable Level before = logger.getLevel();

    private CapturedLog(Level least) {
        this.least = least;
    }

    public static CapturedLog open() {
        return open(Level.SEVERE);
    }

    /** Collects records of this level and above. */
    public static CapturedLog open(Level least) {
        var log = new CapturedLog(least);
        log.logger.setLevel(least);
        log.logger.setUseParentHandlers(false);
        log.logger.addHandler(log.handler);
        return log;
    }

    /** The messages, each followed by its exception. */
    public List<String> lines() {
        return records.stream().map(r -> r.getMessage() + ": " + r.getThrown()).toList();
    }

    /** The formatted messages. */
    public List<String> messages() {
        return records.stream().map(r -> MessageFormat.format(r.getMessage(), r.getParameters())).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(before);
        logger.setUseParentHandlers(true);
    }
}
