package dev.salvo.protocol;

import java.time.Duration;
import java.util.List;

/**
 * Time, and what is called when it has come: Twisted's IReactorTime. Code that is handed one instead of a
 * {@link Reactor} can be tested with a {@link dev.salvo.protocol.testing.ManualClock}.
 *
 * <p>It never goes back, and no setting of the machine's time moves it. A reactor's belongs to the reactor's thread,
 * but for {@link #seconds}.
 */
public interface Clock {

    /**
     * The time. Any thread may ask a reactor for it.
     *
     * @return in seconds, since the clock was opened
     */
    double seconds();

    /**
     * Has something called later.
     *
     * @param delay from now on; zero for the next turn of the loop. What is over a hundred years away is never due
     * @param call what to call
     * @return a handle to cancel or to move it
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    DelayedCall callLater(Duration delay, Call call);

    /**
     * Has something called again and again: first after one interval, and then whenever a whole number of intervals has
     * gone by since the beginning. What a busy loop was too late for is left out, not made up for. A call that throws
     * is treated as every other is, and the next one is made all the same; Twisted's LoopingCall would stop.
     *
     * {@snippet file = "dev/salvo/examples/UdpBroadcast.java" region = "every"}
     *
     * @param interval from one call to the next
     * @param call what to call
     * @return a handle to stop it
     * @throws IllegalArgumentException if {@code interval} is not positive
     */
    LoopingCall callEvery(Duration interval, Call call);

    /**
     * The calls that are still to be made, the next one of each {@link #callEvery} and the reactor's own included.
     *
     * @return a list of its own, in the order in which they are due
     */
    List<DelayedCall> getDelayedCalls();
}
