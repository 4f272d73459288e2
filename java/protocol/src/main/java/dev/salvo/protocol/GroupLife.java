package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The threads of a group, from the first to the last. Any thread may call this. */
final class GroupLife {

    private record Failure(int member, Throwable reason) {
    }

    private volatile List<GroupMember> members = List.of();
    private final CountDownLatch running;
    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
    private volatile boolean stopping;

    GroupLife(int count) {
        running = new CountDownLatch(count);
    }

    /** Returns when all reactors are open, or throws when all threads have ended. */
    void start(List<GroupMember> group) throws IOException {
        members = group;
        startThreads();
        Throwable reason = null;
        for (var member : members) {
            try {
                member.reactor();
            } catch (CompletionException e) {
                reason = e.getCause();
            }
        }
        if (reason != null) {
            close();
            if (reason instanceof SyscallException e && e.errno() == Errno.EINVAL) {
                throw new IllegalArgumentException(
                        "no such CPU, or a cpuset keeps this process from it: " + e.getMessage(), e);
            }
            switch (reason) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(reason);
            }
        }
    }

    private void startThreads() {
        int started = 0;
        try {
            for (; started < members.size(); started++) {
                members.get(started).start();
            }
        } catch (Throwable t) {
            members.subList(started, members.size()).forEach(member -> member.neverStarted(t));
        }
    }

    void stop() {
        stopping = true;
        members.forEach(GroupMember::stop);
    }

    boolean isStopping() {
        return stopping;
    }

    void requireRunning() {
        if (stopping) {
            throw new IllegalStateException("the group has stopped");
        }
    }

    /** A member's ports are closed; {@code left} if that was asked for. */
    void ended(int member, boolean left, @Nullable Throwable reason) {
        if (reason != null) {
            failure.compareAndSet(null, new Failure(member, reason));
        }
        running.countDown();
        if (!left || reason != null) {
            stop();
        }
    }

    /** Waits until no member serves any more. */
    void awaitLast() {
        while (true) {
            try {
                running.await();
                return;
            } catch (InterruptedException e) {
                // Nobody's business: the thread is the group's, and about to end.
            }
        }
    }

    /** See {@link ReactorGroup#awaitStop}. */
    void await() throws IOException, InterruptedException {
        for (var member : members) {
            member.thread().join();
        }
        var failed = failure.get();
        if (failed != null) {
            var message = "member " + failed.member + " of the group failed: " + failed.reason.getMessage();
            throw new IOException(message, failed.reason);
        }
    }

    /** See {@link ReactorGroup#close}. */
    void close() {
        stop();
        var interrupted = false;
        for (var member : members) {
            interrupted |= member.join();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
