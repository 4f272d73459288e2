/* What the servers and sources share: their sockets, their end, their sends and their totals. */
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
    /* Between a look at `stopping` and epoll_wait the flag alone would go unseen. */
    (void)!write(stop_event, &(uint64_t){1}, sizeof(uint64_t));
}

/* Before the first line is printed: whoever reads it may send one. */
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

/* An epoll that becomes readable with the sockets, and for good with stop_on_signals. */
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

/* After a failed send: is the same message worth another try? The error may be that of another
 * datagram, whose ICMP answer this call fetched and cleared (sock_error in include/net/sock.h). */
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

/* Sends every message, or counts the datagrams of one that the kernel keeps refusing as failed.
 * A joined one fails as a whole: over loopback nothing calls for sending its datagrams singly. */
static inline void send_all(int fd, struct mmsghdr *headers, const uint16_t *datagrams, int count,
                            struct totals *totals)
{
    int retries = 0;
    for (int next = 0; next < count;) {
        int sent = sendmmsg(fd, headers + next, (unsigned)(count - next), MSG_DONTWAIT);
        totals->send_calls++;
        if (sent > 0) {
            /* A short count is no error: only -1 tells one, and it concerns the first message. */
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

/* The received messages are sent as they are: the same headers, cut to what was received. */
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
