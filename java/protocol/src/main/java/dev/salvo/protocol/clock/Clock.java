package dev.salvo.protocol.clock;

import java.time.Duration;
import java.util.List;

/**
 * A clock that makes calls at a later time: Twisted's IReactorTime. Code that takes a clock instead of a
 * {@link dev.salvo.reactor.Reactor} can be tested with a {@link dev.salvo.protocol.testing.ManualClock}.
 *
 * <p>
 * The time never goes back, and setting the system's clock does not change it. The methods of a reactor must be called
 * on the reactor's thread, except {@link #seconds}.
 */
public interface Clock {

    /**
     * The time. On a reactor, any thread may call this.
     *
     * @return the time in seconds, since the clock was opened
     */
    double seconds();

    /**
     * Schedules a call.
     *
     * @param delay the time from now until the call; zero means the next turn of the loop. A call that is more than a
     *     hundred years away is never made
     * @param call the call to make
     * @return a handle to cancel or to move the call
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    DelayedCall callLater(Duration delay, Call call);

    /**
     * Schedules a repeated call: first after one interval, and then each time a whole number of intervals has passed
     * since the beginning. Calls for which a busy loop is too late are skipped, and not made up for. An exception is
     * treated like that of any other call, and the next call is made all the same; Twisted's LoopingCall would stop.
     *
     * {@snippet file = "dev/salvo/examples/UdpBroadcast.java" region = "every"}
     *
     * @param interval the time from one call to the next
     * @param call the call to make
     * @return a handle to stop the calls
     * @throws IllegalArgumentException if {@code interval} is not positive
     */
    LoopingCall callEvery(Duration interval, Call call);

    /**
     * The calls that are still to be made. They include the next call of each {@link #callEvery} and the reactor's own
     * calls.
     *
     * @return a new list, in the order in which the calls are due
     */
    List<DelayedCall> getDelayedCalls();
}
