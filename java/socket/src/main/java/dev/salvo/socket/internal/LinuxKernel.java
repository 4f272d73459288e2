package dev.salvo.socket.internal;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel that this machine runs. Safe to call from any thread: all it has is what it was found to be. */
final class LinuxKernel implements Kernel {

    static final LinuxKernel INSTANCE = new LinuxKernel();

    private final AtomicInteger segmentsTaken = new AtomicInteger();

    private LinuxKernel() {}

    @Override
    public int socket(int family, int type, int protocol) {
        return SocketCalls.socket(family, type, protocol);
    }

    @Override
    public int bind(int fd, MemorySegment address, int addressLength) {
        return SocketCalls.bind(fd, address, addressLength);
    }

    @Override
    public int connect(int fd, MemorySegment address, int addressLength) {
        return SocketCalls.connect(fd, address, addressLength);
    }

    @Override
    public int getsockname(int fd, MemorySegment address, MemorySegment addressLength) {
        return SocketCalls.getsockname(fd, address, addressLength);
    }

    @Override
    public int getpeername(int fd, MemorySegment address, MemorySegment addressLength) {
        return SocketCalls.getpeername(fd, address, addressLength);
    }

    @Override
    public int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment valueLength) {
        return SocketCalls.getsockopt(fd, level, name, value, valueLength);
    }

    @Override
    public int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength) {
        return SocketCalls.setsockopt(fd, level, name, value, valueLength);
    }

    @Override
    public int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        return SocketCalls.recvmmsg(fd, messages, count, flags);
    }

    @Override
    public int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        return SocketCalls.sendmmsg(fd, messages, count, flags);
    }

    @Override
    public long recvmsg(int fd, MemorySegment message, int flags) {
        return SocketCalls.recvmsg(fd, message, flags);
    }

    @Override
    public long sendmsg(int fd, MemorySegment message, int flags) {
        return SocketCalls.sendmsg(fd, message, flags);
    }

    @Override
    public int epollCreate1(int flags) {
        return PollCalls.epollCreate1(flags);
    }

    @Override
    public int epollCtl(int epollFd, int operation, int fd, MemorySegment event) {
        return PollCalls.epollCtl(epollFd, operation, fd, event);
    }

    @Override
    public int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis) {
        return PollCalls.epollWait(epollFd, events, maxEvents, timeoutMillis);
    }

    @Override
    public int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout) {
        return PollCalls.epollPwait2(epollFd, events, maxEvents, timeout);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return FileCalls.eventfd(initialValue, flags);
    }

    @Override
    public long read(int fd, MemorySegment buffer, long count) {
        return FileCalls.read(fd, buffer, count);
    }

    @Override
    public long write(int fd, MemorySegment buffer, long count) {
        return FileCalls.write(fd, buffer, count);
    }

    @Override
    public int close(int fd) {
        return FileCalls.close(fd);
    }

    @Override
    public int dup(int fd) {
        return FileCalls.dup(fd);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return FileCalls.fcntl(fd, command, argument);
    }

    @Override
    public int poll(MemorySegment pollfds, int count, int timeoutMillis) {
        return FileCalls.poll(pollfds, count, timeoutMillis);
    }

    @Override
    public int ifNametoindex(MemorySegment name) {
        return MemoryCalls.ifNametoindex(name);
    }

    @Override
    public int ifIndextoname(int index, MemorySegment name) {
        return MemoryCalls.ifIndextoname(index, name);
    }

    @Override
    public int getifaddrs(MemorySegment first) {
        return MemoryCalls.getifaddrs(first);
    }

    @Override
    public void freeifaddrs(MemorySegment first) {
        MemoryCalls.freeifaddrs(first);
    }

    @Override
    public long mmap(long length) {
        return MemoryCalls.mmap(length);
    }

    @Override
    public int munmap(long address, long length) {
        return MemoryCalls.munmap(address, length);
    }

    @Override
    public int listen(int fd, int backlog) {
        return UnixCalls.listen(fd, backlog);
    }

    @Override
    public int accept4(int fd, int flags) {
        return UnixCalls.accept4(fd, flags);
    }

    @Override
    public int fchmod(int fd, int mode) {
        return UnixCalls.fchmod(fd, mode);
    }

    @Override
    public int geteuid() {
        return ProcessCalls.geteuid();
    }

    @Override
    public long getenv(MemorySegment name) {
        return ProcessCalls.getenv(name);
    }

    @Override
    public int unsetenv(MemorySegment name) {
        return ProcessCalls.unsetenv(name);
    }

    @Override
    public int schedSetaffinity(int pid, long length, MemorySegment mask) {
        return ProcessCalls.schedSetaffinity(pid, length, mask);
    }

    @Override
    public AtomicInteger segmentsTaken() {
        return segmentsTaken;
    }
}
