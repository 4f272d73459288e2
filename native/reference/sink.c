/* UDP sink: receives and counts datagrams as fast as one thread can. */
#include "counter.h"
#include "sockets.h"

static const char usage[] =
    "Usage: sink --counter FILE [--bind ADDR:PORT | --sockets N --ports FILE] [--no-gro]\n"
    "Receives on one thread with recvmmsg and UDP_GRO, reads each datagram and counts it.\n"
    "  --counter FILE    16 bytes, mapped: datagrams received so far, and 0 (64 bits each)\n"
    "  --bind ADDR:PORT  default 127.0.0.1:9999; [::1]:9999 for IPv6; port 0 selects a free port\n"
    "  --sockets N       N sockets on free ports of 127.0.0.1, counted together\n"
    "  --ports FILE      the file to write their ports to, one per line\n"
    "  --no-gro          no UDP_GRO: every datagram passes the kernel's network stack singly\n"
    "Stops on SIGTERM or SIGINT and prints its totals.\n";

struct arguments {
    union address address;
    const char *counter, *ports;
    int sockets;
    bool gro;
};

/* Reads the length and the first byte of each datagram, as a service would read every datagram. */
static void walk_message(struct receive_batch *received, int slot, struct totals *totals)
{
    const unsigned char *data = received->slots[slot].data.iov_base;
    size_t left = received->headers[slot].msg_len;
    size_t stride = datagram_stride(&received->headers[slot]);
    do {
        size_t length = left < stride ? left : stride;
        keep_number(length + (length > 0 ? data[0] : 0));
        totals->datagrams_in++;
        data += length;
        left -= length;
    } while (left > 0);
}

static void walk(struct receive_batch *received, struct totals *totals)
{
    for (int i = 0; i < received->used; i++)
        walk_message(received, i, totals);
    totals->messages_in += (uint64_t)received->used;
}

static void serve(const int *sockets, int count, struct counter *counter, struct totals *totals)
{
    struct receive_batch *received = new_receive_batch();
    struct epoll_event events[EVENTS];
    int epoll = open_epoll(sockets, count);
    while (!stopping) {
        int ready = await_sockets(epoll, events);
        for (int i = 0; i < ready; i++)
            do {
                totals->receive_calls++;
                receive(events[i].data.fd, received);
                walk(received, totals);
                store_counter(counter, totals->datagrams_in, 0);
                /* A batch that is not full has emptied the queue. Several sockets take turns. */
            } while (received->used == RECEIVE_SLOTS && count == 1 && !stopping);
    }
}

static struct arguments parse_arguments(int argc, char **argv)
{
    static const struct option options[] = {
        {"bind", required_argument, NULL, 'b'},
        {"counter", required_argument, NULL, 'c'},
        {"sockets", required_argument, NULL, 's'},
        {"ports", required_argument, NULL, 'p'},
        {"no-gro", no_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct arguments arguments = {.address = parse_address("--bind", "127.0.0.1:9999"),
                                  .gro = true};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'b': arguments.address = parse_address("--bind", optarg); break;
        case 'c': arguments.counter = optarg; break;
        case 's':
            arguments.sockets = (int)parse_number("--sockets", optarg, 1, MOST_SOCKETS);
            break;
        case 'p': arguments.ports = optarg; break;
        case 'n': arguments.gro = false; break;
        case 'h': exit(fputs(usage, stdout) < 0);
        default: exit(2);
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);
    if (!arguments.counter)
        fail_usage("--counter FILE is missing");
    if ((arguments.sockets > 0) != (arguments.ports != NULL))
        fail_usage("--sockets N and --ports FILE must be used together");
    return arguments;
}

int main(int argc, char **argv)
{
    struct arguments arguments = parse_arguments(argc, argv);
    struct counter *counter = map_counter(arguments.counter);
    int (*open_socket)(const union address *) = arguments.gro ? open_gro_udp : open_udp;
    int single, count = arguments.sockets, *sockets = &single;
    store_counter(counter, 0, 0);
    if (count > 0) {
        sockets = listen_many(count, open_socket, arguments.ports);
    } else {
        single = listen_udp(&arguments.address, open_socket);
        count = 1;
    }
    struct totals totals = {0};
    serve(sockets, count, counter, &totals);
    return print_totals(&totals);
}
