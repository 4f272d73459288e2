/*
 * refuse CALL ERRNO COMMAND [ARGUMENT...]: runs a command whose system calls of one name all fail with one errno, by a
 * seccomp filter, as in a sandbox. CALL is one of the names below, ERRNO a name or a number. To refuse several calls,
 * have it run itself. Exits with 2 for wrong arguments, and with 126 if the filter or the command can't be had.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "add the audit architecture"
#endif

struct named {
    const char *name;
    int number;
};

#define CALL(name) {#name, __NR_##name}
#define ERROR(name) {#name, name}

/* The calls of dev.salvo.kernel.Kernel that a JVM can start without. */
static const struct named calls[] = {
    CALL(socket),     CALL(bind),        CALL(connect),     CALL(getsockname),       CALL(getpeername),
    CALL(getsockopt), CALL(setsockopt),  CALL(recvmmsg),    CALL(sendmmsg),          CALL(recvmsg),
    CALL(sendmsg),    CALL(epoll_ctl),   CALL(epoll_pwait), CALL(epoll_pwait2),      CALL(epoll_create1),
    CALL(eventfd2),   CALL(ppoll),       CALL(listen),      CALL(accept4),           CALL(sched_setaffinity),
#ifdef __NR_epoll_wait
    CALL(epoll_wait), CALL(poll),
#endif
};

static const struct named errors[] = {
    ERROR(ENOSYS), ERROR(EPERM),    ERROR(EINVAL), ERROR(EBADF),  ERROR(ENOTSOCK),     ERROR(EACCES),
    ERROR(ENOMEM), ERROR(EMFILE),   ERROR(EIO),    ERROR(ENOBUFS), ERROR(EOPNOTSUPP),  ERROR(ENOPROTOOPT),
};

static int number(const struct named *table, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return table[i].number;
        }
    }
    return -1;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: refuse CALL ERRNO COMMAND [ARGUMENT...]\n");
        return 2;
    }
    int call = number(calls, sizeof calls / sizeof calls[0], argv[1]);
    int error = number(errors, sizeof errors / sizeof errors[0], argv[2]);
    if (error < 0) {
        error = atoi(argv[2]);
    }
    if (call < 0 || error < 1 || error > 4095) {
        fprintf(stderr, "refuse: no such call or errno: %s %s\n", argv[1], argv[2]);
        return 2;
    }
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("refuse: seccomp");
        return 126;
    }
    execvp(argv[3], argv + 3);
    perror(argv[3]);
    return 126;
}
