package dev.salvo.reactor;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.EpollEvent;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.socket.poll.Readiness;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers epoll_ctl: records the requested events, and removes EPOLLOUT before the kernel sees it. Only the script
 * blocks the socket, so the kernel would report it as writable at once. The test reports it with {@link #event}.
 */
public final class EpollScript implements Answer {

    private static final long DATA = LinuxExtras.EPOLL_EVENT_DATA;

    public final List<String> interests = new ArrayList<>();
    private long token;

    @Override
    public long to(Call call) {
        var event = call.memory(3);
        var interest = event.get(JAVA_INT_UNALIGNED, LinuxExtras.EPOLL_EVENT_EVENTS);
        if (call.number(1) == Linux.EPOLL_CTL_ADD()) {
            token = event.get(JAVA_LONG_UNALIGNED, DATA);
            interests.add("add" + text(interest));
        } else if (call.number(1) == Linux.EPOLL_CTL_MOD()) {
            interests.add("modify" + text(interest));
        } else {
            interests.add("remove");
        }
        event.set(JAVA_INT_UNALIGNED, LinuxExtras.EPOLL_EVENT_EVENTS, interest & ~Readiness.WRITABLE);
        return call.passOn();
    }

    private static String text(int interest) {
        return ((interest & Readiness.READABLE) != 0 ? " in" : "")
                + ((interest & Readiness.WRITABLE) != 0 ? " out" : "");
    }

    /** An event for the descriptor that was added last. */
    public EpollEvent event(int readiness) {
        return new EpollEvent(token, readiness);
    }
}
