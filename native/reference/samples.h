/* The times of the single round trips, which are written to a file. */
#ifndef SALVO_REFERENCE_SAMPLES_H
#define SALVO_REFERENCE_SAMPLES_H

#include "common.h"

/* 64 MiB. Writing the samples stalls the load, so a usual run writes them only once, at its end. */
enum { HELD_SAMPLES = 8 << 20 };

struct samples {
    /* Only datagrams that were sent, or were due, in this time are sampled. */
    uint64_t from_ns, until_ns;
    uint64_t taken;
    size_t held;
    const char *path;
    FILE *file;
    uint64_t nanos[HELD_SAMPLES];
};

static struct samples *new_samples(const char *path)
{
    struct samples *samples = map_memory(sizeof *samples);
    /* Touches every page, so that there are no page faults during the measurement. */
    memset(samples, 1, sizeof *samples);
    samples->taken = samples->held = 0;
    samples->path = path;
    samples->file = fopen(path, "ae");
    if (!samples->file)
        die(path);
    return samples;
}

static void write_samples(struct samples *samples)
{
    if (fwrite(samples->nanos, sizeof *samples->nanos, samples->held, samples->file)
            != samples->held
        || fflush(samples->file) != 0)
        die(samples->path);
    samples->held = 0;
}

static void add_sample(struct samples *samples, uint64_t sent, uint64_t now)
{
    if (sent < samples->from_ns || sent >= samples->until_ns)
        return;
    samples->nanos[samples->held++] = now - sent;
    samples->taken++;
    if (samples->held == HELD_SAMPLES)
        write_samples(samples);
}

#endif
