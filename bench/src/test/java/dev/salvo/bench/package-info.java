/** Tests of the peers: each is started, and exchanges some datagrams. */
@NullMarked
package dev.salvo.bench;

import org.jspecify.annotations.NullMarked;
