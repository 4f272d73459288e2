/* Code that the reference programs share: errors, arguments, addresses, sockets, receive batches. */
#ifndef SALVO_REFERENCE_COMMON_H
#define SALVO_REFERENCE_COMMON_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECEIVE_SLOTS = 64,
    /* No UDP payload is longer, with or without GRO, so no slot ever truncates a message. */
    SLOT_BYTES = 65535,
    /* Not a power of two: otherwise the starts of all slots would fall into the same cache sets. */
    SLOT_STRIDE = 65536 + 128,
    /* UDP_MAX_SEGMENTS in include/linux/udp.h is 128 in newer kernels and 64 in older ones. */
    DEFAULT_SEGMENTS = 64,
    MOST_SEGMENTS = 128,
    /* The loopback device splits an IPv4 message of 65,494 bytes or more in software. */
    MAX_JOINED_BYTES = 65000,
    SOCKET_BUFFER_BYTES = 4 << 20,
};

/* ---- Errors ---- */

/* Reports a wrong argument in one line and exits with 2. */
__attribute__((noreturn, format(printf, 1, 2)))
static inline void fail_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " (see --help)\n");
    exit(2);
}

/* Reports a failed system call with its errno in one line and exits with 1. */
__attribute__((noreturn))
static inline void die(const char *call)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, call, strerror(errno));
    exit(1);
}

/* ---- Addresses ---- */

/* The kernel writes the same length for every source of one socket, and zeroes sin_zero and
 * sin6_flowinfo (udp_recvmsg, udpv6_recvmsg). Two addresses are therefore equal if all 32 bytes
 * are equal. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    uint64_t words[4];
};

static inline bool same_address(const union address *a, const union address *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static inline socklen_t address_length(const union address *address)
{
    return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

static inline long parse_number(const char *name, const char *text, long least, long most)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < least || number > most)
        fail_usage("%s must be a number from %ld to %ld, not '%s'", name, least, most, text);
    return number;
}

/* Parses an address such as "127.0.0.1:9999" or "[::1]:9999". */
static inline union address parse_address(const char *name, const char *text)
{
    union address address = {0};
    char host[INET6_ADDRSTRLEN + 2] = "";
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;
    if (length > 0 && length < sizeof host) {
        memcpy(host, text, length);
        in_port_t port = htons((uint16_t)parse_number("the port", colon + 1, 0, 65535));
        if (inet_pton(AF_INET, host, &address.v4.sin_addr) == 1) {
            address.v4.sin_family = AF_INET;
            address.v4.sin_port = port;
            return address;
        }
        host[length - 1] = host[length - 1] == ']' ? '\0' : 'x';
        if (host[0] == '[' && inet_pton(AF_INET6, host + 1, &address.v6.sin6_addr) == 1) {
            address.v6.sin6_family = AF_INET6;
            address.v6.sin6_port = port;
            return address;
        }
    }
    fail_usage("%s must be ADDR:PORT or [ADDR]:PORT, not '%s'", name, text);
}

static inline bool is_loopback(const union address *address)
{
    const struct in6_addr *v6 = &address->v6.sin6_addr;
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
}

/* ---- Sockets ---- */

/* Opens a socket with the system's default receive buffer. */
static inline int open_default_udp(const union address *address)
{
    int fd = socket(address->any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        die("socket");
    return fd;
}

static inline int open_udp(const union address *address)
{
    int fd = open_default_udp(address);
    /* net.core.rmem_max limits the size, also for root: no other peer gets a larger buffer. */
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){SOCKET_BUFFER_BYTES}, sizeof(int));
    return fd;
}

/* For programs that measure and are not measured. As root it may exceed net.core.rmem_max. */
static inline void force_receive_buffer(int fd)
{
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &(int){SOCKET_BUFFER_BYTES}, sizeof(int));
}

/* Raises the limit of open files for many sockets; the usual limit is 1,024. */
static inline void allow_descriptors(int count)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)count + 64;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("getrlimit");
    if (limit.rlim_cur >= needed)
        return;
    limit.rlim_cur = needed;
    limit.rlim_max = limit.rlim_max < needed ? needed : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("setrlimit RLIMIT_NOFILE");
}

static inline void enable_gro(int fd)
{
    if (setsockopt(fd, IPPROTO_UDP, UDP_GRO, &(int){1}, sizeof(int)) < 0)
        die("setsockopt UDP_GRO");
}

static inline int open_gro_udp(const union address *address)
{
    int fd = open_udp(address);
    enable_gro(fd);
    return fd;
}

/* ---- Memory and batches ---- */

/* Untouched pages need no memory, so every region can be mapped at its largest size. */
static inline void *map_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        die("mmap");
    return memory;
}

struct receive_slot {
    struct iovec data;
    union address source;
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
};

struct receive_batch {
    struct mmsghdr headers[RECEIVE_SLOTS];
    struct receive_slot slots[RECEIVE_SLOTS];
    int used;
};

static inline void reset_slot(struct msghdr *header)
{
    header->msg_namelen = sizeof(union address);
    header->msg_controllen = CMSG_SPACE(sizeof(int));
    header->msg_flags = 0;
}

static inline struct receive_batch *new_receive_batch(void)
{
    struct receive_batch *batch = map_memory(sizeof *batch);
    char *data = map_memory((size_t)RECEIVE_SLOTS * SLOT_STRIDE);
    for (int i = 0; i < RECEIVE_SLOTS; i++) {
        struct receive_slot *slot = &batch->slots[i];
        slot->data = (struct iovec){data + (size_t)i * SLOT_STRIDE, SLOT_BYTES};
        struct msghdr *header = &batch->headers[i].msg_hdr;
        header->msg_iov = &slot->data;
        header->msg_iovlen = 1;
        header->msg_name = &slot->source;
        header->msg_control = slot->control;
        reset_slot(header);
    }
    return batch;
}

/* Returns the number of messages received, 0 if there is none. The timeout of recvmmsg is NULL,
 * because the kernel checks it only after a datagram has arrived (recvmmsg(2), BUGS). */
static inline int receive(int fd, struct receive_batch *batch)
{
    for (int i = 0; i < batch->used; i++)
        reset_slot(&batch->headers[i].msg_hdr);
    int received = recvmmsg(fd, batch->headers, RECEIVE_SLOTS, MSG_DONTWAIT, NULL);
    if (received < 0 && errno != EAGAIN && errno != EINTR)
        die("recvmmsg");
    batch->used = received < 0 ? 0 : received;
    return batch->used;
}

/* Keeps the compiler from removing the computation of the number. */
static inline void keep_number(uint64_t number)
{
    __asm__ volatile("" : : "r"(number));
}

/* Returns the distance in bytes between the datagrams of a received message. A message without the
 * control message is a single datagram (udp_cmsg_recv in net/ipv4/udp.c). */
static inline size_t datagram_stride(struct mmsghdr *header)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(&header->msg_hdr);
    if (control && control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_GRO) {
        int stride;
        memcpy(&stride, CMSG_DATA(control), sizeof stride);
        return (size_t)stride;
    }
    return header->msg_len;
}

#endif
