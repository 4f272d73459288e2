package dev.salvo.kernel;

/**
 * An event that a scripted epoll_wait returns.
 *
 * @param token the data of the event
 * @param readiness bits of {@link dev.salvo.socket.poll.Readiness}
 */
public record EpollEvent(long token, int readiness) {
}
