/*
 * The macros of abi_check.c. Each line there asserts one fact that the Java code assumes about C. Only a C compiler is
 * needed to check them, so they can be checked for every architecture with a compiler. Each macro ends with its own
 * semicolon.
 */
#ifndef ABI_CHECK_H
#define ABI_CHECK_H

#include "linux_udp.h"

#include <ifaddrs.h>
#include <linux/in.h>
#include <linux/libc-compat.h>
/* After netinet/in.h, linux/in6.h defines no options, and netinet/in.h lacks some of them. */
#undef __UAPI_DEF_IPV6_OPTIONS
#define __UAPI_DEF_IPV6_OPTIONS 1
#include <linux/in6.h>
#include <linux/sock_diag.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define CHECK(condition, message) _Static_assert(condition, message);

#define CHECK_SIZE(type, size) \
    CHECK(sizeof(struct type) == (size), "size of struct " #type " is not " #size)

#define CHECK_STRUCT(type, size, alignment) \
    CHECK_SIZE(type, size) \
    CHECK(_Alignof(struct type) == (alignment), "alignment of struct " #type " is not " #alignment)

#define CHECK_OFFSET(type, field, offset) \
    CHECK(offsetof(struct type, field) == (offset), "offset of " #type "." #field " is not " #offset)

#define CHECK_ELEMENT(type, field, size) \
    CHECK(sizeof(((struct type *)0)->field[0]) == (size), "element of " #type "." #field " has not size " #size)

#define CHECK_FIELD(type, field, offset, size) \
    CHECK_OFFSET(type, field, offset) \
    CHECK(sizeof(((struct type *)0)->field) == (size), "size of " #type "." #field " is not " #size)

#define CHECK_ARRAY(type, field, offset, size, element) \
    CHECK_FIELD(type, field, offset, size) \
    CHECK_ELEMENT(type, field, element)

/* A flexible array member, __cmsg_data of cmsghdr. It has no elements in Java's layout, and C has no sizeof of it. */
#define CHECK_FLEXIBLE(type, field, offset, element) \
    CHECK_OFFSET(type, field, offset) \
    CHECK_ELEMENT(type, field, element)

/* The Java int has the same bits as the C value: INADDR_NONE is unsigned in C and -1 in Java. */
#define CHECK_INT(name, value) \
    CHECK(sizeof(name) == 4 && (int)(name) == (value), #name " is not the int " #value)

#define CHECK_LONG(name, value) \
    CHECK(sizeof(name) == 8 && (long)(name) == (value), #name " is not the long " #value)

/* A constant that marks the end of a list. It grows when newer headers extend the list. */
#define CHECK_AT_LEAST(name, value) \
    CHECK((name) >= (value), #name " is less than " #value)

#define CHECK_CMSG(length, aligned, space) \
    CHECK(CMSG_ALIGN(length) == (aligned), "CMSG_ALIGN(" #length ") is not " #aligned) \
    CHECK(CMSG_SPACE(length) == (space), "CMSG_SPACE(" #length ") is not " #space)

#endif
