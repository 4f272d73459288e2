package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.bindings.Linux;
import java.util.function.ToIntFunction;

/** The answer of a {@link ScriptedKernel} to a call: the call's result, or {@code -errno}. */
@FunctionalInterface
public interface Answer {

    long to(Call call);

    /** The machine's own kernel answers. */
    static Answer real() {
        return Call::passOn;
    }

    /** To sendmmsg: the machine's own kernel answers, and sees at most this number of messages. */
    static Answer real(int most) {
        return call -> {
            var count = Math.min(most, call.number(2));
            return LinuxKernel.INSTANCE.sendmmsg(call.fd(), call.memory(1), count, call.number(3));
        };
    }

    static Answer value(long value) {
        return call -> value;
    }

    static Answer error(int errno) {
        return call -> -errno;
    }

    /** To sendmmsg: takes all messages and sends them nowhere. */
    static Answer accept() {
        return accept(Integer.MAX_VALUE);
    }

    /** To sendmmsg: takes at most this number of messages and sends them nowhere. */
    static Answer accept(int most) {
        return call -> Math.min(most, call.number(2));
    }

    /**
     * To sendmmsg: takes messages up to the first that a rule refuses, and sends them nowhere. As in Linux, a call
     * returns the errno only of its first message. If a later message is refused, the call returns the number of
     * messages taken.
     *
     * @param rule the errno for a message, 0 to take it; asked once for each message that is come to
     */
    static Answer accept(ToIntFunction<SentMessage> rule) {
        return call -> {
            for (int i = 0; i < call.number(2); i++) {
                var errno = rule.applyAsInt(MessageMemory.read(call.memory(1), i));
                if (errno != 0) {
                    return i > 0 ? i : -errno;
                }
            }
            return call.number(2);
        };
    }

    /** To recvmmsg: delivers these messages, at most as many as the call requests. */
    static Answer deliver(Incoming... messages) {
        return call -> {
            var count = Math.min(messages.length, call.number(2));
            for (int i = 0; i < count; i++) {
                var header = i * Layouts.MMSGHDR;
                MessageMemory.write(messages[i], call.memory(1), header, call.number(3));
            }
            return count == 0 ? -Linux.EAGAIN() : count;
        };
    }

    /** To recvmsg: this message. */
    static Answer deliverOne(Incoming message) {
        return call -> MessageMemory.write(message, call.memory(1), 0, call.number(2));
    }

    /** To epoll_wait and epoll_pwait2: these events. */
    static Answer ready(EpollEvent... events) {
        return call -> {
            var memory = call.memory(1);
            for (int i = 0; i < events.length; i++) {
                var at = (long) i * LinuxExtras.EPOLL_EVENT_SIZE;
                memory.set(JAVA_INT_UNALIGNED, at + LinuxExtras.EPOLL_EVENT_EVENTS, events[i].readiness());
                memory.set(JAVA_LONG_UNALIGNED, at + LinuxExtras.EPOLL_EVENT_DATA, events[i].token());
            }
            return events.length;
        };
    }
}
