/* Generates load for a UDP echo. In a closed loop every client keeps a window of datagrams
 * outstanding, and each reply lets it send another one. In an open loop datagrams are sent when they
 * are due. There is one thread, so one core is enough. */
#include "client.h"
#include <fcntl.h>
#include <sys/epoll.h>

enum {
    EVENTS = 64,
    CHECK_EVERY_NS = 50 * 1000 * 1000,
    /* Far above any delay on loopback: a datagram without a reply by then was dropped. It is not
     * less, because a server can be off its core for 200 ms on a busy machine. */
    LOST_AFTER_NS = 500 * 1000 * 1000,
    DRAIN_NS = 1000 * 1000 * 1000,
    BEHIND_NS = 1000 * 1000,
    /* Limits how many overdue bursts are sent before replies are received again. */
    BURSTS_A_TURN = 64,
};

/* ---- The clients ---- */

struct ports {
    int count;
    uint16_t *numbers;
};

static struct ports read_ports(const char *path)
{
    struct ports ports = {.numbers = calloc(UINT16_MAX, sizeof(uint16_t))};
    if (!ports.numbers)
        die("calloc");
    if (!path)
        return ports;
    FILE *file = fopen(path, "re");
    if (!file)
        die(path);
    for (char line[32]; ports.count < UINT16_MAX && fgets(line, sizeof line, file);) {
        line[strcspn(line, "\n")] = '\0';
        ports.numbers[ports.count++] = (uint16_t)parse_number("a line of --ports", line, 1,
                                                              UINT16_MAX);
    }
    fclose(file);
    if (ports.count == 0)
        fail_usage("%s has no ports", path);
    return ports;
}

static int open_clients(struct load *load)
{
    const struct settings *settings = &load->settings;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    load->clients = calloc((size_t)settings->clients, sizeof *load->clients);
    if (epoll < 0 || !load->clients)
        die("epoll_create1");
    struct ports ports = read_ports(settings->ports);
    allow_descriptors(settings->clients);
    uint64_t now = read_clock(CLOCK_MONOTONIC);
    for (int i = 0; i < settings->clients; i++) {
        union address server = settings->server;
        if (ports.count > 0)
            server.v4.sin_port = htons(ports.numbers[(int64_t)i * ports.count / settings->clients]);
        int fd = open_udp(&server);
        force_receive_buffer(fd);
        /* Binds a port. Without a server, later calls return ECONNREFUSED. */
        if (connect(fd, &server.any, address_length(&server)) < 0)
            die("connect");
        if (settings->offload)
            enable_gro(fd);
        load->clients[i] = (struct client){
            .fd = fd, .id = 0x5341564C4F000000 + (uint64_t)i, .last_reply_ns = now};
        if (load->samples && settings->rate == 0)
            load->clients[i].sent_ns = map_memory((size_t)settings->window * sizeof(uint64_t));
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &load->clients[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
            die("epoll_ctl");
    }
    free(ports.numbers);
    return epoll;
}

/* ---- The closed loop ---- */

static void fill_window(struct load *load, struct client *client)
{
    for (;;) {
        int open = load->settings.window - (int)(client->next - client->expected);
        int datagrams = least(open, MAX_MESSAGES * load->segments);
        /* If the kernel accepts none now, the next reply or check tries again. */
        if (datagrams == 0 || send_datagrams(load, client, datagrams) == 0)
            return;
    }
}

static void reopen_stalled(struct load *load, uint64_t now)
{
    for (int i = 0; i < load->settings.clients; i++) {
        struct client *client = &load->clients[i];
        if (now - client->last_reply_ns < LOST_AFTER_NS)
            continue;
        give_up(load, client, client->next);
        client->last_reply_ns = now;
        fill_window(load, client);
    }
}

static void run_windows(struct load *load, int epoll, uint64_t end)
{
    struct epoll_event events[EVENTS];
    uint64_t now = read_clock(CLOCK_MONOTONIC), check = now + CHECK_EVERY_NS;
    while (now < end) {
        int ready = epoll_wait(epoll, events, EVENTS, CHECK_EVERY_NS / 1000000);
        if (ready < 0 && errno != EINTR)
            die("epoll_wait");
        now = read_clock(CLOCK_MONOTONIC);
        for (int i = 0; i < ready; i++) {
            receive_replies(load, events[i].data.ptr);
            fill_window(load, events[i].data.ptr);
        }
        if (now >= check) {
            /* The clock is read again, because replies have been received since. */
            now = read_clock(CLOCK_MONOTONIC);
            reopen_stalled(load, now);
            check = now + CHECK_EVERY_NS;
        }
    }
}

/* With one datagram outstanding, a round trip is two system calls and one reading of the clock. */
static void run_single(struct load *load, int epoll, uint64_t end)
{
    (void)epoll;
    struct client *client = load->clients;
    char *data = load->received->slots[0].data.iov_base;
    for (uint64_t now = 0; now < end;) {
        ssize_t length = recv(client->fd, data, SLOT_BYTES, 0);
        now = read_clock(CLOCK_MONOTONIC);
        if (length < 0) {
            if (errno != EAGAIN && errno != EINTR)
                die("recv");
            reopen_stalled(load, now);
            continue;
        }
        load->counters.messages++;
        take_reply(load, client, data, (size_t)length, now);
        client->last_reply_ns = now;
        if (client->next != client->expected)
            continue; /* this was not the awaited reply */
        fill_messages(load, client, 1);
        if (client->sent_ns)
            client->sent_ns[0] = now;
        if (send(client->fd, load->data, (size_t)load->settings.size, 0) < 0)
            die("send");
        client->next++;
        load->counters.sent++;
    }
}

static void wait_in_recv(const struct client *client)
{
    struct timeval check = {.tv_usec = CHECK_EVERY_NS / 1000};
    if (fcntl(client->fd, F_SETFL, 0) < 0
        || setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &check, sizeof check) < 0)
        die("cannot make the socket blocking");
}

