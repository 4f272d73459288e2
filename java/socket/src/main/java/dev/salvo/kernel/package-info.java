/**
 * The kernel's interface as C declares it: the system calls, the structs that they take, and {@link FileDescriptor},
 * which owns a descriptor and closes it. A failed call returns {@code -errno}; nothing here throws it as an exception.
 */
@NullMarked
package dev.salvo.kernel;

import org.jspecify.annotations.NullMarked;
