package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.Errno;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fault")
class FeaturesTest {

    private static final int POLLER = 7;

    private final List<Object> closed = new ArrayList<>();

    /** A kernel in which epoll_pwait2 has this result, and only the calls that open and close a poller are allowed. */
    private Kernel kernel(int answer) {
        return (Kernel) Proxy.newProxyInstance(
                Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "epollCreate1" -> POLLER;
                    case "epollPwait2" -> answer;
                    case "close" -> {
                        closed.add(arguments[0]);
                        yield 0;
                    }
                    default -> throw new AssertionError(method);
                });
    }

    private int asked(int answer) throws Exception {
        return ScopedValue.where(Kernels.SCRIPTED, kernel(answer)).call(Features::epollPwait2);
    }

    @Test
    void aMissingCallIsReportedByItsErrno() throws Exception {
        assertEquals(Errno.ENOSYS, asked(-Errno.ENOSYS));
        assertEquals(Errno.EPERM, asked(-Errno.EPERM));
    }

    @Test
    void aCallThatWorksOrIsInterruptedIsSupported() throws Exception {
        assertEquals(0, asked(0));
        assertEquals(0, asked(-Errno.EINTR));
    }

    @Test
    void theProbeClosesItsPoller() throws Exception {
        asked(-Errno.ENOSYS);
        assertEquals(List.of(POLLER), closed);
    }
}
