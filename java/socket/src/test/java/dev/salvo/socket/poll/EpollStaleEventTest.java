package dev.salvo.socket.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.EpollEvent;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An event of something that is no longer watched is not reported, especially not to the next owner of its slot (trap
 * 17).
 */
@Tag("fault")
class EpollStaleEventTest {

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final EpollPoller poller;
    private final UdpSocket first;
    private final UdpSocket second;
    private final UdpSocket third;

    EpollStaleEventTest() throws SyscallException {
        poller = kernel.open(() -> EpollPoller.open());
        first = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
        second = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
        third = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
    }

    @AfterEach
    void close() {
        poller.close();
        first.close();
        second.close();
        third.close();
    }

    private void await(long... tokens) throws SyscallException {
        var events = new EpollEvent[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            events[i] = new EpollEvent(tokens[i], Readiness.READABLE);
        }
        kernel.next(Syscall.EPOLL_PWAIT2, Answer.ready(events));
        assertEquals(tokens.length, poller.await(0));
    }

    @Test
    void anEventOfASocketRemovedMeanwhileIsIgnored() throws SyscallException {
        var one = poller.add(first, Readiness.READABLE, "first");
        var two = poller.add(second, Readiness.READABLE, "second");
        await(one, two);

        assertEquals("first", poller.attachment(0));
        poller.remove(second, two);

        assertNull(poller.attachment(1));
    }

    @Test
    void anEventOfAReusedSlotIsIgnored() throws SyscallException {
        var one = poller.add(first, Readiness.READABLE, "first");
        await(one);

        poller.remove(first, one);
        var three = poller.add(third, Readiness.READABLE, "third");

        assertNull(poller.attachment(0));
        assertEquals((int) one, (int) three, "the slot was not reused, so the test proves nothing");
        await(one, three);
        assertNull(poller.attachment(0));
        assertEquals("third", poller.attachment(1));
    }

    @Test
    void anEventOfTheSameSocketAddedAgainIsIgnored() throws SyscallException {
        var before = poller.add(first, Readiness.READABLE, "before");
        poller.remove(first, before);
        var after = poller.add(first, Readiness.READABLE, "after");

        assertNotEquals(before, after);
        await(before, after);
        assertNull(poller.attachment(0));
        assertEquals("after", poller.attachment(1));
    }

    @Test
    void anEventOfAnUnknownTokenIsIgnored() throws SyscallException {
        poller.add(first, Readiness.READABLE, "first");

        await(1, 1L << 32, -1, Long.MIN_VALUE, 1000);

        for (int i = 0; i < 5; i++) {
            assertNull(poller.attachment(i));
        }
    }

    @Test
    void aStaleTokenDoesNotReleaseAReusedSlot() throws SyscallException {
        var one = poller.add(first, Readiness.READABLE, "first");
        poller.remove(first, one);
        var two = poller.add(second, Readiness.READABLE, "second");

        var refused = assertThrows(SyscallException.class, () -> poller.remove(first, one));

        assertEquals(Errno.ENOENT, refused.errno());
        await(two);
        assertEquals("second", poller.attachment(0));
    }

    @Test
    void anEventOfASocketThatCouldNotBeAddedIsIgnored() throws SyscallException {
        kernel.next(Syscall.EPOLL_CTL, Answer.error(Errno.ENOMEM));

        var refused = assertThrows(SyscallException.class, () -> poller.add(first, Readiness.READABLE, "first"));

        assertEquals(Errno.ENOMEM, refused.errno());
        await(0);
        assertNull(poller.attachment(0));
    }

    @Test
    void everySlotIsUsedAgain() throws SyscallException {
        for (int i = 0; i < 100; i++) {
            var one = poller.add(first, Readiness.READABLE, "first");
            var two = poller.add(second, Readiness.READABLE, "second");
            assertEquals(1, (int) one + (int) two, "slots 0 and 1");
            poller.remove(first, one);
            poller.remove(second, two);
        }
    }
}
