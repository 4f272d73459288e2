/* What the echo servers share: their socket, their end, their sends and their totals. */
#ifndef SALVO_REFERENCE_SERVER_H
#define SALVO_REFERENCE_SERVER_H

#include "common.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

enum { SEND_RETRIES = 3 };

static inline int listen_udp(const union address *address)
{
    int fd = open_udp(address);
    if (bind(fd, &address->any, address_length(address)) < 0)
        die("bind");
    union address bound = {0};
    socklen_t length = sizeof bound;
    if (getsockname(fd, &bound.any, &length) < 0)
        die("getsockname");
    char host[INET6_ADDRSTRLEN];
    if (bound.any.sa_family == AF_INET6)
        printf("listening on [%s]:%d\n",
               inet_ntop(AF_INET6, &bound.v6.sin6_addr, host, sizeof host),
               ntohs(bound.v6.sin6_port));
    else
        printf("listening on %s:%d\n", inet_ntop(AF_INET, &bound.v4.sin_addr, host, sizeof host),
               ntohs(bound.v4.sin_port));
    fflush(stdout);
    return fd;
}

struct totals {
    uint64_t datagrams_in, datagrams_out, messages_in, messages_out;
    uint64_t receive_calls, send_calls, failed;
};

static volatile sig_atomic_t stopping;
static int stop_event;

static inline void on_stop_signal(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    /* Between a look at `stopping` and epoll_wait the flag alone would go unseen. */
    (void)!write(stop_event, &(uint64_t){1}, sizeof(uint64_t));
}

/* An epoll that becomes readable with the socket, and for good with SIGTERM or SIGINT. */
static inline int open_epoll(int fd)
{
    stop_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    if (stop_event < 0 || epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0
        || epoll_ctl(epoll, EPOLL_CTL_ADD, stop_event, &event) < 0)
        die("epoll");
    struct sigaction action = {.sa_handler = on_stop_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
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

static inline int print_totals(const struct totals *totals)
{
    printf("datagrams in %" PRIu64 " out %" PRIu64 ", messages in %" PRIu64 " out %" PRIu64
           ", recvmmsg calls %" PRIu64 ", sendmmsg calls %" PRIu64 ", failed %" PRIu64 "\n",
           totals->datagrams_in, totals->datagrams_out, totals->messages_in, totals->messages_out,
           totals->receive_calls, totals->send_calls, totals->failed);
    return 0;
}

#endif
