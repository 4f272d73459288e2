package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options compute beforehand how many datagrams a payload becomes, and whether it can be sent with them. */
@Tag("unit")
class SendOptionsDatagramsTest {

    private static final SockAddr IPV4 = SockAddr.of("192.0.2.1", 9);
    private static final SockAddr IPV6 = SockAddr.of("2001:db8::1", 9);

    @ParameterizedTest
    @CsvSource({"10, 0, 1", "10, 9, 1", "10, 10, 1", "10, 11, 2", "1, 64, 64", "65535, 65535, 1"})
    void aSegmentSizeMakesSeveralDatagrams(int segment, int length, int datagrams) {
        assertEquals(datagrams, new SendOptions().segmentSize(segment).datagrams(length, IPV4));
        assertEquals(1, new SendOptions().datagrams(length, IPV4));
    }

    @Test
    void aPayloadThatABatchRefusesIsRefused() {
        var bytewise = new SendOptions().segmentSize(1);
        var foreign = new SendOptions().source(IPV6);
        assertThrows(IllegalArgumentException.class, () -> bytewise.datagrams(65, IPV4));
        assertThrows(IllegalArgumentException.class, () -> foreign.datagrams(1, IPV4));
        assertThrows(IllegalArgumentException.class, () -> new SendOptions().datagrams(65_536, IPV4));
        assertEquals(1, foreign.datagrams(1, IPV6));
        assertEquals(1, foreign.datagrams(1, null));
    }
}
