/** What the arguments of several commands mean: addresses, groups, times. */
@NullMarked
package dev.salvo.cli.argument;

import org.jspecify.annotations.NullMarked;
