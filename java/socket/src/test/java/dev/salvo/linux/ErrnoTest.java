package dev.salvo.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SockAddr;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Error numbers have the names of errno(3) and a description. */
@Tag("unit")
class ErrnoTest {

    static Stream<Field> constants() {
        return Arrays.stream(Errno.class.getFields()).filter(f -> Modifier.isStatic(f.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("constants")
    void everyConstantIsNamedAsItsField(Field constant) throws IllegalAccessException {
        var errno = constant.getInt(null);
        assertEquals(constant.getName(), Errno.name(errno));
        assertTrue(Errno.describe(errno).startsWith(constant.getName() + " ("));
    }

    @ParameterizedTest
    @CsvSource({"EPERM, 1", "EAGAIN, 11", "EINVAL, 22", "EMSGSIZE, 90", "ENOBUFS, 105", "ECONNREFUSED, 111"})
    void theNumbersAreThoseOfLinux(String name, int errno) {
        assertEquals(name, Errno.name(errno));
    }

    @Test
    void anUnlistedNumberIsNamedByItsValue() {
        assertEquals("errno 133", Errno.name(133));
        assertEquals("errno 133", Errno.describe(133));
    }

    @Test
    void anExceptionNamesTheCallTheSubjectAndTheErrno() {
        var exception = new SyscallException("bind", SockAddr.of("127.0.0.1", 53), Errno.EACCES);
        assertEquals("bind 127.0.0.1:53: EACCES (permission denied)", exception.getMessage());
        assertEquals("bind", exception.call());
        assertEquals(Errno.EACCES, exception.errno());
        assertEquals("poll: ENOMEM (out of memory)", new SyscallException("poll", Errno.ENOMEM).getMessage());
    }
}
