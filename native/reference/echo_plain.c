/* UDP echo without segmentation offload: every datagram passes the kernel's network stack singly. */
#include "common.h"
#include "server.h"

static const char usage[] =
    "Usage: echo_plain [--bind ADDR:PORT] [--mode single|mmsg]\n"
    "UDP echo on one thread without offload.\n"
    "  --bind ADDR:PORT  default 127.0.0.1:9999; [::1]:9999 for IPv6; port 0 selects a free port\n"
    "  --mode single     recvfrom and sendto, one datagram per call (default)\n"
    "  --mode mmsg       recvmmsg and sendmmsg, up to 64 datagrams per call\n"
    "Stops on SIGTERM or SIGINT and prints its totals.\n";

static void echo_single(int fd, int epoll, struct totals *totals)
{
    static char data[SLOT_BYTES];
    union address source = {0};
    while (!stopping) {
        await_readable(epoll);
        while (!stopping) {
            socklen_t source_length = sizeof source;
            ssize_t length = recvfrom(fd, data, sizeof data, MSG_DONTWAIT, &source.any,
                                      &source_length);
            totals->receive_calls++;
            if (length < 0 && errno == EAGAIN)
                break;
            if (length < 0)
                die("recvfrom");
            totals->datagrams_in++;
            totals->messages_in++;
            send_one(fd, data, (size_t)length, &source, totals);
        }
    }
}

static void echo_mmsg(int fd, int epoll, struct totals *totals)
{
    struct receive_batch *batch = new_receive_batch();
    while (!stopping) {
        await_readable(epoll);
        do {
            uint64_t received = (uint64_t)receive(fd, batch);
            totals->receive_calls++;
            totals->datagrams_in += received;
            totals->messages_in += received;
            if (received > 0)
                echo_batch(fd, batch, totals);
        } while (batch->used == RECEIVE_SLOTS && !stopping); /* a batch that is not full has emptied the queue */
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"bind", required_argument, NULL, 'b'},
        {"mode", required_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    union address address = parse_address("--bind", "127.0.0.1:9999");
    const char *mode = "single";
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'b': address = parse_address("--bind", optarg); break;
        case 'm': mode = optarg; break;
        case 'h': return fputs(usage, stdout) < 0;
        default: return 2;
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);
    bool single = strcmp(mode, "single") == 0;
    if (!single && strcmp(mode, "mmsg") != 0)
        fail_usage("--mode must be single or mmsg, not '%s'", mode);

    struct totals totals = {0};
    int fd = listen_udp(&address, open_udp);
    int epoll = open_epoll(&fd, 1);
    if (single)
        echo_single(fd, epoll, &totals);
    else
        echo_mmsg(fd, epoll, &totals);
    return print_totals(&totals);
}
