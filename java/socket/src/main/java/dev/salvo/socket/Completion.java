package dev.salvo.socket;

/** What the kernel tells of a send after it has returned, on the error queue: {@link UdpSocket#nextCompletion}. */
public sealed interface Completion permits TransmitTimestamp, ZerocopyCompletion {}
