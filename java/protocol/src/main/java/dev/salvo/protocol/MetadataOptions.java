package dev.salvo.protocol;

import dev.salvo.socket.Metadata;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SockOpt;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The options that tell an adopted port its metadata, and what they were before, since others hold the socket too. */
final class MetadataOptions {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    /** An option that was changed, with its values before and after. */
    private record Change<T>(SockOpt<T> option, T before, T after) {

        /** What another has changed since is his. */
        void undo(UdpSocket socket) {
            try {
                if (socket.get(option).equals(after)) {
                    socket.set(option, before);
                }
            } catch (SyscallException e) {
                LOG.log(Logger.Level.WARNING, "{0} is not as it was: {1}", option, e.getMessage());
            }
        }
    }

    private final UdpSocket socket;
    private final List<Change<?>> changes = new ArrayList<>();

    MetadataOptions(UdpSocket socket) {
        this.socket = socket;
    }

    /** Switches on what is wanted; if the kernel refuses any of it, puts back the rest and throws. */
    void enable(Set<Metadata> wanted) throws SyscallException {
        try {
            for (var metadata : wanted) {
                enable(metadata);
            }
        } catch (SyscallException e) {
            undo();
            throw e;
        }
    }

    private void enable(Metadata metadata) throws SyscallException {
        var before = new ArrayList<Change<?>>();
        for (var option : metadata.options(socket.family())) {
            before.add(unchanged(option));
        }
        try {
            metadata.enable(socket);
        } finally {
            for (var option : before) {
                note(option);
            }
        }
    }

    private <T> Change<T> unchanged(SockOpt<T> option) throws SyscallException {
        var value = socket.get(option);
        return new Change<>(option, value, value);
    }

    private <T> void note(Change<T> was) throws SyscallException {
        var now = socket.get(was.option);
        if (!now.equals(was.before)) {
            changes.add(new Change<>(was.option, was.before, now));
        }
    }

    /** Puts back what was changed. */
    void undo() {
        changes.reversed().forEach(change -> change.undo(socket));
        changes.clear();
    }
}
