/* Reads what the kernel writes in addition to the payload: addresses and control messages. */
#ifndef SALVO_REFERENCE_PARSE_H
#define SALVO_REFERENCE_PARSE_H

#include "common.h"
#include <time.h>

enum { MOST_CONTROL = 256 };

static inline uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* Makes the compiler assume that the memory is read and changed here. */
static inline void keep(const void *memory)
{
    __asm__ volatile("" : : "r"(memory) : "memory");
}

/* ---- Control messages ---- */

/* A field without a control message is -1 or zero. */
struct metadata {
    struct in6_addr local;
    struct timespec time;
    int interface, traffic_class, hop_limit, stride;
    int64_t drops;
};

static inline int read_int(struct cmsghdr *control)
{
    int value;
    memcpy(&value, CMSG_DATA(control), sizeof value);
    return value;
}

static inline void read_ipv4_control(struct cmsghdr *control, struct metadata *metadata)
{
    if (control->cmsg_type == IP_PKTINFO) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(control), sizeof info);
        memcpy(&metadata->local, &info.ipi_addr, sizeof info.ipi_addr);
        metadata->interface = info.ipi_ifindex;
    } else if (control->cmsg_type == IP_TOS) {
        metadata->traffic_class = *CMSG_DATA(control); /* one byte (ip_cmsg_recv_tos) */
    } else if (control->cmsg_type == IP_TTL) {
        metadata->hop_limit = read_int(control);
    }
}

static inline void read_ipv6_control(struct cmsghdr *control, struct metadata *metadata)
{
    if (control->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo info;
        memcpy(&info, CMSG_DATA(control), sizeof info);
        metadata->local = info.ipi6_addr;
        metadata->interface = (int)info.ipi6_ifindex;
    } else if (control->cmsg_type == IPV6_TCLASS) {
        metadata->traffic_class = read_int(control);
    } else if (control->cmsg_type == IPV6_HOPLIMIT) {
        metadata->hop_limit = read_int(control);
    }
}

static inline void read_socket_control(struct cmsghdr *control, struct metadata *metadata)
{
    if (control->cmsg_type == SCM_TIMESTAMPNS)
        memcpy(&metadata->time, CMSG_DATA(control), sizeof metadata->time);
    else if (control->cmsg_type == SO_RXQ_OVFL)
        metadata->drops = (uint32_t)read_int(control);
}

static inline struct metadata read_metadata(struct msghdr *header)
{
    struct metadata metadata = {.interface = -1, .traffic_class = -1, .hop_limit = -1,
                                .stride = -1, .drops = -1};
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    for (; control; control = CMSG_NXTHDR(header, control)) {
        switch (control->cmsg_level) {
        case IPPROTO_IP: read_ipv4_control(control, &metadata); break;
        case IPPROTO_IPV6: read_ipv6_control(control, &metadata); break;
        case SOL_SOCKET: read_socket_control(control, &metadata); break;
        case IPPROTO_UDP:
            if (control->cmsg_type == UDP_GRO)
                metadata.stride = read_int(control);
            break;
        }
    }
    return metadata;
}

static inline struct cmsghdr *put_control(struct cmsghdr *control, int level, int type,
                                          const void *data, size_t length)
{
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(length);
    memcpy(CMSG_DATA(control), data, length);
    return (struct cmsghdr *)((char *)control + CMSG_SPACE(length));
}

/* Writes the three control messages of ControlBenchmark.java into MOST_CONTROL bytes. */
static inline void encode_control(struct msghdr *header)
{
    struct in_pktinfo info = {.ipi_ifindex = 1, .ipi_spec_dst.s_addr = htonl(INADDR_LOOPBACK)};
    struct cmsghdr *control = header->msg_control;
    control = put_control(control, IPPROTO_UDP, UDP_SEGMENT, &(uint16_t){1200}, sizeof(uint16_t));
    control = put_control(control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    control = put_control(control, IPPROTO_IP, IP_TTL, &(int){64}, sizeof(int));
    header->msg_controllen = (size_t)((char *)control - (char *)header->msg_control);
}

static inline int decode_control(struct msghdr *header)
{
    int sum = 0;
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    for (; control; control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            sum += info.ipi_ifindex + (int)info.ipi_spec_dst.s_addr;
        } else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_TTL) {
            sum += read_int(control);
        } else if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_SEGMENT) {
            sum += *CMSG_DATA(control);
        }
    }
    return sum;
}

/* ---- Addresses ---- */

/* The same fields as in SockAddr.java. The first word has the family, the port, and for IPv4 the
 * address. */
struct decoded_address {
    uint64_t head, first, second;
    uint32_t scope;
    uint16_t port;
};

static inline struct decoded_address decode_address(const union address *address)
{
    struct decoded_address decoded = {.head = address->words[0]};
    decoded.port = ntohs(address->v4.sin_port); /* sin6_port has the same offset */
    if (address->any.sa_family == AF_INET6) {
        decoded.first = address->words[1];
        decoded.second = address->words[2];
        decoded.scope = address->v6.sin6_scope_id;
    }
    return decoded;
}

/* ---- Timing ---- */

enum { ADDRESSES = 256, REPEATS = 100000 };

struct parsed {
    union address addresses[ADDRESSES];
    struct msghdr header;
    _Alignas(struct cmsghdr) char control[MOST_CONTROL];
};

static inline void decode_one_address(struct parsed *parsed, int i)
{
    struct decoded_address decoded = decode_address(&parsed->addresses[i & (ADDRESSES - 1)]);
    keep(&decoded);
}

static inline void decode_one_control(struct parsed *parsed, int i)
{
    (void)i;
    /* The compiler must not use the values that it has seen being written. */
    keep(parsed);
    keep_number((uint64_t)decode_control(&parsed->header));
}

static inline void encode_one_control(struct parsed *parsed, int i)
{
    (void)i;
    encode_control(&parsed->header);
    keep(parsed);
}

/* Makes the addresses of AddressBenchmark.java, and control messages. */
static inline struct parsed *new_parsed(bool ipv6)
{
    static struct parsed parsed;
    parsed.header = (struct msghdr){.msg_control = parsed.control,
                                    .msg_controllen = sizeof parsed.control};
    encode_control(&parsed.header);
    for (int i = 0; i < ADDRESSES; i++) {
        char text[64];
        snprintf(text, sizeof text, ipv6 ? "[2001:db8::%d]:%d" : "192.0.2.%d:%d", i, 1024 + i);
        parsed.addresses[i] = parse_address("the address", text);
    }
    return &parsed;
}

/* Returns the nanoseconds for a call. The call is inlined into the loop. */
static inline __attribute__((always_inline)) double
time_calls(void (*call)(struct parsed *, int), bool ipv6, uint64_t nanos)
{
    struct parsed *parsed = new_parsed(ipv6);
    uint64_t begin = now_ns(), now, count = 0;
    do {
        for (int i = 0; i < REPEATS; i++)
            call(parsed, i);
        count += REPEATS;
    } while ((now = now_ns()) - begin < nanos);
    return (double)(now - begin) / (double)count;
}

#endif
