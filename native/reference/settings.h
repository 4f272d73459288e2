/* The arguments of the load generator. */
#ifndef SALVO_REFERENCE_SETTINGS_H
#define SALVO_REFERENCE_SETTINGS_H

#include "common.h"

static const char usage[] =
    "Usage: load --to ADDR:PORT [options]\n"
    "Closed-loop UDP load on one thread; measures an echo server.\n"
    "  --to ADDR:PORT   the server: 127.0.0.1:9999 or [::1]:9999\n"
    "  --clients N      sockets, each with a source port of its own (default 16)\n"
    "  --window W       outstanding datagrams of each client (default 128)\n"
    "  --size BYTES     payload; from 16 on it carries a sequence that is verified (default 64)\n"
    "  --seconds S      measured time (default 5)\n"
    "  --warmup S       time before it, not counted (default 0)\n"
    "  --offload        send with UDP_SEGMENT and receive with UDP_GRO\n"
    "  --segments N     most datagrams of an offloaded message, 1 to 128 (default 64); the window\n"
    "                   should be a multiple of it, or of what 65,000 bytes hold (54 of 1,200)\n"
    "  --pid PID        the server, to report its CPU time\n"
    "  --json           report as one line of JSON\n"
    "  --allow-remote   permit a destination that is not a loopback address\n"
    "Exit code 1 if a reply was not what had been sent, or none came.\n";

struct settings {
    union address server;
    int clients, window, size, seconds, warmup, segments;
    pid_t pid;
    bool offload, json, allow_remote;
};

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
        {"pid", required_argument, NULL, 'p'},
        {"offload", no_argument, NULL, 'o'},
        {"json", no_argument, NULL, 'j'},
        {"allow-remote", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct settings settings = {.clients = 16, .window = 128, .size = 64, .seconds = 5,
                                .segments = DEFAULT_SEGMENTS};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 't': settings.server = parse_address("--to", optarg); break;
        case 'c': settings.clients = (int)parse_number("--clients", optarg, 1, 4096); break;
        case 'w': settings.window = (int)parse_number("--window", optarg, 1, 1 << 20); break;
        case 'b': settings.size = (int)parse_number("--size", optarg, 1, 65507); break;
        case 's': settings.seconds = (int)parse_number("--seconds", optarg, 1, 86400); break;
        case 'u': settings.warmup = (int)parse_number("--warmup", optarg, 0, 86400); break;
        case 'g':
            settings.segments = (int)parse_number("--segments", optarg, 1, MOST_SEGMENTS);
            break;
        case 'p': settings.pid = (pid_t)parse_number("--pid", optarg, 1, INT32_MAX); break;
        case 'o': settings.offload = true; break;
        case 'j': settings.json = true; break;
        case 'r': settings.allow_remote = true; break;
        case 'h': exit(fputs(usage, stdout) < 0);
        default: exit(2);
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);
    if (settings.server.any.sa_family == AF_UNSPEC)
        fail_usage("--to ADDR:PORT is missing");
    if (!settings.allow_remote && !is_loopback(&settings.server))
        fail_usage("the destination is not a loopback address; --allow-remote permits it");
    return settings;
}

#endif
