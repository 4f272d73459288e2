/**
 * The Java peers of the benchmark. Each is a program that does one thing until it is terminated: it echoes, counts the
 * datagrams that it receives, or sends.
 */
@NullMarked
package dev.salvo.bench;

import org.jspecify.annotations.NullMarked;
