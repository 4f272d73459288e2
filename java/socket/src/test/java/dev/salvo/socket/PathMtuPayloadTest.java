package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The payload that fits into an MTU beside the headers. */
@Tag("unit")
class PathMtuPayloadTest {

    @ParameterizedTest
    @CsvSource({
            "192.0.2.1, 1500, 1472", "::ffff:192.0.2.1, 1500, 1472", "2001:db8::1, 1500, 1452",
            "192.0.2.1, 65535, 65507", "2001:db8::1, 65536, 65488",
            "192.0.2.1, 2147483647, 65507", "2001:db8::1, 2147483647, 65527",
            "192.0.2.1, 0, 0", "2001:db8::1, 47, 0", "192.0.2.1, -2147483648, 0"
    })
    void thePayloadIsTheMtuLessTheHeaders(String destination, int mtu, int payload) {
        assertEquals(payload, PathMtu.largestPayload(mtu, SockAddr.of(destination, 9)));
    }
}
