/**
 * The peers that are measured beside each other, each a program that does one thing until it is told to terminate: it
 * echoes, counts what it receives, or sends.
 */
@NullMarked
package dev.salvo.bench;

import org.jspecify.annotations.NullMarked;
