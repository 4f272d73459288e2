/* Closed-loop load for a UDP echo: every client keeps a window of datagrams outstanding, and a
 * reply opens it again. One thread, so that one core is enough. */
#include "common.h"
#include "measure.h"
#include "settings.h"
#include <sys/epoll.h>

enum {
    /* One sendmmsg of one client. */
    MAX_MESSAGES = 64,
    CHECK_EVERY_NS = 50 * 1000 * 1000,
    /* Far above any delay on a loopback: what has not come by then was dropped. Not less, since
     * a busy machine can keep a server off its core for 200 ms. */
    LOST_AFTER_NS = 500 * 1000 * 1000,
    /* What follows the mark in every datagram. */
    FILLER = 0x5A,
};

/* At the start of each datagram of 16 bytes or more, in the order of this machine. */
struct mark {
    uint64_t client;
    uint64_t sequence;
};

/* Sequences from `expected` up to `next` are outstanding. */
struct client {
    int fd;
    uint64_t id;
    uint64_t expected, next;
    uint64_t last_reply_ns;
};

struct load {
    struct settings settings;
    struct client *clients;
    struct counters counters;
    struct receive_batch *received;
    int segments; /* datagrams of a full message */
    char *data;
    struct mmsghdr headers[MAX_MESSAGES];
    struct iovec vectors[MAX_MESSAGES];
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
    } control;
};

/* ---- Sending ---- */

static int least(int a, int b) { return a < b ? a : b; }

static void prepare_messages(struct load *load)
{
    const struct settings *settings = &load->settings;
    int fitting = MAX_JOINED_BYTES / settings->size;
    load->segments = !settings->offload || fitting < 1 ? 1 : least(fitting, settings->segments);
    size_t message_bytes = (size_t)load->segments * (size_t)settings->size;
    load->data = map_memory(MAX_MESSAGES * message_bytes);
    memset(load->data, FILLER, MAX_MESSAGES * message_bytes);
    struct cmsghdr *control = &load->control.header;
    control->cmsg_level = IPPROTO_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    uint16_t segment_size = (uint16_t)settings->size;
    memcpy(CMSG_DATA(control), &segment_size, sizeof segment_size);
    for (int i = 0; i < MAX_MESSAGES; i++) {
        load->vectors[i].iov_base = load->data + (size_t)i * message_bytes;
        load->headers[i].msg_hdr.msg_iov = &load->vectors[i];
        load->headers[i].msg_hdr.msg_iovlen = 1;
    }
}

static int fill_messages(struct load *load, const struct client *client, int datagrams)
{
    size_t size = (size_t)load->settings.size;
    if (size >= sizeof(struct mark))
        for (int i = 0; i < datagrams; i++) {
            struct mark mark = {client->id, client->next + (uint64_t)i};
            memcpy(load->data + (size_t)i * size, &mark, sizeof mark);
        }
    int messages = 0;
    for (int left = datagrams; left > 0; left -= load->segments, messages++) {
        int segments = least(left, load->segments);
        load->vectors[messages].iov_len = (size_t)segments * size;
        struct msghdr *header = &load->headers[messages].msg_hdr;
        header->msg_control = segments > 1 ? &load->control : NULL;
        header->msg_controllen = segments > 1 ? sizeof load->control : 0;
    }
    return messages;
}

static void fill_window(struct load *load, struct client *client)
{
    for (;;) {
        int open = load->settings.window - (int)(client->next - client->expected);
        int datagrams = least(open, MAX_MESSAGES * load->segments);
        if (datagrams == 0)
            return;
        int messages = fill_messages(load, client, datagrams);
        int sent = sendmmsg(client->fd, load->headers, (unsigned)messages, MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS))
            return; /* the next reply or check comes back to it */
        if (sent < 0)
            die("sendmmsg");
        int sent_datagrams = least(sent * load->segments, datagrams);
        client->next += (uint64_t)sent_datagrams;
        load->counters.sent += (uint64_t)sent_datagrams;
    }
}

/* ---- Receiving ---- */

static void give_up(struct load *load, struct client *client, uint64_t until)
{
    load->counters.lost += until - client->expected;
    client->expected = until;
}

