package dev.salvo.protocol;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.socket.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges are checked when an option is set, and setting one option changes no other. */
@Tag("unit")
class PortOptionsTest {

    /** The values of the options, by name. */
    private static Map<String, Object> of(PortOptions options) {
        return Map.ofEntries(
                entry("interface", options.interfaceAddress()),
                entry("maxPacketSize", options.maxPacketSize()),
                entry("coalescing", options.coalescing()),
                entry("maxSegments", options.maxSegments()),
                entry("sendQueueBytes", options.sendQueueBytes()),
                entry("overflow", options.overflow()),
                entry("listenMultiple", options.listenMultiple()),
                entry("sharedPort", options.sharedPort()),
                entry("v6Only", options.v6Only()),
                entry("errors", options.errors()),
                entry("answerFromAsked", options.answerFromAsked()),
                entry("metadata", options.metadata()));
    }

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            entry("interface", ""),
            entry("maxPacketSize", 65_535),
            entry("coalescing", true),
            entry("maxSegments", 64),
            entry("sendQueueBytes", 1L << 20),
            entry("overflow", Overflow.REFUSE),
            entry("listenMultiple", false),
            entry("sharedPort", false),
            entry("v6Only", false),
            entry("errors", false),
            entry("answerFromAsked", false),
            entry("metadata", Set.of()));

    @Test
    void theDefaultsTruncateNothing() {
        assertEquals(DEFAULTS, of(PortOptions.defaults()));
    }

    static List<Arguments> changes() {
        return List.of(
                change("interface", "::1", o -> o.withInterface("::1")),
                change("maxPacketSize", 512, o -> o.withMaxPacketSize(512)),
                change("coalescing", false, o -> o.withCoalescing(false)),
                change("maxSegments", 128, o -> o.withMaxSegments(128)),
                change("sendQueueBytes", 7L, o -> o.withSendQueueBytes(7)),
                change("overflow", Overflow.DROP_OLDEST, o -> o.withOverflow(Overflow.DROP_OLDEST)),
                change("listenMultiple", true, o -> o.withListenMultiple(true)),
                change("sharedPort", true, o -> o.withSharedPort(true)),
                change("v6Only", true, o -> o.withV6Only(true)),
                change("errors", true, o -> o.withErrors(true)),
                change("answerFromAsked", true, o -> o.withAnswerFromAsked(true)),
                change("metadata", Set.of(Metadata.HOP_LIMIT), o -> o.withMetadata(Metadata.HOP_LIMIT)));
    }

    private static Arguments change(String what, Object value, UnaryOperator<PortOptions> by) {
        return Arguments.of(what, value, by);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void eachOptionIsChangedAlone(String what, Object value, UnaryOperator<PortOptions> by) {
        var expected = new HashMap<>(DEFAULTS);
        expected.put(what, value);
        assertEquals(expected, of(by.apply(PortOptions.defaults())));
        assertEquals(DEFAULTS, of(PortOptions.defaults()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeSurvivesTheNextOne(String what, Object value, UnaryOperator<PortOptions> by) {
        var options = by.apply(PortOptions.defaults());
        assertEquals(options, options.withInterface(options.interfaceAddress()), what + "=" + value);
        assertEquals(options, options.withMaxPacketSize(options.maxPacketSize()), what + "=" + value);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535})
    void validPacketSizesAreAccepted(int bytes) {
        assertEquals(bytes, PortOptions.defaults().withMaxPacketSize(bytes).maxPacketSize());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE})
    void invalidPacketSizesAreRefused(int bytes) {
        assertThrows(IllegalArgumentException.class, () -> PortOptions.defaults().withMaxPacketSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void validQueueSizesAreAccepted(long bytes) {
        assertEquals(bytes, PortOptions.defaults().withSendQueueBytes(bytes).sendQueueBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void invalidQueueSizesAreRefused(long bytes) {
        assertThrows(IllegalArgumentException.class, () -> PortOptions.defaults().withSendQueueBytes(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129, Integer.MIN_VALUE})
    void invalidMaxSegmentsAreRefused(int most) {
        assertThrows(IllegalArgumentException.class, () -> PortOptions.defaults().withMaxSegments(most));
    }

    @Test
    void nullIsRefused() {
        assertThrows(NullPointerException.class, () -> PortOptions.defaults().withOverflow(nullValue()));
        assertThrows(NullPointerException.class, () -> PortOptions.defaults().withInterface(nullValue()));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a caller without a checker may pass
    private static <T> T nullValue() {
        return null;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void equalValuesMakeEqualOptions(String what, Object value, UnaryOperator<PortOptions> by) {
        var options = by.apply(PortOptions.defaults());
        assertEquals(by.apply(PortOptions.defaults()), options);
        assertEquals(by.apply(PortOptions.defaults()).hashCode(), options.hashCode());
        assertNotEquals(PortOptions.defaults(), options);
        var text = options.toString();
        assertTrue(text.contains(what + "=" + value), text);
    }

    @Test
    void theTextListsEveryOption() {
        assertEquals(
                "PortOptions[interface=, maxPacketSize=65535, coalescing=true, maxSegments=64, "
                        + "sendQueueBytes=1048576, overflow=REFUSE, listenMultiple=false, "
                        + "sharedPort=false, v6Only=false, errors=false, answerFromAsked=false, metadata=[]]",
                PortOptions.defaults().toString());
    }
}
