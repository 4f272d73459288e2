package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example prints the address of a name. */
@Tag("loopback")
class ResolveNameTest {

    @Test
    void theAddressIsPrintedAndTheProgramEnds() throws Exception {
        try (var program = Program.start(ResolveName.class, "localhost")) {
            assertEquals("IP of 'localhost' is 127.0.0.1", program.line());
            assertTrue(program.endsWell());
        }
    }

    @Test
    void aNameWithoutAnAddressIsReported() throws Exception {
        // RFC 2606 reserves .invalid, and a name with an empty label is not even looked up.
        try (var program = Program.start(ResolveName.class, "a..invalid")) {
            assertEquals("a..invalid: the name can't be resolved", program.line());
            assertTrue(program.endsWell());
        }
    }
}
