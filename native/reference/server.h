/* Code that servers and sources share: sockets, termination, sending and totals. */
#ifndef SALVO_REFERENCE_SERVER_H
#define SALVO_REFERENCE_SERVER_H

#include "common.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

enum { SEND_RETRIES = 3 };

static volatile sig_atomic_t stopping;
static int stop_event;

static inline void on_stop_signal(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    /* The flag alone would be missed if the signal came between the check of `stopping` and
     * epoll_wait. */
    (void)!write(stop_event, &(uint64_t){1}, sizeof(uint64_t));
}

/* Call this before the first line is printed: the reader of that line may send a signal. */
static inline void stop_on_signals(void)
{
    stop_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stop_event < 0)
        die("eventfd");
    struct sigaction action = {.sa_handler = on_stop_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

static inline union address bound_address(int fd)
{
    union address bound = {0};
    socklen_t length = sizeof bound;
    if (getsockname(fd, &bound.any, &length) < 0)
        die("getsockname");
    return bound;
}

static inline void print_address(const char *doing, const union address *address)
{
    char host[INET6_ADDRSTRLEN];
    bool v6 = address->any.sa_family == AF_INET6;
    const void *bytes = v6 ? (const void *)&address->v6.sin6_addr : &address->v4.sin_addr;
    inet_ntop(address->any.sa_family, bytes, host, sizeof host);
    printf(v6 ? "%s [%s]:%d\n" : "%s %s:%d\n", doing, host,
           ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port));
    fflush(stdout);
}

static inline int listen_udp(const union address *address,
                             int (*open_socket)(const union address *))
{
    stop_on_signals();
    int fd = open_socket(address);
    if (bind(fd, &address->any, address_length(address)) < 0)
        die("bind");
    union address bound = bound_address(fd);
    print_address("listening on", &bound);
    return fd;
}

struct totals {
    uint64_t datagrams_in, datagrams_out, messages_in, messages_out;
    uint64_t receive_calls, send_calls, failed;
};

static inline void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        die("epoll_ctl");
}

/* Opens an epoll instance that is ready when a socket is readable, and always after a signal. */
static inline int open_epoll(const int *sockets, int count)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        die("epoll_create1");
    watch(epoll, stop_event);
    for (int i = 0; i < count; i++)
        watch(epoll, sockets[i]);
    return epoll;
}

static inline void await_readable(int epoll)
{
    struct epoll_event event;
    if (epoll_wait(epoll, &event, 1, -1) < 0 && errno != EINTR)
        die("epoll_wait");
}

/* Returns whether to retry a message after a failed send. The error may belong to an earlier
 * datagram: a send returns and clears an error that an ICMP message has left on the socket
 * (sock_error in include/net/sock.h). */
static inline bool try_again(int fd, int *retries)
{
    if (errno == EAGAIN && !stopping) {
        poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        return true;
    }
    return errno == EINTR || (*retries)++ < SEND_RETRIES;
}

static inline void send_one(int fd, const char *data, size_t length,
                            const union address *destination, struct totals *totals)
{
    int retries = 0;
    do {
        totals->send_calls++;
        if (sendto(fd, data, length, MSG_DONTWAIT, &destination->any,
                   address_length(destination)) >= 0) {
            totals->datagrams_out++;
            totals->messages_out++;
            return;
        }
    } while (try_again(fd, &retries));
    totals->failed++;
}

/* Sends every message. If the kernel keeps rejecting a message, its datagrams are counted as failed.
 * A joined message fails as a whole: over loopback there is no reason to send its datagrams
 * singly. */
static inline void send_all(int fd, struct mmsghdr *headers, const uint16_t *datagrams, int count,
                            struct totals *totals)
{
    int retries = 0;
    for (int next = 0; next < count;) {
        int sent = sendmmsg(fd, headers + next, (unsigned)(count - next), MSG_DONTWAIT);
        totals->send_calls++;
        if (sent > 0) {
            /* A short count is not an error. sendmmsg returns an error only for the first message. */
            for (int end = next + sent; next < end; next++)
                totals->datagrams_out += datagrams[next];
            totals->messages_out += (uint64_t)sent;
            retries = 0;
        } else if (!try_again(fd, &retries)) {
            totals->failed += datagrams[next++];
            retries = 0;
        }
    }
}

/* Sends the received messages back with the same headers, shortened to the received lengths. */
static inline void echo_batch(int fd, struct receive_batch *batch, struct totals *totals)
{
    static uint16_t datagrams[RECEIVE_SLOTS];
    for (int i = 0; i < batch->used; i++) {
        batch->slots[i].data.iov_len = batch->headers[i].msg_len;
        batch->headers[i].msg_hdr.msg_controllen = 0;
        datagrams[i] = 1;
    }
    send_all(fd, batch->headers, datagrams, batch->used, totals);
    for (int i = 0; i < batch->used; i++)
        batch->slots[i].data.iov_len = SLOT_BYTES;
}

static inline int print_totals(const struct totals *totals)
{
    printf("datagrams in %" PRIu64 " out %" PRIu64 ", messages in %" PRIu64 " out %" PRIu64
           ", recvmmsg calls %" PRIu64 ", sendmmsg calls %" PRIu64 ", failed %" PRIu64 "\n",
           totals->datagrams_in, totals->datagrams_out, totals->messages_in, totals->messages_out,
           totals->receive_calls, totals->send_calls, totals->failed);
    return 0;
}

#endif
