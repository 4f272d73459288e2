/* One thread sends a round of datagrams to itself, receives it, and times both halves, in the same
 * way as SocketPair.java in bench/jmh. */
#ifndef SALVO_REFERENCE_EXCHANGE_H
#define SALVO_REFERENCE_EXCHANGE_H

#include "join.h"
#include "parse.h"

enum { ROUND = 64, MOST_DATAGRAMS = ROUND };

struct exchange {
    int count, size; /* datagrams in a batch, bytes in a datagram */
    int batches;     /* batches in a round */
    int slots;       /* the most messages that a batch fills; each receive call asks for as many */
    bool gso, connected, ipv6, metadata, nocopy;
    int from, to; /* sockets */
    union address source, destination;
    char *payload; /* `count` adjacent datagrams */
    struct send_batch *batch;
    int message_count; /* with nocopy: messages that were prepared once */
    struct receive_batch *received;
    char (*controls)[MOST_CONTROL];
    struct totals totals;
};

/* The total times for this number of datagrams. */
struct timings {
    uint64_t datagrams;
    double send_ns, receive_ns;
};

static inline void set_option(int fd, int level, int option)
{
    if (setsockopt(fd, level, option, &(int){1}, sizeof(int)) < 0)
        die("setsockopt");
}

/* Enables all of Salvo's Metadata that work with every network card. */
static inline void ask_for_metadata(int fd, bool ipv6)
{
    set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS);
    set_option(fd, SOL_SOCKET, SO_RXQ_OVFL);
    if (ipv6) {
        set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO);
        set_option(fd, IPPROTO_IPV6, IPV6_RECVTCLASS);
        set_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
    } else {
        set_option(fd, IPPROTO_IP, IP_PKTINFO);
        set_option(fd, IPPROTO_IP, IP_RECVTOS);
        set_option(fd, IPPROTO_IP, IP_RECVTTL);
    }
}

static inline void add_datagrams(struct exchange *exchange)
{
    for (int i = 0; i < exchange->count; i++)
        write_datagram(exchange->batch, exchange->from, &exchange->totals,
                       exchange->payload + (size_t)i * (size_t)exchange->size,
                       (size_t)exchange->size, &exchange->destination);
}

static inline int bind_loopback(const union address *address, bool gro)
{
    int fd = gro ? open_gro_udp(address) : open_udp(address);
    force_receive_buffer(fd); /* a round that does not fit ends the program with an error */
    if (bind(fd, &address->any, address_length(address)) < 0)
        die("bind");
    return fd;
}

static inline void connect_to(int fd, const union address *peer)
{
    if (connect(fd, &peer->any, address_length(peer)) < 0)
        die("connect");
}

static inline void open_sockets(struct exchange *exchange)
{
    union address address = parse_address("the address",
                                          exchange->ipv6 ? "[::1]:0" : "127.0.0.1:0");
    exchange->to = bind_loopback(&address, exchange->gso);
    exchange->from = bind_loopback(&address, false);
    exchange->source = bound_address(exchange->from);
    exchange->destination = bound_address(exchange->to);
    if (exchange->connected) {
        connect_to(exchange->from, &exchange->destination);
        connect_to(exchange->to, &exchange->source);
    }
    if (exchange->metadata)
        ask_for_metadata(exchange->to, exchange->ipv6);
}

/* Gives the kernel room for an address and control messages only if they are wanted. */
static inline void reset_header(const struct exchange *exchange, int slot)
{
    struct msghdr *header = &exchange->received->headers[slot].msg_hdr;
    header->msg_namelen = exchange->connected ? 0 : sizeof(union address);
    header->msg_controllen = exchange->metadata ? MOST_CONTROL
        : exchange->gso ? CMSG_SPACE(sizeof(int)) : 0;
    header->msg_flags = 0;
}

