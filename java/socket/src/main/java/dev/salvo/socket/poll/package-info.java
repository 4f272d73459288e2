/** Waits for descriptors with epoll(7), and wakes a waiting thread with eventfd(2). */
@NullMarked
package dev.salvo.socket.poll;

import org.jspecify.annotations.NullMarked;
