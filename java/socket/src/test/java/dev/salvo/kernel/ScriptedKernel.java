package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * A kernel that follows a script. Calls without a scripted answer go to this machine's own kernel.
 *
 * <p>
 * Every call goes into {@link #calls()}, and every sendmmsg, taken apart into messages and datagrams, into
 * {@link #sendCalls()}. It may be called by any thread, as the kernel may.
 *
 * <pre> var kernel = new ScriptedKernel(); var socket = kernel.open(() -&gt;
 * UdpSocket.open(StandardProtocolFamily.INET)); kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN),
 * Answer.accept(2)); </pre>
 */
public final class ScriptedKernel implements Kernel {

    /** Many times what a test needs. */
    private static final int MOST_CALLS = 1_000_000;

    private final Kernel machine = Kernels.current();
    private final Map<Syscall, Queue<Answer>> next = new ConcurrentHashMap<>();
    private final Map<Syscall, Answer> always = new EnumMap<>(Syscall.class);
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Queue<SendCall> sendCalls = new ConcurrentLinkedQueue<>();
    /** UDP_MAX_SEGMENTS. */
    private volatile int maxSegments = 64;

    /** Answers the next calls of this name, one answer for each call. */
    public void next(Syscall name, Answer... answers) {
        queue(name).addAll(Arrays.asList(answers));
    }

    /**
     * Answers every call of this name for which {@link #next} has no answer. Call it before other threads use this
     * kernel.
     */
    public void always(Syscall name, Answer answer) {
        always.put(name, answer);
    }

    /** Accepts this number of segments in a message, more than the 64 of older kernels. */
    public void maxSegments(int most) {
        maxSegments = most;
    }

    /** Opens something that uses this kernel from then on. */
    public <T, X extends Throwable> T open(ScopedValue.CallableOp<T, X> opening) throws X {
        return ScopedValue.where(Kernels.SCRIPTED, this).call(opening);
    }

    /** The calls so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(Syscall name) {
        return calls.stream().filter(call -> call.name() == name).toList();
    }

    public List<SendCall> sendCalls() {
        return List.copyOf(sendCalls);
    }

    /** The messages that the kernel took, in order. */
    public List<SentMessage> sent() {
        return sendCalls.stream().flatMap(call -> call.taken().stream()).toList();
    }

    /** The datagrams in the messages that the kernel took, in order. */
    public List<SentDatagram> arrived() {
        return sent().stream().flatMap(message -> message.datagrams().stream()).toList();
    }

    /** Forgets the calls recorded so far. */
    public void forget() {
        count.set(0);
        calls.clear();
        sendCalls.clear();
    }

    private long answer(Syscall name, LongSupplier onMachine, Object... arguments) {
        // The loop of a test that was abandoned, since its time ran out, would otherwise fill the memory of the others.
        if (count.incrementAndGet() > MOST_CALLS) {
            throw new IllegalStateException("a loop has run away: " + MOST_CALLS + " calls, the last " + name);
        }
        var call = new Call(name, List.of(arguments), onMachine);
        calls.add(call);
        var scripted = queue(name).poll();
        return (scripted != null ? scripted : always.getOrDefault(name, Answer.real())).to(call);
    }

    private Queue<Answer> queue(Syscall name) {
        return next.computeIfAbsent(name, any -> new ConcurrentLinkedQueue<>());
    }

    @Override
    public int socket(int family, int type, int protocol) {
        return (int) answer(Syscall.SOCKET, () -> machine.socket(family, type, protocol), family, type, protocol);
    }

    @Override
    public int bind(int fd, MemorySegment address, int addressLength) {
        return (int) answer(Syscall.BIND, () -> machine.bind(fd, address, addressLength), fd, address, addressLength);
    }

    @Override
    public int connect(int fd, MemorySegment address, int addressLength) {
        LongSupplier onMachine = () -> machine.connect(fd, address, addressLength);
        return (int) answer(Syscall.CONNECT, onMachine, fd, address, addressLength);
    }

