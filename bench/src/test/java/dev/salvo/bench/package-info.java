/** Tests of the peers: each is started, and sees some datagrams. */
@NullMarked
package dev.salvo.bench;

import org.jspecify.annotations.NullMarked;
