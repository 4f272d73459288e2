package dev.salvo.socket.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.LinuxExtras;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the option tables matches the kernel: its name is the table's prefix and its field's name, and its
 * number is that of the constant of this name, which native/abi_check.c compares with C.
 */
@Tag("unit")
class OptionRowsTest {

    record Row(Field field, String prefix, int level) {

        SockOpt<?> option() throws IllegalAccessException {
            return assertInstanceOf(SockOpt.class, field.get(null));
        }

        @Override
        public String toString() {
            return prefix + field.getName();
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                table(SocketLevelOptions.class, "SO_", 1),
                table(IpOptions.class, "IP_", 0),
                table(Ipv6Options.class, "IPV6_", 41),
                table(UdpOptions.class, "UDP_", 17))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> table(Class<?> table, String prefix, int level) {
        return Arrays.stream(table.getFields()).map(field -> new Row(field, prefix, level));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowMatchesTheKernelsConstant(Row row) throws ReflectiveOperationException {
        var option = row.option();
        assertEquals(row.toString(), option.name());
        assertEquals(row.toString(), option.toString());
        assertEquals(row.level, option.level());
        assertEquals(constant(option.name()), option.number());
    }

    private static int constant(String name) throws ReflectiveOperationException {
        try {
            return (int) Objects.requireNonNull(Linux.class.getMethod(name).invoke(null));
        } catch (NoSuchMethodException e) {
            return LinuxExtras.class.getField(name).getInt(null);
        }
    }

    @Test
    void noOptionIsListedTwice() throws IllegalAccessException {
        var seen = new HashSet<Long>();
        for (var row : rows().toList()) {
            var option = row.option();
            assertTrue(seen.add((long) option.level() << 32 | option.number()), option::name);
        }
        assertTrue(seen.size() > 90, seen.size() + " rows");
    }

    @Test
    void aBooleanIsAnIntOfOneOrZero() {
        var memory = MemorySegment.ofArray(new int[1]);
        var codec = SocketLevelOptions.BROADCAST.codec();
        assertEquals(4, codec.size());
        assertEquals(4, codec.write(memory, true));
        assertEquals(1, memory.get(ValueLayout.JAVA_INT, 0));
        codec.write(memory, false);
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, 0));
        memory.set(ValueLayout.JAVA_INT, 0, 8);
        assertEquals(true, codec.read(memory, 4));
    }

    @Test
    void anIntThatTheKernelAnsweredWithOneByteIsRead() {
        var memory = MemorySegment.ofArray(new int[]{-1});
        memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 200);
        assertEquals(200, IpOptions.TTL.codec().read(memory, 1));
        assertEquals(0xffffffc8, IpOptions.TTL.codec().read(memory, 4));
    }
}
