package dev.salvo.kernel;

import java.util.List;

/**
 * One sendmmsg.
 *
 * @param fd the descriptor
 * @param offered the messages that it was given
 * @param result how many were taken, or {@code -errno}
 */
public record SendCall(int fd, List<SentMessage> offered, int result) {

    public List<SentMessage> taken() {
        return offered.subList(0, Math.max(result, 0));
    }
}
