/* The clients of the load generator: how they send datagrams and check the replies. */
#ifndef SALVO_REFERENCE_CLIENT_H
#define SALVO_REFERENCE_CLIENT_H

#include "measure.h"
#include "samples.h"

enum {
    /* The most messages in one sendmmsg of a client. */
    MAX_MESSAGES = 64,
    /* The byte that fills every datagram after the mark. */
    FILLER = 0x5A,
};

/* The start of each datagram of 16 bytes or more, in native byte order. */
struct mark {
    uint64_t client;
    uint64_t sequence;
};

/* The sequences from `expected` to `next`, exclusive, are outstanding. */
struct client {
    int fd;
    uint64_t id;
    uint64_t expected, next;
    uint64_t last_reply_ns;
    uint64_t *sent_ns; /* a ring as long as the window; only in a closed loop with samples */
};

struct load {
    struct settings settings;
    struct client *clients;
    struct counters counters;
    struct samples *samples; /* or NULL */
    uint64_t start_ns;       /* open loop: when the first datagram is due */
    uint64_t next_burst;     /* open loop: the number of the next burst, over all clients */
    struct receive_batch *received;
    int segments; /* datagrams in a full message */
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

/* Returns the number of datagrams sent, 0 if the kernel has no buffer space now. */
static int send_datagrams(struct load *load, struct client *client, int datagrams)
{
    int messages = fill_messages(load, client, datagrams);
    uint64_t now = client->sent_ns ? read_clock(CLOCK_MONOTONIC) : 0;
    int sent = sendmmsg(client->fd, load->headers, (unsigned)messages, MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS))
        return 0;
    if (sent < 0)
        die("sendmmsg");
    int sent_datagrams = least(sent * load->segments, datagrams);
    for (int i = 0; client->sent_ns && i < sent_datagrams; i++)
        client->sent_ns[(client->next + (uint64_t)i) % (uint64_t)load->settings.window] = now;
    client->next += (uint64_t)sent_datagrams;
    load->counters.sent += (uint64_t)sent_datagrams;
    return sent_datagrams;
}

/* Open loop: when a burst is due. A double is exact to a nanosecond for 104 days. */
static uint64_t due_ns(const struct load *load, uint64_t burst)
{
    double interval = 1e9 * load->settings.burst / load->settings.rate;
    return load->start_ns + (uint64_t)((double)burst * interval);
}

/* Open loop: when a client's datagram is due. The clients send their bursts in turn. */
static uint64_t due_of(const struct load *load, const struct client *client, uint64_t sequence)
{
    uint64_t of_client = sequence / (uint64_t)load->settings.burst;
    return due_ns(load, of_client * (uint64_t)load->settings.clients
                            + (uint64_t)(client - load->clients));
}

/* ---- Receiving ---- */

/* The batch asks the kernel for no source, because a connected socket has only one, and without
 * GRO for no control messages, because each message is one datagram. This keeps the load cheap. */
static struct receive_batch *new_reply_batch(bool offload)
{
    struct receive_batch *batch = new_receive_batch();
    for (int i = 0; i < RECEIVE_SLOTS; i++) {
        batch->headers[i].msg_hdr.msg_name = NULL;
        if (!offload)
            batch->headers[i].msg_hdr.msg_control = NULL;
    }
    return batch;
}

static void give_up(struct load *load, struct client *client, uint64_t until)
{
    load->counters.lost += until - client->expected;
    client->expected = until;
}

static uint64_t sent_time(const struct load *load, const struct client *client, uint64_t sequence)
{
    return client->sent_ns ? client->sent_ns[sequence % (uint64_t)load->settings.window]
                           : due_of(load, client, sequence);
}

static void take_reply(struct load *load, struct client *client, const char *data, size_t length,
                       uint64_t now)
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
        /* An echo keeps the order of one source: skipped datagrams will not arrive any more. */
        give_up(load, client, sequence);
        client->expected++;
        load->counters.replies++;
        if (load->samples)
            add_sample(load->samples, sent_time(load, client, sequence), now);
    }
}

static void receive_replies(struct load *load, struct client *client)
{
    struct receive_batch *received = load->received;
    receive(client->fd, received);
    uint64_t now = read_clock(CLOCK_MONOTONIC);
    load->counters.messages += (uint64_t)received->used;
    for (int i = 0; i < received->used; i++) {
        const char *data = received->slots[i].data.iov_base;
        size_t left = received->headers[i].msg_len;
        size_t stride = datagram_stride(&received->headers[i]);
        do {
            size_t length = left < stride ? left : stride;
            take_reply(load, client, data, length, now);
            data += length;
            left -= length;
        } while (left > 0);
    }
    client->last_reply_ns = now;
}

#endif
