package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.Loop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call is made that another thread adds while the loop reads the eventfd of an earlier wake-up. The next call still
 * wakes the loop.
 */
@Tag("fault")
class WakeUpRaceTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noWakeUpIsLost(boolean beforeTheRead) throws Exception {
        var made = new ArrayList<String>();
        try (var faulty = new FaultyReactor()) {
            var reactor = faulty.reactor;
            // The script adds the call in place of another thread that is at exactly this point.
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
