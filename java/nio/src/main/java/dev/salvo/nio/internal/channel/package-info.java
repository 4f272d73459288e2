/** DatagramChannel and what belongs to it: options, memberships, the socket adaptor. */
@NullMarked
package dev.salvo.nio.internal.channel;

import org.jspecify.annotations.NullMarked;
