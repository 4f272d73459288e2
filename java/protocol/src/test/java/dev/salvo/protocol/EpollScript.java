package dev.salvo.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.Readiness;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Call;
import dev.salvo.socket.internal.EpollEvent;
import dev.salvo.socket.internal.HandWritten;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers epoll_ctl: writes down what is asked for, and keeps EPOLLOUT from the kernel, which would tell it at once,
 * since the socket is blocked by the script alone. {@link #event} is for the test to tell it.
 */
final class EpollScript implements Answer {

    private static final long DATA = HandWritten.EPOLL_EVENT_DATA;

    final List<String> interests = new ArrayList<>();
    private long token;

    @Override
    public long to(Call call) {
        var event = call.memory(3);
        var interest = event.get(JAVA_INT_UNALIGNED, HandWritten.EPOLL_EVENT_EVENTS);
        if (call.number(1) == Linux.EPOLL_CTL_ADD()) {
            token = event.get(JAVA_LONG_UNALIGNED, DATA);
            interests.add("add" + text(interest));
        } else if (call.number(1) == Linux.EPOLL_CTL_MOD()) {
            interests.add("modify" + text(interest));
        } else {
            interests.add("remove");
        }
        event.set(JAVA_INT_UNALIGNED, HandWritten.EPOLL_EVENT_EVENTS, interest & ~Readiness.WRITABLE);
        return call.passOn();
    }

    private static String text(int interest) {
        return ((interest & Readiness.READABLE) != 0 ? " in" : "")
                + ((interest & Readiness.WRITABLE) != 0 ? " out" : "");
    }

    /** An event of what was added last. */
    EpollEvent event(int readiness) {
        return new EpollEvent(token, readiness);
    }
}
