/**
 * The boundary to the kernel: every downcall, the layouts of its structs, and what turns an errno into an exception.
 * Not part of the API.
 */
@NullMarked
package dev.salvo.socket.internal;

import org.jspecify.annotations.NullMarked;