static inline void open_exchange(struct exchange *exchange)
{
    open_sockets(exchange);
    int fitting = MAX_JOINED_BYTES / exchange->size;
    int joined = !exchange->gso ? 1 : exchange->count < fitting ? exchange->count : fitting;
    exchange->slots = (exchange->count + joined - 1) / joined;
    exchange->batches = ROUND / exchange->count;
    size_t bytes = (size_t)exchange->count * (size_t)exchange->size;
    exchange->payload = map_memory(bytes);
    memset(exchange->payload, 'x', bytes);
    exchange->batch = new_send_batch(!exchange->nocopy, exchange->gso ? DEFAULT_SEGMENTS : 1);
    exchange->batch->connected = exchange->connected;
    if (exchange->nocopy) {
        add_datagrams(exchange);
        exchange->message_count = describe(exchange->batch);
    }
    exchange->received = new_receive_batch();
    exchange->controls = map_memory((size_t)RECEIVE_SLOTS * sizeof *exchange->controls);
    for (int i = 0; i < RECEIVE_SLOTS; i++) {
        struct msghdr *header = &exchange->received->headers[i].msg_hdr;
        header->msg_control = exchange->controls[i];
        if (exchange->connected)
            header->msg_name = NULL;
        reset_header(exchange, i);
    }
}

static inline void send_batch_of(struct exchange *exchange)
{
    if (exchange->nocopy) {
        send_all(exchange->from, exchange->batch->headers, exchange->batch->datagrams,
                 exchange->message_count, &exchange->totals);
    } else {
        add_datagrams(exchange);
        flush(exchange->batch, exchange->from, &exchange->totals);
    }
}

/* Reads the length, the first byte and the source of each datagram in a received message, and its
 * metadata if enabled. Returns the number of datagrams. */
static inline int take_message(const struct exchange *exchange, int slot)
{
    struct mmsghdr *header = &exchange->received->headers[slot];
    const union address *name = exchange->connected ? &exchange->source
                                                    : header->msg_hdr.msg_name;
    struct decoded_address source = decode_address(name);
    struct metadata metadata = {0};
    size_t left = header->msg_len, stride = left;
    if (exchange->metadata) {
        metadata = read_metadata(&header->msg_hdr);
        stride = metadata.stride > 0 ? (size_t)metadata.stride : left;
    } else if (exchange->gso) {
        stride = datagram_stride(header);
    }
    const unsigned char *data = exchange->received->slots[slot].data.iov_base;
    int datagrams = 0;
    for (; left > 0; datagrams++) {
        size_t length = left < stride ? left : stride;
        keep(&source);
        keep_number(length + data[0] + source.port);
        if (exchange->metadata)
            keep(&metadata);
        data += length;
        left -= length;
    }
    return datagrams;
}

static inline void receive_round(struct exchange *exchange)
{
    for (int missing = exchange->batches * exchange->count; missing > 0;) {
        int messages = recvmmsg(exchange->to, exchange->received->headers,
                                (unsigned)exchange->slots, MSG_DONTWAIT, NULL);
        if (messages < 0 && errno == EAGAIN) {
            fprintf(stderr, "micro: %d of %d datagrams were dropped; "
                    "raise net.core.rmem_max\n", missing,
                    exchange->batches * exchange->count);
            exit(1);
        }
        if (messages < 0)
            die("recvmmsg");
        for (int i = 0; i < messages; i++) {
            missing -= take_message(exchange, i);
            reset_header(exchange, i);
        }
    }
}

static inline struct timings run_exchange(struct exchange *exchange, uint64_t nanos)
{
    uint64_t begin = now_ns(), end = begin + nanos, rounds = 0, sending = 0, receiving = 0;
    while (begin < end) {
        for (int i = 0; i < exchange->batches; i++)
            send_batch_of(exchange);
        uint64_t sent = now_ns();
        receive_round(exchange);
        uint64_t received = now_ns();
        sending += sent - begin;
        receiving += received - sent;
        begin = received;
        rounds++;
    }
    if (exchange->totals.failed > 0) {
        fprintf(stderr, "micro: %" PRIu64 " datagrams could not be sent\n",
                exchange->totals.failed);
        exit(1);
    }
    return (struct timings){
        .datagrams = rounds * (uint64_t)(exchange->batches * exchange->count),
        .send_ns = (double)sending,
        .receive_ns = (double)receiving,
    };
}

#endif
