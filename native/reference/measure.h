/* The measurements of the load generator: its counters, the clocks of both sides, the report. */
#ifndef SALVO_REFERENCE_MEASURE_H
#define SALVO_REFERENCE_MEASURE_H

#include "settings.h"
#include <time.h>

struct counters {
    uint64_t sent, replies, lost, late, mismatches, messages, behind;
    uint64_t samples;
    uint64_t server_ns, server_ticks, own_ns, now_ns;
};

static uint64_t read_clock(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) < 0)
        die("clock_gettime");
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* ---- The server's CPU time ---- */

/* The same as the sum of /proc/PID/task/.../schedstat, but including ended threads and without the
 * delay of a tick (thread_group_cputime in kernel/sched/cputime.c). */
static uint64_t read_server_ns(pid_t pid)
{
    clockid_t clock;
    if ((errno = clock_getcpuclockid(pid, &clock)) != 0)
        die("cannot read the CPU clock of --pid");
    return read_clock(clock);
}

/* utime + stime, to cross-check the CPU clock. */
static uint64_t read_server_ticks(pid_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        die(path);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    unsigned long utime, stime;
    /* Fields 14 and 15, counted from the end of the name, which may contain anything (proc(5)). */
    const char *name_end = strrchr(text, ')');
    if (!name_end || sscanf(name_end, ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu",
                            &utime, &stime) != 2)
        die(path);
    return utime + stime;
}

/* Adds the present values of the clocks to the counters. */
static struct counters with_clocks(struct counters counters, pid_t server)
{
    if (server > 0) {
        counters.server_ns = read_server_ns(server);
        counters.server_ticks = read_server_ticks(server);
    }
    counters.own_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    counters.now_ns = read_clock(CLOCK_MONOTONIC);
    return counters;
}

/* ---- The report ---- */

struct report {
    double seconds, replies_per_second, datagrams_per_message;
    double server_ns, server_ns_by_ticks, server_percent, own_ns, own_percent;
};

static double per(double amount, uint64_t count)
{
    return count > 0 ? amount / (double)count : 0;
}

static struct report make_report(const struct counters *from, const struct counters *to)
{
    uint64_t elapsed = to->now_ns - from->now_ns, replies = to->replies - from->replies;
    /* The server has also served the datagrams whose replies came late. */
    uint64_t served = replies + to->late - from->late;
    double server_ns = (double)(to->server_ns - from->server_ns);
    double tick_ns = 1e9 / (double)sysconf(_SC_CLK_TCK);
    return (struct report){
        .seconds = (double)elapsed / 1e9,
        .replies_per_second = per((double)replies * 1e9, elapsed),
        .datagrams_per_message = per((double)served, to->messages - from->messages),
        .server_ns = per(server_ns, served),
        .server_ns_by_ticks = per((double)(to->server_ticks - from->server_ticks) * tick_ns,
                                  served),
        .server_percent = per(server_ns * 100, elapsed),
        .own_ns = per((double)(to->own_ns - from->own_ns), served),
        .own_percent = per((double)(to->own_ns - from->own_ns) * 100, elapsed),
    };
}

static void print_json(const struct settings *settings, const struct counters *from,
                       const struct counters *to, const struct report *report)
{
    printf("{\"clients\":%d,\"window\":%d,\"size\":%d,\"offload\":%s,\"seconds\":%.3f,"
           "\"replies\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"lost\":%" PRIu64
           ",\"late\":%" PRIu64 ",\"mismatches\":%" PRIu64
           ",\"rate\":%d,\"burst\":%d,\"behind\":%" PRIu64 ",\"samples\":%" PRIu64
           ",\"repliesPerSecond\":%.0f,\"datagramsPerMessage\":%.2f,\"loadNanos\":%.1f"
           ",\"loadPercent\":%.1f",
           settings->clients, settings->window, settings->size,
           settings->offload ? "true" : "false", report->seconds, to->replies - from->replies,
           to->sent - from->sent, to->lost - from->lost, to->late - from->late, to->mismatches,
           settings->rate, settings->burst, to->behind - from->behind, to->samples,
           report->replies_per_second, report->datagrams_per_message, report->own_ns,
           report->own_percent);
    if (settings->pid > 0)
        printf(",\"serverNanos\":%.1f,\"serverNanosByTicks\":%.1f,\"serverPercent\":%.1f",
               report->server_ns, report->server_ns_by_ticks, report->server_percent);
    printf("}\n");
}

static void print_text(const struct settings *settings, const struct counters *from,
                       const struct counters *to, const struct report *report)
{
    printf("%d clients, window %d, %d bytes, %s, %.1f s\n", settings->clients, settings->window,
           settings->size, settings->offload ? "offloaded" : "plain", report->seconds);
    printf("replies            %" PRIu64 " (%.0f a second)\n", to->replies - from->replies,
           report->replies_per_second);
    printf("sent               %" PRIu64 "\n", to->sent - from->sent);
    printf("lost               %" PRIu64 "\n", to->lost - from->lost);
    printf("late or repeated   %" PRIu64 "\n", to->late - from->late);
    printf("mismatches         %" PRIu64 "\n", to->mismatches);
    if (settings->rate > 0)
        printf("behind             %" PRIu64 " of a rate of %d\n", to->behind - from->behind,
               settings->rate);
    printf("datagrams/message  %.2f received\n", report->datagrams_per_message);
    printf("load CPU           %.1f ns a datagram, %.1f %% of a core\n", report->own_ns,
           report->own_percent);
    if (settings->pid > 0)
        printf("server CPU         %.1f ns a datagram (by utime + stime %.1f), %.1f %% of a core\n",
               report->server_ns, report->server_ns_by_ticks, report->server_percent);
}

#endif
