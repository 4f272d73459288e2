/**
 * Receives descriptors from other processes and sends descriptors to them: systemd socket activation, and SCM_RIGHTS
 * over Unix sockets.
 */
@NullMarked
package dev.salvo.socket.handover;

import org.jspecify.annotations.NullMarked;
