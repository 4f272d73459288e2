/* Many sockets in one process, on free ports of 127.0.0.1 that are written to a file. */
#ifndef SALVO_REFERENCE_SOCKETS_H
#define SALVO_REFERENCE_SOCKETS_H

#include "server.h"

enum { MOST_SOCKETS = 65535, EVENTS = 64 };

/* Writes the file of ports under another name and renames it, so that a reader that waits for the
 * file finds it complete. */
static inline void write_ports(const char *path, const int *sockets, int count)
{
    char *unfinished;
    if (asprintf(&unfinished, "%s.new", path) < 0)
        die("asprintf");
    FILE *file = fopen(unfinished, "we");
    if (!file)
        die(unfinished);
    for (int i = 0; i < count; i++)
        fprintf(file, "%d\n", ntohs(bound_address(sockets[i]).v4.sin_port));
    if (fclose(file) != 0 || rename(unfinished, path) < 0)
        die(path);
    free(unfinished);
}

static inline int *listen_many(int count, int (*open_socket)(const union address *),
                               const char *ports)
{
    stop_on_signals();
    allow_descriptors(count);
    union address address = parse_address("the address", "127.0.0.1:0");
    int *sockets = calloc((size_t)count, sizeof *sockets);
    if (!sockets)
        die("calloc");
    for (int i = 0; i < count; i++) {
        sockets[i] = open_socket(&address);
        if (bind(sockets[i], &address.any, address_length(&address)) < 0)
            die("bind");
    }
    write_ports(ports, sockets, count);
    printf("listening on %d sockets\n", count);
    fflush(stdout);
    return sockets;
}

/* Waits for readable sockets and returns their number. The event for a signal has no socket, so this
 * returns 0 once `stopping` is set. */
static inline int await_sockets(int epoll, struct epoll_event *events)
{
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR)
        die("epoll_wait");
    return stopping || ready < 0 ? 0 : ready;
}

#endif
