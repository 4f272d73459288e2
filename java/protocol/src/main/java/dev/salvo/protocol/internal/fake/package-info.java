/** The multicast memberships of the fake transport for users' tests. */
@NullMarked
package dev.salvo.protocol.internal.fake;

import org.jspecify.annotations.NullMarked;