static void take_reply(struct load *load, struct client *client, const char *data, size_t length)
{
    uint64_t sequence = client->expected;
    bool right = length == (size_t)load->settings.size;
    if (right && length >= sizeof(struct mark)) {
        struct mark mark;
        memcpy(&mark, data, sizeof mark);
        sequence = mark.sequence;
        right = mark.client == client->id && sequence < client->next
            && (length == sizeof mark || data[length - 1] == FILLER);
    }
    if (!right) {
        load->counters.mismatches++;
    } else if (sequence < client->expected || client->expected == client->next) {
        load->counters.late++;
    } else {
        /* An echo keeps the order of one source: what was skipped does not come any more. */
        give_up(load, client, sequence);
        client->expected++;
        load->counters.replies++;
    }
}

static void receive_replies(struct load *load, struct client *client, uint64_t now)
{
    struct receive_batch *received = load->received;
    receive(client->fd, received);
    load->counters.messages += (uint64_t)received->used;
    for (int i = 0; i < received->used; i++) {
        const char *data = received->slots[i].data.iov_base;
        size_t left = received->headers[i].msg_len;
        size_t stride = datagram_stride(&received->headers[i]);
        do {
            size_t length = left < stride ? left : stride;
            take_reply(load, client, data, length);
            data += length;
            left -= length;
        } while (left > 0);
    }
    client->last_reply_ns = now;
}

/* ---- The run ---- */

static int open_clients(struct load *load)
{
    const struct settings *settings = &load->settings;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    load->clients = calloc((size_t)settings->clients, sizeof *load->clients);
    if (epoll < 0 || !load->clients)
        die("epoll_create1");
    uint64_t now = read_clock(CLOCK_MONOTONIC);
    for (int i = 0; i < settings->clients; i++) {
        int fd = open_udp(&settings->server);
        /* Takes a port; a dead server answers with ECONNREFUSED. */
        if (connect(fd, &settings->server.any, address_length(&settings->server)) < 0)
            die("connect");
        if (settings->offload)
            enable_gro(fd);
        load->clients[i] = (struct client){
            .fd = fd, .id = 0x5341564C4F000000 + (uint64_t)i, .last_reply_ns = now};
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &load->clients[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
            die("epoll_ctl");
    }
    return epoll;
}

static void reopen_stalled(struct load *load, uint64_t now)
{
    for (int i = 0; i < load->settings.clients; i++) {
        struct client *client = &load->clients[i];
        if (now - client->last_reply_ns < LOST_AFTER_NS)
            continue;
        give_up(load, client, client->next);
        client->last_reply_ns = now;
        fill_window(load, client);
    }
}

static void run_until(struct load *load, int epoll, uint64_t end)
{
    struct epoll_event events[64];
    uint64_t now = read_clock(CLOCK_MONOTONIC), check = now + CHECK_EVERY_NS;
    while (now < end) {
        int ready = epoll_wait(epoll, events, 64, CHECK_EVERY_NS / 1000000);
        if (ready < 0 && errno != EINTR)
            die("epoll_wait");
        now = read_clock(CLOCK_MONOTONIC);
        for (int i = 0; i < ready; i++) {
            receive_replies(load, events[i].data.ptr, now);
            fill_window(load, events[i].data.ptr);
        }
        if (now >= check) {
            reopen_stalled(load, now);
            check = now + CHECK_EVERY_NS;
        }
    }
}

int main(int argc, char **argv)
{
    static struct load load;
    load.settings = parse_arguments(argc, argv);
    load.received = new_receive_batch();
    prepare_messages(&load);
    int epoll = open_clients(&load);
    uint64_t begin = read_clock(CLOCK_MONOTONIC) + (uint64_t)load.settings.warmup * 1000000000;
    for (int i = 0; i < load.settings.clients; i++)
        fill_window(&load, &load.clients[i]);
    run_until(&load, epoll, begin);
    struct counters from = with_clocks(load.counters, load.settings.pid);
    run_until(&load, epoll, from.now_ns + (uint64_t)load.settings.seconds * 1000000000);
    struct counters to = with_clocks(load.counters, load.settings.pid);

    struct report report = make_report(&from, &to);
    (load.settings.json ? print_json : print_text)(&load.settings, &from, &to, &report);
    if (to.mismatches > 0 || to.replies == from.replies) {
        fprintf(stderr, "load: %s\n", to.mismatches > 0 ? "replies that were never sent so"
                                                        : "no reply came");
        return 1;
    }
    return 0;
}
