package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.internal.Syscall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call that another thread adds while the loop takes the wake-up of an earlier one is made, and the next still wakes.
 */
@Tag("fault")
class WakeUpRaceTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noWakeUpIsLost(boolean beforeTheRead) throws Exception {
        var made = new ArrayList<String>();
        try (var faulty = new FaultyReactor()) {
            var reactor = faulty.reactor;
            // Where a thread that is at exactly this point would add.
            faulty.kernel.next(Syscall.READ, call -> {
                if (beforeTheRead) {
                    reactor.callFromThread(() -> made.add("meanwhile"));
                }
                var result = call.passOn();
                if (!beforeTheRead) {
                    reactor.callFromThread(() -> made.add("meanwhile"));
                }
                return result;
            });
            reactor.callFromThread(() -> made.add("first"));
            var later = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    made.add(e.toString());
                }
                reactor.callFromThread(reactor::stop);
            });
            Loop.run(reactor);
            later.join();
            assertEquals(List.of("first", "meanwhile"), made);
        }
    }
}
