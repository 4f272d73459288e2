package dev.salvo.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The system calls that Salvo makes, with the names and the parameters of their man pages.
 *
 * <p>
 * Every method returns the result of the call, or {@code -errno} if it failed. No method throws, and none retries:
 * {@link FileDescriptor} restarts calls that a signal interrupted. {@link LinuxKernel} is the only implementation that
 * makes downcalls; tests use a scripted one.
 */
public interface Kernel {

    int socket(int family, int type, int protocol);

    int bind(int fd, MemorySegment address, int addressLength);

    int connect(int fd, MemorySegment address, int addressLength);

    /**
     * {@code addressLength} is one int: before the call the size of {@code address}, afterwards the length that the
     * kernel wrote.
     */
    int getsockname(int fd, MemorySegment address, MemorySegment addressLength);

    int getpeername(int fd, MemorySegment address, MemorySegment addressLength);

    int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment valueLength);

    int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength);

    /** Has no timeout argument, since a timeout of zero returns one message and any other can block for ever. */
    int recvmmsg(int fd, MemorySegment messages, int count, int flags);

    int sendmmsg(int fd, MemorySegment messages, int count, int flags);

    long recvmsg(int fd, MemorySegment message, int flags);

    long sendmsg(int fd, MemorySegment message, int flags);

    /** {@code address} is NULL, and its length 0, for the peer of a connected socket. */
    long sendto(int fd, MemorySegment payload, long length, int flags, MemorySegment address, int addressLength);

    int epollCreate1(int flags);

    int epollCtl(int epollFd, int operation, int fd, MemorySegment event);

    int epollWait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis);

    /** Needs Linux 5.11; an older one returns {@code -ENOSYS}. */
    int epollPwait2(int epollFd, MemorySegment events, int maxEvents, MemorySegment timeout);

    int eventfd(int initialValue, int flags);

    long read(int fd, MemorySegment buffer, long count);

    long write(int fd, MemorySegment buffer, long count);

    int close(int fd);

    int fcntl(int fd, int command, int argument);

    int ioctl(int fd, int request, MemorySegment argument);

    int poll(MemorySegment pollfds, int count, int timeoutMillis);

    /** {@code name} is a C string. Returns the index, or {@code -errno}. */
    int ifNametoindex(MemorySegment name);

    /** {@code name} has room for {@code IF_NAMESIZE} bytes. Returns 0, or {@code -errno}. */
    int ifIndextoname(int index, MemorySegment name);

    /** {@code first} is one pointer. The call sets it to the first {@code struct ifaddrs}, or to NULL. */
    int getifaddrs(MemorySegment first);

    /** Frees the list that {@link #getifaddrs} returned. Cannot fail. */
    void freeifaddrs(MemorySegment first);

    /**
     * Maps anonymous private memory, whose pages are zeroed at their first use. Returns its address, or {@code -errno}.
     */
    long mmap(long length);

    int munmap(long address, long length);

    int listen(int fd, int backlog);

    /** Has no argument for the peer's address, which is not needed. */
    int accept4(int fd, int flags);

    int fchmod(int fd, int mode);

    /** Never fails. A negative result is a user id of 2^31 or above, not {@code -errno}. */
    int geteuid();

    /**
     * {@code name} is a C string. Returns the address of the value, also a C string, or 0 if the variable is not set.
     */
    long getenv(MemorySegment name);

    int unsetenv(MemorySegment name);

    /**
     * {@code pid} is a thread id, or 0 for the calling thread. {@code mask} has {@code length} bytes, one bit for each
     * CPU.
     */
    int schedSetaffinity(int pid, long length, MemorySegment mask);
}
