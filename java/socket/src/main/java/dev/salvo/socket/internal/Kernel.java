package dev.salvo.socket.internal;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The system calls that Salvo makes, each under its man page's name and with its parameters.
 *
 * <p>Every method returns what the call returned, or {@code -errno}: nothing throws. Nothing is retried here either;
 * {@link FileDescriptor} restarts what a signal interrupted. The one implementation that makes downcalls is
 * {@link LinuxKernel}; tests script another.
 */
public interface Kernel {

    int socket(int family, int type, int protocol);

    int bind(int fd, MemorySegment address, int addressLength);

    int connect(int fd, MemorySegment address, int addressLength);

    /** {@code addressLength} is one int: the room in {@code address}, and then the length that the kernel wrote. */
    int getsockname(int fd, MemorySegment address, MemorySegment addressLength);

    int getpeername(int fd, MemorySegment address, MemorySegment addressLength);

    int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment valueLength);

    int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength);

    /** Without the timeout argument: a timeout of zero returns one message, any other can block for ever. */
    int recvmmsg(int fd, MemorySegment messages, int count, int flags);

    int sendmmsg(int fd, MemorySegment messages, int count, int flags);

    long recvmsg(int fd, MemorySegment message, int flags);

    long sendmsg(int fd, MemorySegment message, int flags);

    int epollCreate1(int flags);

    int epollCtl(int epollFd, int operation, int fd, MemorySegment event);

    int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis);

    /** Linux 5.11 and glibc 2.35; {@code -ENOSYS} where either is older. */
    int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout);

    int eventfd(int initialValue, int flags);

    long read(int fd, MemorySegment buffer, long count);

    long write(int fd, MemorySegment buffer, long count);

    int close(int fd);

    int dup(int fd);

    int fcntl(int fd, int command, int argument);

    int poll(MemorySegment pollfds, int count, int timeoutMillis);

    /** {@code name} is a C string; the index, or {@code -errno}. */
    int ifNametoindex(MemorySegment name);

    /** {@code name} has room for {@code IF_NAMESIZE} bytes; 0, or {@code -errno}. */
    int ifIndextoname(int index, MemorySegment name);

    /** {@code first} is one pointer, which is set to the first {@code struct ifaddrs}, or to NULL. */
    int getifaddrs(MemorySegment first);

    /** Releases what {@link #getifaddrs} gave. Cannot fail. */
    void freeifaddrs(MemorySegment first);

    /** Anonymous private memory, zeroed page by page at first touch; its address, or {@code -errno}. */
    long mmap(long length);

    int munmap(long address, long length);

    int listen(int fd, int backlog);

    /** Without the peer's address: nobody asks for it. */
    int accept4(int fd, int flags);

    int fchmod(int fd, int mode);

    /** Never fails, so a number above 2^31 is that, and no {@code -errno}. */
    int geteuid();

    /** {@code name} is a C string; the address of the value, another one, or 0. */
    long getenv(MemorySegment name);

    int unsetenv(MemorySegment name);

    /** {@code pid} is a thread's, 0 the caller's; {@code mask} has {@code length} bytes, a bit for each CPU. */
    int schedSetaffinity(int pid, long length, MemorySegment mask);

    /** No call: how many datagrams it was found to take in a message, always the same object; 0 until it is asked. */
    AtomicInteger segmentsTaken();
}
