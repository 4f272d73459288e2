package dev.salvo.protocol.internal.port;

import dev.salvo.linux.SyscallException;

import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SockOpt;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Switches the metadata options of an adopted socket on, and restores them for its other holders. */
final class RestoredOptions {

    /** An option that was changed, with its values before and after. */
    private record Change<T>(SockOpt<T> option, T before, T after) {

        /** Leaves the option alone if another holder has changed it since. */
        void undo(UdpSocket socket) {
            try {
                if (socket.get(option).equals(after)) {
                    socket.set(option, before);
                }
            } catch (SyscallException e) {
                LimitedLog.always(Logger.Level.WARNING,
                        "the option {0} of an adopted socket could not be restored: {1}", option, e.getMessage());
            }
        }
    }

    private final UdpSocket socket;
    private final List<Change<?>> changes = new ArrayList<>();

    RestoredOptions(UdpSocket socket) {
        this.socket = socket;
    }

    /** Switches the metadata on. If the kernel refuses any of it, restores the rest and throws. */
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

    /** Restores the options that were changed. */
    void undo() {
        changes.reversed().forEach(change -> change.undo(socket));
        changes.clear();
    }
}
