/* A send batch that joins datagrams. Each datagram's destination is looked up, and the datagram is
 * copied and appended to the message for that destination, which is sent with UDP_SEGMENT. */
#ifndef SALVO_REFERENCE_JOIN_H
#define SALVO_REFERENCE_JOIN_H

#include "common.h"
#include "server.h"

enum {
    MAX_MESSAGES = 1024, /* UIO_MAXIOV, the most that one sendmmsg takes */
    MAX_PIECES = 8192,
    TABLE_SIZE = 2 * MAX_MESSAGES, /* a power of two */
    REGION_BYTES = RECEIVE_SLOTS * SLOT_BYTES,
};

/* A part of a message that is contiguous in memory. */
struct piece {
    struct iovec data;
    uint32_t next;
};

/* One kernel message: datagrams of segment_size bytes to one destination. The last may be shorter. */
struct message {
    union address destination;
    uint32_t segment_size, bytes;
    uint32_t first_piece, last_piece;
    uint16_t segments;
    bool open;
};

/* Refers to the latest message to a destination. Entries from an earlier flush count as empty. */
struct table_entry {
    uint32_t flush, message;
};

union segment_control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(uint16_t))];
};

struct send_batch {
    bool copying;
    bool connected; /* the socket has a peer, so the messages carry no destination */
    uint32_t most_segments;
    uint32_t flush;
    uint32_t message_count, piece_count, region_used;
    struct message *latest;
    char *region;
    struct message messages[MAX_MESSAGES];
    struct piece pieces[MAX_PIECES];
    struct table_entry table[TABLE_SIZE];
    struct mmsghdr headers[MAX_MESSAGES];
    union segment_control controls[MAX_MESSAGES];
    uint16_t datagrams[MAX_MESSAGES];
    struct iovec vectors[MAX_PIECES];
};

static inline struct send_batch *new_send_batch(bool copying, uint32_t most_segments)
{
    struct send_batch *batch = map_memory(sizeof *batch);
    batch->copying = copying;
    batch->most_segments = most_segments;
    batch->flush = 1;
    batch->region = map_memory(REGION_BYTES);
    for (int i = 0; i < MAX_MESSAGES; i++) {
        struct cmsghdr *control = &batch->controls[i].header;
        control->cmsg_level = IPPROTO_UDP;
        control->cmsg_type = UDP_SEGMENT;
        control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
        batch->headers[i].msg_hdr.msg_name = &batch->messages[i].destination;
    }
    return batch;
}

/* Writes the message headers and returns their number. */
static inline int describe(struct send_batch *batch)
{
    struct iovec *vector = batch->vectors;
    for (uint32_t i = 0; i < batch->message_count; i++) {
        struct message *message = &batch->messages[i];
        struct msghdr *header = &batch->headers[i].msg_hdr;
        /* The kernel ignores a name of length 0 (copy_msghdr_from_user, net/socket.c). */
        header->msg_namelen = batch->connected ? 0 : address_length(&message->destination);
        header->msg_iov = vector;
        for (uint32_t piece = message->first_piece;; piece = batch->pieces[piece].next) {
            *vector++ = batch->pieces[piece].data;
            if (piece == message->last_piece)
                break;
        }
        header->msg_iovlen = (size_t)(vector - header->msg_iov);
        bool joined = message->segments > 1;
        uint16_t segment_size = (uint16_t)message->segment_size;
        memcpy(CMSG_DATA(&batch->controls[i].header), &segment_size, sizeof segment_size);
        header->msg_control = joined ? &batch->controls[i] : NULL;
        header->msg_controllen = joined ? sizeof batch->controls[i] : 0;
        batch->datagrams[i] = message->segments;
    }
    return (int)batch->message_count;
}

static inline void flush(struct send_batch *batch, int fd, struct totals *totals)
{
    send_all(fd, batch->headers, batch->datagrams, describe(batch), totals);
    batch->message_count = batch->piece_count = batch->region_used = 0;
    batch->latest = NULL;
    batch->flush++;
}

static inline struct table_entry *find_entry(struct send_batch *batch,
                                             const union address *destination)
{
    const uint64_t *words = destination->words;
    uint64_t hash = (words[0] ^ words[2] ^ words[3] ^ words[1] * 31) * 0x9E3779B97F4A7C15;
    for (uint32_t i = (uint32_t)(hash >> 40);; i++) {
        struct table_entry *entry = &batch->table[i % TABLE_SIZE];
        if (entry->flush != batch->flush
            || same_address(&batch->messages[entry->message].destination, destination))
            return entry;
    }
}

/* A shorter datagram is the last of its message. An empty datagram is never joined: it would
 * disappear in the message. */
static inline bool may_join(const struct message *message, size_t length)
{
    return message->open && length > 0 && length <= message->segment_size
        && message->bytes + length <= MAX_JOINED_BYTES;
}

static inline void append_piece(struct send_batch *batch, struct message *message, char *data,
                                size_t length)
{
    struct piece *last = &batch->pieces[message->last_piece];
    if (message->segments > 0 && (char *)last->data.iov_base + last->data.iov_len == data) {
        last->data.iov_len += length;
        return;
    }
    uint32_t index = batch->piece_count++;
    batch->pieces[index].data = (struct iovec){data, length};
    if (message->segments > 0)
        last->next = index;
    else
        message->first_piece = index;
    message->last_piece = index;
}

static inline void append(struct send_batch *batch, struct message *message, char *data,
                          size_t length)
{
    if (batch->copying) {
        char *copy = batch->region + batch->region_used;
        memcpy(copy, data, length);
        batch->region_used += (uint32_t)length;
        data = copy;
    }
    append_piece(batch, message, data, length);
    message->bytes += (uint32_t)length;
    message->segments++;
    message->open = length == message->segment_size && length > 0
        && message->segments < batch->most_segments;
}

static inline struct message *start_message(struct send_batch *batch, struct table_entry *entry,
                                            const union address *destination, size_t length)
{
    entry->flush = batch->flush;
    entry->message = batch->message_count++;
    struct message *message = &batch->messages[entry->message];
    message->destination = *destination;
    message->segment_size = (uint32_t)length;
    message->bytes = 0;
    message->segments = 0;
    return message;
}

static inline void write_datagram(struct send_batch *batch, int fd, struct totals *totals,
                                  char *data, size_t length, const union address *destination)
{
    if (batch->message_count == MAX_MESSAGES || batch->piece_count == MAX_PIECES
        || batch->region_used + length > REGION_BYTES)
        flush(batch, fd, totals);
    struct message *message = batch->latest;
    if (!message || !same_address(&message->destination, destination)
        || !may_join(message, length)) {
        struct table_entry *entry = find_entry(batch, destination);
        message = &batch->messages[entry->message];
        if (entry->flush != batch->flush || !may_join(message, length))
            message = start_message(batch, entry, destination, length);
        batch->latest = message;
    }
    append(batch, message, data, length);
}

#endif
