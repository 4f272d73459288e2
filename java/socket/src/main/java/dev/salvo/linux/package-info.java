/**
 * Kernel concepts that every layer uses: errno values, the exception for a failed system call, and control messages.
 */
@NullMarked
package dev.salvo.linux;

import org.jspecify.annotations.NullMarked;