/* ---- The open loop ---- */

static void send_due(struct load *load)
{
    uint64_t clients = (uint64_t)load->settings.clients, burst = (uint64_t)load->settings.burst;
    for (int i = 0; i < BURSTS_A_TURN; i++) {
        uint64_t due = due_ns(load, load->next_burst), now = read_clock(CLOCK_MONOTONIC);
        if (now < due)
            return;
        struct client *client = &load->clients[load->next_burst % clients];
        uint64_t until = (load->next_burst / clients + 1) * burst;
        while (client->next < until) {
            int sent = send_datagrams(load, client, (int)(until - client->next));
            if (sent == 0)
                return; /* the rest is still due */
            load->counters.behind += now - due > BEHIND_NS ? (uint64_t)sent : 0;
        }
        load->next_burst++;
    }
}

static void take_replies(struct load *load, int epoll, int timeout)
{
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, timeout);
    if (ready < 0 && errno != EINTR)
        die("epoll_wait");
    for (int i = 0; i < ready; i++)
        receive_replies(load, events[i].data.ptr);
}

/* This spins, because a sleep would be lengthened by the timer and the wake-up. */
static void run_paced(struct load *load, int epoll, uint64_t end)
{
    while (read_clock(CLOCK_MONOTONIC) < end) {
        send_due(load);
        take_replies(load, epoll, 0);
    }
}

static bool any_outstanding(const struct load *load)
{
    for (int i = 0; i < load->settings.clients; i++)
        if (load->clients[i].next != load->clients[i].expected)
            return true;
    return false;
}

/* Waits for the latest sends and the slowest replies: without them the figures would include only
 * the fast ones. Datagrams that still cannot be sent are counted as behind, too. */
static void drain(struct load *load, int epoll, uint64_t end)
{
    uint64_t now = read_clock(CLOCK_MONOTONIC), deadline = now + DRAIN_NS;
    for (; due_ns(load, load->next_burst) < end && now < deadline;
         now = read_clock(CLOCK_MONOTONIC)) {
        send_due(load);
        take_replies(load, epoll, 0);
    }
    uint64_t due = due_ns(load, load->next_burst);
    if (due < end)
        load->counters.behind += (uint64_t)((double)(end - due) / 1e9 * load->settings.rate);
    for (; any_outstanding(load) && now < deadline; now = read_clock(CLOCK_MONOTONIC))
        take_replies(load, epoll, 1);
    for (int i = 0; i < load->settings.clients; i++)
        give_up(load, &load->clients[i], load->clients[i].next);
}

/* ---- The run ---- */

typedef void loop(struct load *load, int epoll, uint64_t end);

static loop *begin_loop(struct load *load)
{
    const struct settings *settings = &load->settings;
    if (settings->rate > 0)
        return run_paced;
    for (int i = 0; i < settings->clients; i++)
        fill_window(load, &load->clients[i]);
    if (settings->clients > 1 || settings->window > 1)
        return run_windows;
    wait_in_recv(load->clients);
    return run_single;
}

static struct counters measure(struct load *load, int epoll, struct counters *from)
{
    const struct settings *settings = &load->settings;
    load->start_ns = read_clock(CLOCK_MONOTONIC);
    uint64_t begin = load->start_ns + settings->warmup_ns;
    uint64_t end = begin + settings->seconds_ns;
    if (load->samples) {
        load->samples->from_ns = begin;
        load->samples->until_ns = end;
    }
    loop *run = begin_loop(load);
    run(load, epoll, begin);
    *from = with_clocks(load->counters, settings->pid);
    run(load, epoll, end);
    struct counters to = with_clocks(load->counters, settings->pid);
    if (settings->rate > 0) {
        drain(load, epoll, end);
        to.behind = load->counters.behind;
        to.lost = load->counters.lost;
        to.late = load->counters.late;
        to.mismatches = load->counters.mismatches;
    }
    if (load->samples) {
        to.samples = load->samples->taken;
        write_samples(load->samples);
    }
    return to;
}

int main(int argc, char **argv)
{
    static struct load load;
    load.settings = parse_arguments(argc, argv);
    load.received = new_reply_batch(load.settings.offload);
    if (load.settings.samples)
        load.samples = new_samples(load.settings.samples);
    prepare_messages(&load);
    int epoll = open_clients(&load);
    struct counters from, to = measure(&load, epoll, &from);

    struct report report = make_report(&from, &to);
    (load.settings.json ? print_json : print_text)(&load.settings, &from, &to, &report);
    if (to.mismatches > 0 || to.replies == from.replies) {
        fprintf(stderr, "load: %s\n", to.mismatches > 0 ? "replies differ from what was sent"
                                                        : "no reply came");
        return 1;
    }
    return 0;
}
