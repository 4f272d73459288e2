/** The UDP echoes that bench/echo.sh measures side by side; each listens until it is told to terminate. */
@NullMarked
package dev.salvo.bench;

import org.jspecify.annotations.NullMarked;
