/* The command line of the load generator. */
#ifndef SALVO_REFERENCE_SETTINGS_H
#define SALVO_REFERENCE_SETTINGS_H

#include "common.h"

static const char usage[] =
    "Usage: load --to ADDR:PORT [options]\n"
    "Generates UDP load on one thread and measures an echo server. By default the loop is closed:\n"
    "each reply lets the client send another datagram. With --rate the loop is open. It waits in\n"
    "epoll_wait; with --clients 1 --window 1 in a blocking recv, which is cheapest; with --rate it\n"
    "spins and needs a core of its own.\n"
    "  --to ADDR:PORT   the server: 127.0.0.1:9999 or [::1]:9999\n"
    "  --ports FILE     instead of --to: ports of 127.0.0.1, one per line, spread over the clients\n"
    "  --clients N      sockets, each with a source port of its own (default 16)\n"
    "  --window W       outstanding datagrams of each client (default 128)\n"
    "  --size BYTES     payload; 16 or more carry a sequence, which is verified (default 64)\n"
    "  --seconds S      measured time, for example 2 or 0.3 (default 5)\n"
    "  --warmup S       time before the measurement that is not counted (default 0)\n"
    "  --offload        send with UDP_SEGMENT and receive with UDP_GRO\n"
    "  --segments N     the most datagrams in an offloaded message, 1 to 128 (default 64); the\n"
    "                   window should be a multiple of it, or of the number of datagrams that fit\n"
    "                   into 65,000 bytes (54 of 1,200 bytes)\n"
    "  --rate N         open loop: send N datagrams a second from all clients in turn, however late\n"
    "                   the replies are; the window is ignored; a round trip begins when its\n"
    "                   datagram is due, and \"behind\" counts those sent over 1 ms late\n"
    "  --burst N        with --rate: the number of datagrams that a client sends together (default 1)\n"
    "  --samples FILE   append the nanoseconds of every measured round trip, as 64 bits in native\n"
    "                   byte order; with --rate of the datagrams that are due in the measured time,\n"
    "                   whose replies are awaited for up to 1 s\n"
    "  --pid PID        the server, to report its CPU time\n"
    "  --json           print the report as one line of JSON\n"
    "  --allow-remote   permit a destination that is not a loopback address\n"
    "Exit code 1 if a reply differs from what was sent, or if no reply came.\n";

struct settings {
    union address server;
    int clients, window, size, segments, rate, burst;
    uint64_t seconds_ns, warmup_ns;
    const char *samples, *ports;
    pid_t pid;
    bool offload, json, allow_remote;
};

static uint64_t parse_seconds(const char *name, const char *text, uint64_t least_ns)
{
    char *end;
    double seconds = strtod(text, &end);
    /* Written so that NaN is rejected: every comparison with it is false. */
    if (end == text || *end != '\0' || !(seconds >= 0 && seconds <= 86400)
        || (uint64_t)(seconds * 1e9) < least_ns)
        fail_usage("%s must be a number of seconds up to 86400, not '%s'", name, text);
    return (uint64_t)(seconds * 1e9);
}

static void check_settings(struct settings *settings)
{
    if ((settings->server.any.sa_family == AF_UNSPEC) == (settings->ports == NULL))
        fail_usage("--to ADDR:PORT or --ports FILE is needed");
    if (settings->ports)
        settings->server = parse_address("the address", "127.0.0.1:0");
    if (!settings->allow_remote && !is_loopback(&settings->server))
        fail_usage("the destination is not a loopback address; --allow-remote permits it");
    if ((settings->rate > 0 || settings->samples) && settings->size < 16)
        fail_usage("--rate and --samples need a sequence in each datagram: --size 16 or more");
    if (settings->burst > 1 && settings->rate == 0)
        fail_usage("--burst needs --rate");
}

static struct settings parse_arguments(int argc, char **argv)
{
    static const struct option options[] = {
        {"to", required_argument, NULL, 't'},
        {"clients", required_argument, NULL, 'c'},
        {"window", required_argument, NULL, 'w'},
        {"size", required_argument, NULL, 'b'},
        {"seconds", required_argument, NULL, 's'},
        {"warmup", required_argument, NULL, 'u'},
        {"segments", required_argument, NULL, 'g'},
        {"rate", required_argument, NULL, 'R'},
        {"burst", required_argument, NULL, 'B'},
        {"samples", required_argument, NULL, 'S'},
        {"ports", required_argument, NULL, 'P'},
        {"pid", required_argument, NULL, 'p'},
        {"offload", no_argument, NULL, 'o'},
        {"json", no_argument, NULL, 'j'},
        {"allow-remote", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct settings settings = {.clients = 16, .window = 128, .size = 64, .seconds_ns = 5000000000,
                                .segments = DEFAULT_SEGMENTS, .burst = 1};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 't': settings.server = parse_address("--to", optarg); break;
        case 'c': settings.clients = (int)parse_number("--clients", optarg, 1, 4096); break;
        case 'w': settings.window = (int)parse_number("--window", optarg, 1, 1 << 20); break;
        case 'b': settings.size = (int)parse_number("--size", optarg, 1, 65507); break;
        case 's': settings.seconds_ns = parse_seconds("--seconds", optarg, 1); break;
        case 'u': settings.warmup_ns = parse_seconds("--warmup", optarg, 0); break;
        case 'g':
            settings.segments = (int)parse_number("--segments", optarg, 1, MOST_SEGMENTS);
            break;
        case 'p': settings.pid = (pid_t)parse_number("--pid", optarg, 1, INT32_MAX); break;
        case 'R': settings.rate = (int)parse_number("--rate", optarg, 1, 100000000); break;
        case 'B': settings.burst = (int)parse_number("--burst", optarg, 1, 64); break;
        case 'S': settings.samples = optarg; break;
        case 'P': settings.ports = optarg; break;
        case 'o': settings.offload = true; break;
        case 'j': settings.json = true; break;
        case 'r': settings.allow_remote = true; break;
        case 'h': exit(fputs(usage, stdout) < 0);
        default: exit(2);
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);
    check_settings(&settings);
    return settings;
}

#endif
