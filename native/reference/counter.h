/* The counter that a sink or a source shares with the harness: a mapped file of 16 bytes. */
#ifndef SALVO_REFERENCE_COUNTER_H
#define SALVO_REFERENCE_COUNTER_H

#include "common.h"
#include <fcntl.h>

/* In native byte order. */
struct counter {
    uint64_t done; /* datagrams received, or accepted by the kernel for sending */
    uint64_t failed;
};

static inline struct counter *map_counter(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || ftruncate(fd, sizeof(struct counter)) < 0)
        die(path);
    struct counter *counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED,
                                   fd, 0);
    if (counter == MAP_FAILED)
        die(path);
    close(fd);
    return counter;
}

/* Stores whole words, because another process can read them at any time. */
static inline void store_counter(struct counter *counter, uint64_t done, uint64_t failed)
{
    __atomic_store_n(&counter->done, done, __ATOMIC_RELAXED);
    __atomic_store_n(&counter->failed, failed, __ATOMIC_RELAXED);
}

#endif
