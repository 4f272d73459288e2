package dev.salvo.kernel;

import static dev.salvo.kernel.Downcall.word;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Makes one downcall for each system call. Any thread may call it. */
final class LinuxKernel implements Kernel {

    static final LinuxKernel INSTANCE = new LinuxKernel();

    private static final Downcall SOCKET = Downcall.of("socket");
    private static final Downcall BIND = Downcall.of("bind");
    private static final Downcall CONNECT = Downcall.of("connect");
    private static final Downcall GETSOCKNAME = Downcall.of("getsockname");
    private static final Downcall GETPEERNAME = Downcall.of("getpeername");
    private static final Downcall GETSOCKOPT = Downcall.of("getsockopt");
    private static final Downcall SETSOCKOPT = Downcall.of("setsockopt");
    private static final Downcall RECVMMSG = Downcall.of("recvmmsg");
    private static final Downcall SENDMMSG = Downcall.of("sendmmsg");

    private static final Downcall RECVMSG = Downcall.ofTransfer("recvmsg");
    private static final Downcall SENDMSG = Downcall.ofTransfer("sendmsg");
    private static final Downcall SENDTO = Downcall.ofTransfer("sendto");

    private static final Downcall EPOLL_CREATE1 = Downcall.of("epoll_create1");
    private static final Downcall EPOLL_CTL = Downcall.of("epoll_ctl");
    private static final Downcall EPOLL_WAIT = Downcall.ofTransfer("epoll_wait");
    /** For a call that not every C library has a function for. */
    private static final Downcall SYSCALL = Downcall.of("syscall");

    private static final Downcall EVENTFD = Downcall.of("eventfd");
    private static final Downcall READ = Downcall.of("read");
    private static final Downcall WRITE = Downcall.of("write");
    private static final Downcall CLOSE = Downcall.of("close");
    private static final Downcall FCNTL = Downcall.of("fcntl");
    private static final Downcall IOCTL = Downcall.of("ioctl");
    private static final Downcall POLL = Downcall.ofTransfer("poll");

    private static final Downcall MMAP = Downcall.of("mmap");
    private static final Downcall MUNMAP = Downcall.of("munmap");
    private static final Downcall IF_NAMETOINDEX = Downcall.ofPointer("if_nametoindex");
    private static final Downcall IF_INDEXTONAME = Downcall.of("if_indextoname");
    private static final Downcall GETIFADDRS = Downcall.ofPointer("getifaddrs");
    private static final Downcall FREEIFADDRS = Downcall.ofPointer("freeifaddrs");

    private static final Downcall LISTEN = Downcall.of("listen");
    private static final Downcall ACCEPT4 = Downcall.of("accept4");
    private static final Downcall FCHMOD = Downcall.of("fchmod");

    private static final Downcall GETEUID = Downcall.of("geteuid");
    private static final Downcall GETENV = Downcall.ofPointer("getenv");
    private static final Downcall UNSETENV = Downcall.ofPointer("unsetenv");
    private static final Downcall SCHED_SETAFFINITY = Downcall.of("sched_setaffinity");

    private LinuxKernel() {}

    @Override
    public int socket(int family, int type, int protocol) {
        return Downcall.result(SOCKET.call(family, word(type), word(protocol)));
    }

    @Override
    public int bind(int fd, MemorySegment address, int addressLength) {
        return Downcall.result(BIND.call(fd, address, word(addressLength)));
    }

    @Override
    public int connect(int fd, MemorySegment address, int addressLength) {
        return Downcall.result(CONNECT.call(fd, address, word(addressLength)));
    }

    @Override
    public int getsockname(int fd, MemorySegment address, MemorySegment addressLength) {
        return Downcall.result(GETSOCKNAME.call(fd, address, addressLength));
    }

    @Override
    public int getpeername(int fd, MemorySegment address, MemorySegment addressLength) {
        return Downcall.result(GETPEERNAME.call(fd, address, addressLength));
    }

