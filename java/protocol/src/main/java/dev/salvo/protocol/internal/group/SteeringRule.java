package dev.salvo.protocol.internal.group;

import dev.salvo.socket.option.BpfProgram;
import org.jspecify.annotations.Nullable;

/**
 * How the kernel chooses the member of a group that receives a datagram.
 *
 * @param program returns the member's index; null if the kernel's hash chooses
 * @param byPayload whether datagrams of one flow may be for different members
 */
public record SteeringRule(@Nullable BpfProgram program, boolean byPayload) {

    boolean byHash() {
        return program == null;
    }
}