    @Override
    public int getsockname(int fd, MemorySegment address, MemorySegment addressLength) {
        LongSupplier onMachine = () -> machine.getsockname(fd, address, addressLength);
        return (int) answer(Syscall.GETSOCKNAME, onMachine, fd, address, addressLength);
    }

    @Override
    public int getpeername(int fd, MemorySegment address, MemorySegment addressLength) {
        LongSupplier onMachine = () -> machine.getpeername(fd, address, addressLength);
        return (int) answer(Syscall.GETPEERNAME, onMachine, fd, address, addressLength);
    }

    @Override
    public int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment valueLength) {
        LongSupplier onMachine = () -> machine.getsockopt(fd, level, name, value, valueLength);
        return (int) answer(Syscall.GETSOCKOPT, onMachine, fd, level, name, value, valueLength);
    }

    @Override
    public int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength) {
        LongSupplier onMachine = () -> machine.setsockopt(fd, level, name, value, valueLength);
        return (int) answer(Syscall.SETSOCKOPT, onMachine, fd, level, name, value, valueLength);
    }

    @Override
    public int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        LongSupplier onMachine = () -> machine.recvmmsg(fd, messages, count, flags);
        return (int) answer(Syscall.RECVMMSG, onMachine, fd, messages, count, flags);
    }

    @Override
    public int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        // Read before the call is answered, since the answer may change the memory.
        var offered = MessageMemory.readAll(messages, count, maxSegments);
        LongSupplier onMachine = () -> machine.sendmmsg(fd, messages, count, flags);
        var result = (int) answer(Syscall.SENDMMSG, onMachine, fd, messages, count, flags);
        sendCalls.add(new SendCall(fd, offered, result));
        return result;
    }

    @Override
    public long recvmsg(int fd, MemorySegment message, int flags) {
        return answer(Syscall.RECVMSG, () -> machine.recvmsg(fd, message, flags), fd, message, flags);
    }

    @Override
    public long sendmsg(int fd, MemorySegment message, int flags) {
        var tooMany = MessageMemory.segments(message) > maxSegments;
        LongSupplier onMachine = () -> tooMany ? -Linux.EINVAL() : machine.sendmsg(fd, message, flags);
        return answer(Syscall.SENDMSG, onMachine, fd, message, flags);
    }

    @Override
    public long sendto(int fd, MemorySegment payload, long length, int flags, MemorySegment address,
            int addressLength) {
        LongSupplier onMachine = () -> machine.sendto(fd, payload, length, flags, address, addressLength);
        return answer(Syscall.SENDTO, onMachine, fd, payload, length, flags, address, addressLength);
    }

    @Override
    public int epollCreate1(int flags) {
        return (int) answer(Syscall.EPOLL_CREATE1, () -> machine.epollCreate1(flags), flags);
    }

    @Override
    public int epollCtl(int epollFd, int operation, int fd, MemorySegment event) {
        LongSupplier onMachine = () -> machine.epollCtl(epollFd, operation, fd, event);
        return (int) answer(Syscall.EPOLL_CTL, onMachine, epollFd, operation, fd, event);
    }

    @Override
    public int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis) {
        LongSupplier onMachine = () -> machine.epollWait(epollFd, events, maxEvents, timeoutMillis);
        return (int) answer(Syscall.EPOLL_WAIT, onMachine, epollFd, events, maxEvents, timeoutMillis);
    }

    @Override
    public int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout) {
        LongSupplier onMachine = () -> wait(epollFd, events, maxEvents, timeout);
        return (int) answer(Syscall.EPOLL_PWAIT2, onMachine, epollFd, events, maxEvents, timeout);
    }

    /** Where the machine refuses epoll_pwait2 the wait is made by epoll_wait, so that a script holds there too. */
    private int wait(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout) {
        var result = machine.epollPwait2(epollFd, events, maxEvents, timeout);
        var refused = result == -Linux.ENOSYS() || result == -Linux.EPERM();
        return refused ? machine.epollWait(epollFd, events, maxEvents, millis(timeout)) : result;
    }

    private static int millis(MemorySegment timeout) {
        if (timeout.equals(MemorySegment.NULL)) {
            return -1;
        }
        var seconds = timeout.get(JAVA_LONG, Layouts.TV_SEC);
        return (int) Math.min(
                Integer.MAX_VALUE, seconds * 1000 + Math.ceilDiv(timeout.get(JAVA_LONG, Layouts.TV_NSEC), 1_000_000));
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return (int) answer(Syscall.EVENTFD, () -> machine.eventfd(initialValue, flags), initialValue, flags);
    }

    @Override
    public long read(int fd, MemorySegment buffer, long count) {
        return answer(Syscall.READ, () -> machine.read(fd, buffer, count), fd, buffer, count);
    }

    @Override
    public long write(int fd, MemorySegment buffer, long count) {
        return answer(Syscall.WRITE, () -> machine.write(fd, buffer, count), fd, buffer, count);
    }

    @Override
    public int close(int fd) {
        return (int) answer(Syscall.CLOSE, () -> machine.close(fd), fd);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return (int) answer(Syscall.FCNTL, () -> machine.fcntl(fd, command, argument), fd, command, argument);
    }

    @Override
    public int ioctl(int fd, int request, MemorySegment argument) {
        return (int) answer(Syscall.IOCTL, () -> machine.ioctl(fd, request, argument), fd, request, argument);
    }

    @Override
    public int poll(MemorySegment pollfds, int count, int timeoutMillis) {
        LongSupplier onMachine = () -> machine.poll(pollfds, count, timeoutMillis);
        return (int) answer(Syscall.POLL, onMachine, pollfds, count, timeoutMillis);
    }

    @Override
    public int ifNametoindex(MemorySegment name) {
        return (int) answer(Syscall.IF_NAMETOINDEX, () -> machine.ifNametoindex(name), name);
    }

    @Override
    public int ifIndextoname(int index, MemorySegment name) {
        return (int) answer(Syscall.IF_INDEXTONAME, () -> machine.ifIndextoname(index, name), index, name);
    }

    @Override
    public int getifaddrs(MemorySegment first) {
        return (int) answer(Syscall.GETIFADDRS, () -> machine.getifaddrs(first), first);
    }

    @Override
    public void freeifaddrs(MemorySegment first) {
        LongSupplier onMachine = () -> {
            machine.freeifaddrs(first);
            return 0;
        };
        answer(Syscall.FREEIFADDRS, onMachine, first);
    }

    @Override
    public long mmap(long length) {
        return answer(Syscall.MMAP, () -> machine.mmap(length), length);
    }

    @Override
    public int munmap(long address, long length) {
        return (int) answer(Syscall.MUNMAP, () -> machine.munmap(address, length), address, length);
    }

    @Override
    public int listen(int fd, int backlog) {
        return (int) answer(Syscall.LISTEN, () -> machine.listen(fd, backlog), fd, backlog);
    }

    @Override
    public int accept4(int fd, int flags) {
        return (int) answer(Syscall.ACCEPT4, () -> machine.accept4(fd, flags), fd, flags);
    }

    @Override
    public int fchmod(int fd, int mode) {
        return (int) answer(Syscall.FCHMOD, () -> machine.fchmod(fd, mode), fd, mode);
    }

    @Override
    public int geteuid() {
        return (int) answer(Syscall.GETEUID, machine::geteuid);
    }

    @Override
    public long getenv(MemorySegment name) {
        return answer(Syscall.GETENV, () -> machine.getenv(name), name);
    }

    @Override
    public int unsetenv(MemorySegment name) {
        return (int) answer(Syscall.UNSETENV, () -> machine.unsetenv(name), name);
    }

    @Override
    public int schedSetaffinity(int pid, long length, MemorySegment mask) {
        LongSupplier onMachine = () -> machine.schedSetaffinity(pid, length, mask);
        return (int) answer(Syscall.SCHED_SETAFFINITY, onMachine, pid, length, mask);
    }
}
