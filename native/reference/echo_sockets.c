/* UDP echo on many sockets with one epoll. Each readable socket gets one recvmmsg and one sendmmsg. */
#include "sockets.h"

static const char usage[] =
    "Usage: echo_sockets --sockets N --ports FILE\n"
    "UDP echo on one thread and N sockets, on free ports of 127.0.0.1, without offload.\n"
    "  --sockets N   1 to 65,535; the receive buffers are the system's default\n"
    "  --ports FILE  the file to write the ports to, one per line\n"
    "Stops on SIGTERM or SIGINT and prints its totals.\n";

/* Receives one batch from each readable socket. The epoll is level-triggered and reports a socket
 * with more datagrams again. */
static void serve(int epoll, struct totals *totals)
{
    struct receive_batch *batch = new_receive_batch();
    struct epoll_event events[EVENTS];
    while (!stopping) {
        int ready = await_sockets(epoll, events);
        for (int i = 0; i < ready; i++) {
            uint64_t received = (uint64_t)receive(events[i].data.fd, batch);
            totals->receive_calls++;
            totals->datagrams_in += received;
            totals->messages_in += received;
            if (received > 0)
                echo_batch(events[i].data.fd, batch, totals);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"sockets", required_argument, NULL, 's'},
        {"ports", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int count = 0;
    const char *ports = NULL;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 's': count = (int)parse_number("--sockets", optarg, 1, MOST_SOCKETS); break;
        case 'p': ports = optarg; break;
        case 'h': return fputs(usage, stdout) < 0;
        default: return 2;
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);
    if (count == 0 || !ports)
        fail_usage("--sockets N and --ports FILE are needed");

    struct totals totals = {0};
    const int *sockets = listen_many(count, open_default_udp, ports);
    serve(open_epoll(sockets, count), &totals);
    return print_totals(&totals);
}
