/* UDP source: sends datagrams to one destination, or each payload to many, in an endless loop. */
#include "counter.h"
#include "join.h"

static const char usage[] =
    "Usage: source --to ADDR:PORT[,ADDR:PORT...] --size N --counter FILE [--mode M]\n"
    "Sends datagrams of N bytes to each destination in turn, on one thread, as fast as it can.\n"
    "  --to LIST       1 to 1,024 destinations of one family; 127.0.0.1:9999 or [::1]:9999\n"
    "  --size N        1 to 65,507\n"
    "  --counter FILE  16 bytes, mapped: datagrams accepted by the kernel, and failed (64 bits each)\n"
    "  --mode single   sendto, one datagram per call (default)\n"
    "  --mode mmsg     sendmmsg, 64 datagrams per call\n"
    "  --mode gso      look up, copy and join each datagram with UDP_SEGMENT\n"
    "With several destinations, mmsg and gso send each payload to all of them before the next, so\n"
    "consecutive payloads cannot be joined.\n"
    "  --allow-remote  permit destinations that are not loopback addresses\n"
    "Stops on SIGTERM or SIGINT and prints its totals.\n";

enum {
    BATCH = 64,
    /* gso gathers this much before it sends: 64 full messages, or 16 of the longest. 4 MiB are not
     * faster, and exceed the cache. */
    GATHERED_DATAGRAMS = 64 * 64,
    GATHERED_BYTES = 1 << 20,
};

struct source {
    union address destinations[MAX_MESSAGES];
    int count, size;
    const char *mode, *counter_path;
    bool allow_remote;
    int fd;
    char *payload;
    struct counter *counter;
    struct totals totals;
};

static void publish(struct source *source)
{
    store_counter(source->counter, source->totals.datagrams_out, source->totals.failed);
}

static void send_single(struct source *source)
{
    size_t length = (size_t)source->size;
    while (!stopping)
        for (int i = 0; i < source->count; i++) {
            send_one(source->fd, source->payload, length, &source->destinations[i],
                     &source->totals);
            publish(source);
        }
}

static void send_mmsg(struct source *source)
{
    static struct mmsghdr headers[MAX_MESSAGES];
    static uint16_t datagrams[MAX_MESSAGES];
    struct iovec payload = {source->payload, (size_t)source->size};
    int count = source->count == 1 ? BATCH : source->count;
    for (int i = 0; i < count; i++) {
        union address *destination = &source->destinations[i % source->count];
        headers[i].msg_hdr = (struct msghdr){
            .msg_name = destination, .msg_namelen = address_length(destination),
            .msg_iov = &payload, .msg_iovlen = 1};
        datagrams[i] = 1;
    }
    while (!stopping) {
        send_all(source->fd, headers, datagrams, count, &source->totals);
        publish(source);
    }
}

static void send_gso(struct source *source)
{
    struct send_batch *batch = new_send_batch(true, DEFAULT_SEGMENTS);
    size_t length = (size_t)source->size;
    for (int gathered = 0; !stopping;)
        for (int i = 0; i < source->count; i++) {
            write_datagram(batch, source->fd, &source->totals, source->payload, length,
                           &source->destinations[i]);
            bool everybody_has_it = source->count > 1 && i + 1 == source->count;
            if (++gathered < GATHERED_DATAGRAMS && batch->region_used + length <= GATHERED_BYTES
                && !everybody_has_it)
                continue;
            flush(batch, source->fd, &source->totals);
            publish(source);
            gathered = 0;
        }
}

static void parse_destinations(struct source *source, char *list)
{
    source->count = 0;
    for (char *rest, *text = strtok_r(list, ",", &rest); text; text = strtok_r(NULL, ",", &rest)) {
        if (source->count == MAX_MESSAGES)
            fail_usage("--to has more than %d destinations", MAX_MESSAGES);
        source->destinations[source->count++] = parse_address("--to", text);
    }
}

static void check(const struct source *source)
{
    if (source->count == 0 || source->size == 0 || !source->counter_path)
        fail_usage("--to, --size and --counter are needed");
    for (int i = 0; i < source->count; i++) {
        const union address *destination = &source->destinations[i];
        if (destination->any.sa_family != source->destinations[0].any.sa_family)
            fail_usage("--to must not mix IPv4 and IPv6 destinations");
        if (!source->allow_remote && !is_loopback(destination))
            fail_usage("a destination is not a loopback address; --allow-remote permits it");
    }
}

static void parse_arguments(struct source *source, int argc, char **argv)
{
    static const struct option options[] = {
        {"to", required_argument, NULL, 't'},
        {"size", required_argument, NULL, 's'},
        {"counter", required_argument, NULL, 'c'},
        {"mode", required_argument, NULL, 'm'},
        {"allow-remote", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    source->mode = "single";
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 't': parse_destinations(source, optarg); break;
        case 's': source->size = (int)parse_number("--size", optarg, 1, 65507); break;
        case 'c': source->counter_path = optarg; break;
        case 'm': source->mode = optarg; break;
        case 'r': source->allow_remote = true; break;
        case 'h': exit(fputs(usage, stdout) < 0);
        default: exit(2);
        }
    }
    if (optind < argc)
        fail_usage("unexpected argument '%s'", argv[optind]);
    check(source);
}

static void (*find_mode(const char *mode))(struct source *)
{
    if (strcmp(mode, "single") == 0)
        return send_single;
    if (strcmp(mode, "mmsg") == 0)
        return send_mmsg;
    if (strcmp(mode, "gso") == 0)
        return send_gso;
    fail_usage("--mode must be single, mmsg or gso, not '%s'", mode);
}

int main(int argc, char **argv)
{
    static struct source source;
    parse_arguments(&source, argc, argv);
    void (*send_endlessly)(struct source *) = find_mode(source.mode);
    source.counter = map_counter(source.counter_path);
    publish(&source);
    source.fd = open_udp(&source.destinations[0]);
    source.payload = map_memory((size_t)source.size);
    memset(source.payload, 'x', (size_t)source.size);
    stop_on_signals();
    if (source.count == 1) {
        print_address("sending to", &source.destinations[0]);
    } else {
        printf("sending to %d destinations\n", source.count);
        fflush(stdout);
    }
    send_endlessly(&source);
    return print_totals(&source.totals);
}