    @Override
    public int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment valueLength) {
        return Downcall.result(GETSOCKOPT.call(fd, word(level), word(name), value, valueLength));
    }

    @Override
    public int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength) {
        return Downcall.result(SETSOCKOPT.call(fd, word(level), word(name), value, word(valueLength)));
    }

    @Override
    public int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        return Downcall.result(RECVMMSG.call(fd, messages, word(count), word(flags), MemorySegment.NULL));
    }

    @Override
    public int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        return Downcall.result(SENDMMSG.call(fd, messages, word(count), word(flags), MemorySegment.NULL));
    }

    @Override
    public long recvmsg(int fd, MemorySegment message, int flags) {
        return Downcall.wideResult(RECVMSG.call(fd, message, flags, 0));
    }

    @Override
    public long sendmsg(int fd, MemorySegment message, int flags) {
        return Downcall.wideResult(SENDMSG.call(fd, message, flags, 0));
    }

    @Override
    public long sendto(int fd, MemorySegment payload, long length, int flags, MemorySegment address,
            int addressLength) {
        return Downcall.wideResult(SENDTO.call(fd, payload, length, flags, address, addressLength));
    }

    @Override
    public int epollCreate1(int flags) {
        return Downcall.result(EPOLL_CREATE1.call(flags));
    }

    @Override
    public int epollCtl(int epollFd, int operation, int fd, MemorySegment event) {
        return Downcall.result(EPOLL_CTL.call(epollFd, word(operation), word(fd), event, MemorySegment.NULL));
    }

    @Override
    public int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis) {
        return Downcall.result(EPOLL_WAIT.call(epollFd, events, maxEvents, timeoutMillis));
    }

    @Override
    public int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout) {
        // By number, since glibc before 2.35 and musl lack the function. The fifth argument, the signal mask, is NULL:
        // then the kernel does not read the sixth, its length (set_user_sigmask in kernel/signal.c).
        return Downcall.result(
                SYSCALL.call(LinuxExtras.SYS_epoll_pwait2, word(epollFd), events, word(maxEvents), timeout));
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return Downcall.result(EVENTFD.call(initialValue, word(flags)));
    }

    @Override
    public long read(int fd, MemorySegment buffer, long count) {
        return Downcall.wideResult(READ.call(fd, buffer, word(count)));
    }

    @Override
    public long write(int fd, MemorySegment buffer, long count) {
        return Downcall.wideResult(WRITE.call(fd, buffer, word(count)));
    }

    @Override
    public int close(int fd) {
        return Downcall.result(CLOSE.call(fd));
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return Downcall.result(FCNTL.call(fd, word(command), word(argument)));
    }

    @Override
    public int ioctl(int fd, int request, MemorySegment argument) {
        return Downcall.result(IOCTL.call(fd, word(request), argument));
    }

    @Override
    public int poll(MemorySegment pollfds, int count, int timeoutMillis) {
        // The array is the first argument, where the shape has a number.
        try {
            return Downcall.result(POLL.call(pollfds.address(), word(count), timeoutMillis, 0));
        } finally {
            Reference.reachabilityFence(pollfds);
        }
    }

    @Override
    public int ifNametoindex(MemorySegment name) {
        var index = (int) IF_NAMETOINDEX.callPointer(name);
        return index != 0 ? index : -Downcall.errno();
    }

    @Override
    public int ifIndextoname(int index, MemorySegment name) {
        return IF_INDEXTONAME.call(index, name) != 0 ? 0 : -Downcall.errno();
    }

    @Override
    public int getifaddrs(MemorySegment first) {
        return Downcall.result(GETIFADDRS.callPointer(first));
    }

    @Override
    public void freeifaddrs(MemorySegment first) {
        FREEIFADDRS.callPointer(first);
    }

    @Override
    public long mmap(long length) {
        var protection = LinuxExtras.PROT_READ | LinuxExtras.PROT_WRITE;
        var flags = LinuxExtras.MAP_PRIVATE | LinuxExtras.MAP_ANONYMOUS | LinuxExtras.MAP_NORESERVE;
        // MAP_FAILED is (void *) -1 and user addresses are positive, so a signed comparison detects it. The sixth
        // argument, the offset, is always 0.
        return Downcall.wideResult(MMAP.call(0, word(length), word(protection), word(flags), word(-1)));
    }

    @Override
    public int munmap(long address, long length) {
        return Downcall.result(MUNMAP.call(address, word(length)));
    }

    @Override
    public int listen(int fd, int backlog) {
        return Downcall.result(LISTEN.call(fd, word(backlog)));
    }

    @Override
    public int accept4(int fd, int flags) {
        return Downcall.result(
                ACCEPT4.call(fd, MemorySegment.NULL, MemorySegment.NULL, word(flags), MemorySegment.NULL));
    }

    @Override
    public int fchmod(int fd, int mode) {
        return Downcall.result(FCHMOD.call(fd, word(mode)));
    }

    @Override
    public int geteuid() {
        return (int) GETEUID.call(0);
    }

    @Override
    public long getenv(MemorySegment name) {
        return GETENV.callPointer(name);
    }

    @Override
    public int unsetenv(MemorySegment name) {
        return Downcall.result(UNSETENV.callPointer(name));
    }

    @Override
    public int schedSetaffinity(int pid, long length, MemorySegment mask) {
        return Downcall.result(SCHED_SETAFFINITY.call(pid, word(length), mask));
    }
}
