/* Measures the cost of a datagram in a thread that sends to itself. The JMH benchmarks show these
 * figures next to their own. */
#include "exchange.h"
#include "parse.h"

static const char usage[] =
    "Usage: micro send|receive [--batch B] [--size S] [--gso] [--connected] [--ipv6] [--metadata]\n"
    "                          [--nocopy] [--seconds N]\n"
    "       micro address [--ipv6] [--seconds N]\n"
    "       micro encode|decode [--seconds N]\n"
    "One thread repeatedly sends 64 datagrams over loopback and receives them, B per call, and reads\n"
    "the clock between the halves. It prints one line of JSON with the nanoseconds for a datagram:\n"
    "nanos of the selected half, sendNanos and receiveNanos.\n"
    "  --batch B     datagrams per call, 1 to 64 (default 64); a round has 64 / B batches\n"
    "  --size S      bytes of a datagram, 1 to 65,000 (default 64)\n"
    "  --gso         look up, copy and join each datagram with UDP_SEGMENT, receive with UDP_GRO;\n"
    "                without it each datagram is copied and is a message\n"
    "  --connected   connect both sockets, so that no address is passed to or from the kernel\n"
    "  --metadata    receive and read local address, traffic class, hop limit, time and drops\n"
    "  --nocopy      send messages that were prepared once: shows the limit, is not a usable service\n"
    "  --seconds N   measured time, after a warm-up of a fifth of it (default 1)\n"
    "address decodes one of 256 socket addresses; encode and decode write and read three control\n"
    "messages: a segment size, an address with its interface, a hop limit.\n";

struct micro {
    const char *what;
    struct exchange exchange;
    int seconds;
};

static const char *json(bool value) { return value ? "true" : "false"; }

static void print_exchange(const struct micro *micro, const struct timings *timings)
{
    const struct exchange *exchange = &micro->exchange;
    double count = (double)timings->datagrams;
    double sending = timings->send_ns / count, receiving = timings->receive_ns / count;
    bool send = strcmp(micro->what, "send") == 0;
    printf("{\"what\":\"%s\",\"batch\":%d,\"size\":%d,\"gso\":%s,\"connected\":%s,\"ipv6\":%s,"
           "\"metadata\":%s,\"copy\":%s,\"nanos\":%.2f,\"sendNanos\":%.2f,\"receiveNanos\":%.2f,"
           "\"datagrams\":%" PRIu64 "}\n",
           micro->what, exchange->count, exchange->size, json(exchange->gso),
           json(exchange->connected), json(exchange->ipv6), json(exchange->metadata),
           json(!exchange->nocopy), send ? sending : receiving, sending, receiving,
           timings->datagrams);
}

static void print_call(const struct micro *micro, double nanos)
{
    printf("{\"what\":\"%s\",\"nanos\":%.3f}\n", micro->what, nanos);
}

static int run(struct micro *micro)
{
    uint64_t nanos = (uint64_t)micro->seconds * 1000000000;
    bool ipv6 = micro->exchange.ipv6;
    if (strcmp(micro->what, "address") == 0) {
        printf("{\"what\":\"address\",\"ipv6\":%s,\"nanos\":%.3f}\n", json(ipv6),
               time_calls(decode_one_address, ipv6, nanos));
    } else if (strcmp(micro->what, "encode") == 0) {
        print_call(micro, time_calls(encode_one_control, false, nanos));
    } else if (strcmp(micro->what, "decode") == 0) {
        print_call(micro, time_calls(decode_one_control, false, nanos));
    } else {
        open_exchange(&micro->exchange);
        run_exchange(&micro->exchange, nanos / 5);
        struct timings timings = run_exchange(&micro->exchange, nanos);
        print_exchange(micro, &timings);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"batch", required_argument, NULL, 'b'},
        {"size", required_argument, NULL, 's'},
        {"gso", no_argument, NULL, 'g'},
        {"connected", no_argument, NULL, 'c'},
        {"ipv6", no_argument, NULL, '6'},
        {"metadata", no_argument, NULL, 'm'},
        {"nocopy", no_argument, NULL, 'n'},
        {"seconds", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    static struct micro micro = {.exchange = {.count = 64, .size = 64}, .seconds = 1};
    struct exchange *exchange = &micro.exchange;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'b': exchange->count = (int)parse_number("--batch", optarg, 1, MOST_DATAGRAMS); break;
        case 's': exchange->size = (int)parse_number("--size", optarg, 1, MAX_JOINED_BYTES); break;
        case 'g': exchange->gso = true; break;
        case 'c': exchange->connected = true; break;
        case '6': exchange->ipv6 = true; break;
        case 'm': exchange->metadata = true; break;
        case 'n': exchange->nocopy = true; break;
        case 't': micro.seconds = (int)parse_number("--seconds", optarg, 1, 3600); break;
        case 'h': return fputs(usage, stdout) < 0;
        default: return 2;
        }
    }
    static const char *const all[] = {"send", "receive", "address", "encode", "decode"};
    for (size_t i = 0; optind == argc - 1 && i < sizeof all / sizeof *all; i++)
        if (strcmp(argv[optind], all[i]) == 0)
            micro.what = all[i];
    if (!micro.what)
        fail_usage("one of send, receive, address, encode and decode is needed");
    return run(&micro);
}
