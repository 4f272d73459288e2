/* UDP echo with UDP_GRO and UDP_SEGMENT: up to 64 datagrams pass the kernel's network stack as one
 * message. It is written like a service that may send any reply to any destination: each received
 * datagram is split off, its destination is looked up, and the reply is copied and joined singly. */
#include "join.h"

static const char usage[] =
    "Usage: echo_gso [--bind ADDR:PORT] [--segments N] [--nocopy]\n"
    "UDP echo on one thread with UDP_GRO and UDP_SEGMENT.\n"
    "  --bind ADDR:PORT  default 127.0.0.1:9999; [::1]:9999 for IPv6; port 0 selects a free port\n"
    "  --segments N      the most datagrams in a sent message, 1 to 128 (default 64)\n"
    "  --nocopy          reply from the receive buffers: shows the limit, is not a usable service\n"
    "Stops on SIGTERM or SIGINT and prints its totals.\n";

static void echo_received(struct receive_batch *received, struct send_batch *batch, int fd,
                          struct totals *totals)
{
    for (int i = 0; i < received->used; i++) {
        char *data = received->slots[i].data.iov_base;
        size_t left = received->headers[i].msg_len;
        size_t stride = datagram_stride(&received->headers[i]);
        /* do-while, because an empty datagram counts too. */
        do {
            size_t length = left < stride ? left : stride;
            write_datagram(batch, fd, totals, data, length, &received->slots[i].source);
            totals->datagrams_in++;
            data += length;
            left -= length;
        } while (left > 0);
    }
    flush(batch, fd, totals);
}

static void serve(int fd, int epoll, struct send_batch *batch, struct totals *totals)
{
    struct receive_batch *received = new_receive_batch();
    while (!stopping) {
        await_readable(epoll);
        do {
            totals->receive_calls++;
            totals->messages_in += (uint64_t)receive(fd, received);
            if (received->used > 0)
                echo_received(received, batch, fd, totals);
        } while (received->used == RECEIVE_SLOTS && !stopping); /* a batch that is not full has emptied the queue */
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"bind", required_argument, NULL, 'b'},
        {"segments", required_argument, NULL, 's'},
        {"nocopy", no_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    union address address = parse_address("--bind", "127.0.0.1:9999");
    bool copying = true;
    uint32_t most_segments = DEFAULT_SEGMENTS;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'b': address = parse_address("--bind", optarg); break;
        case 's':
            most_segments = (uint32_t)parse_number("--segments", optarg, 1, MOST_SEGMENTS);
            break;
        case 'n': copying = false; break;
        case 'h': return fputs(usage, stdout) < 0;
        default: return 2;
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);

    struct totals totals = {0};
    int fd = listen_udp(&address, open_gro_udp);
    serve(fd, open_epoll(&fd, 1), new_send_batch(copying, most_segments), &totals);
    return print_totals(&totals);
}
