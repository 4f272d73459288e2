package dev.salvo.protocol.internal.group;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** The threads of a group, which start together and stop together. Any thread may call it. */
public final class GroupThreads {

    private final List<GroupMember> members;

    private GroupThreads(int count, int[] cpus, GroupMember.Threads threads) {
        members = IntStream.range(0, count)
                .mapToObj(i -> new GroupMember(i, cpus.length == 0 ? -1 : cpus[i], threads, this::stop))
                .toList();
    }

    /**
     * Returns when every loop is open. If one can't be opened, throws the reason when every thread has ended. The
     * threads are pinned to the CPUs, or to none if {@code cpus} is empty.
     */
    public static GroupThreads start(int count, int[] cpus, GroupMember.Threads threads) throws IOException {
        var group = new GroupThreads(count, cpus, threads);
        group.members.forEach(GroupMember::start);
        try {
            for (var member : group.members) {
                member.awaitOpen();
            }
            return group;
        } catch (Throwable t) {
            group.close();
            throw t;
        }
    }

    public List<GroupMember> members() {
        return members;
    }

    public void stop() {
        members.forEach(GroupMember::stop);
    }

    /** As {@code ReactorGroup.awaitStop}. */
    public void await() throws IOException, InterruptedException {
        for (var member : members) {
            member.thread().join();
        }
        for (var member : members) {
            member.throwFailure();
        }
    }

    /** As {@code ReactorGroup.close}. */
    public void close() {
        stop();
        var interrupted = false;
        for (var member : members) {
            while (member.thread().isAlive()) {
                try {
                    member.thread().join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
