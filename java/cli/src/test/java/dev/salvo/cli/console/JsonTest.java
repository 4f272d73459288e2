package dev.salvo.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import dev.salvo.cli.Parsed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class JsonTest {

    @Test
    void membersAreWrittenInTheirOrder() {
        var json = new Json()
                .put("text", "a")
                .put("whole", 1L << 40)
                .put("real", 0.5)
                .put("flag", true)
                .putNull("nothing")
                .put("inner", new Json())
                .put("list", List.of(new Json().put("n", 1)));
        assertEquals(
                "{\"text\":\"a\",\"whole\":1099511627776,\"real\":0.500,\"flag\":true,\"nothing\":null,\"inner\":{},"
                        + "\"list\":[{\"n\":1}]}",
                json.toString());
    }

    @Test
    void charactersThatWouldEndAStringOrTheLineAreEscaped() {
        var text = "a\"b\\c\nd\te\u0001";
        var parsed = Parsed.object(new Json().put("\"", text).toString());
        assertEquals(text, parsed.get("\"").getAsString());
    }
}
