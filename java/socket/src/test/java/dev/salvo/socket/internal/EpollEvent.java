package dev.salvo.socket.internal;

/**
 * An event for a scripted epoll_wait to tell.
 *
 * @param token the data of the event
 * @param readiness bits of {@link dev.salvo.socket.Readiness}
 */
public record EpollEvent(long token, int readiness) {
}
