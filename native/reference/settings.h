/* The arguments of the load generator. */
#ifndef SALVO_REFERENCE_SETTINGS_H
#define SALVO_REFERENCE_SETTINGS_H

#include "common.h"

static const char usage[] =
    "Usage: load --to ADDR:PORT [options]\n"
    "UDP load on one thread; measures an echo server. A closed loop: each reply lets the client\n"
    "send another datagram; with --rate an open one. It waits in epoll_wait; with --clients 1\n"
    "--window 1 in a blocking recv, the cheapest; with --rate it spins on a core of its own.\n"
    "  --to ADDR:PORT   the server: 127.0.0.1:9999 or [::1]:9999\n"
    "  --ports FILE     instead of --to: ports of 127.0.0.1, a line each, spread over the clients\n"
    "  --clients N      sockets, each with a source port of its own (default 16)\n"
    "  --window W       outstanding datagrams of each client (default 128)\n"
    "  --size BYTES     payload; from 16 on it carries a sequence that is verified (default 64)\n"
    "  --seconds S      measured time, as 2 or 0.3 (default 5)\n"
    "  --warmup S       time before it, not counted (default 0)\n"
    "  --offload        send with UDP_SEGMENT and receive with UDP_GRO\n"
    "  --segments N     most datagrams of an offloaded message, 1 to 128 (default 64); the window\n"
    "                   should be a multiple of it, or of what 65,000 bytes hold (54 of 1,200)\n"
    "  --rate N         open loop: N datagrams a second from all clients in turn, however late\n"
    "                   the replies are; no window; round trips count from the time when each\n"
    "                   datagram was due, and \"behind\" counts those sent over 1 ms after it\n"
    "  --burst N        with --rate: datagrams of a client that are due together (default 1)\n"
    "  --samples FILE   append every measured round trip: nanoseconds, 64 bits of this machine's\n"
    "                   order; with --rate those due in the measured time, waited for up to 1 s\n"
    "  --pid PID        the server, to report its CPU time\n"
    "  --json           report as one line of JSON\n"
    "  --allow-remote   permit a destination that is not a loopback address\n"
    "Exit code 1 if a reply was not what had been sent, or none came.\n";

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
    /* Not a number is neither below nor above. */
    if (end == text || *end != '\0' || !(seconds >= 0 && seconds <= 86400)
        || (uint64_t)(seconds * 1e9) < least_ns)
        fail_usage("%s must be seconds up to 86400, not '%s'", name, text);
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
        fail_usage("--rate and --samples need a sequence in the datagrams: a --size of 16 or more");
    if (settings->burst > 1 && settings->rate == 0)
        fail_usage("--burst is for --rate");
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
