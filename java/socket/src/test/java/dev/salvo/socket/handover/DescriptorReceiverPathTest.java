package dev.salvo.socket.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The file that a receiver listens on: its owner, and its removal. */
@Tag("loopback")
class DescriptorReceiverPathTest {

    private final HandoverFolder handover = new HandoverFolder();

    DescriptorReceiverPathTest() throws IOException {}

    @AfterEach
    void removeFolder() throws IOException {
        handover.close();
    }

    @Test
    void onlyTheOwnerMayOpenTheFile() throws IOException {
        try (var receiver = DescriptorReceiver.listen(handover.socket)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(handover.socket)));
            assertThrows(SocketTimeoutException.class, () -> receiver.receive(Duration.ZERO));
        }
    }

    @Test
    void closeRemovesTheFile() throws IOException {
        var receiver = DescriptorReceiver.listen(handover.socket);
        assertTrue(Files.exists(handover.socket));
        receiver.close();
        assertFalse(Files.exists(handover.socket));
    }

    @Test
    void anExistingFileIsNotReplaced() throws IOException {
        Files.writeString(handover.socket, "precious");
        var thrown = assertThrows(
                FileAlreadyExistsException.class, () -> DescriptorReceiver.listen(handover.socket));
        assertTrue(String.valueOf(thrown.getMessage()).contains("no process listens on any more"), thrown::toString);
        assertEquals("precious", Files.readString(handover.socket));
    }

    @Test
    void theFileOfAnotherReceiverIsNotReplaced() throws IOException {
        try (var first = DescriptorReceiver.listen(handover.socket)) {
            assertThrows(FileAlreadyExistsException.class, () -> DescriptorReceiver.listen(handover.socket));
            assertTrue(Files.exists(handover.socket));
            assertThrows(SocketTimeoutException.class, () -> first.receive(Duration.ZERO));
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Files.createSymbolicLink(handover.socket, handover.folder().resolve("elsewhere"));
        assertThrows(FileAlreadyExistsException.class, () -> DescriptorReceiver.listen(handover.socket));
        assertTrue(Files.exists(handover.socket, LinkOption.NOFOLLOW_LINKS));
        assertFalse(Files.exists(handover.folder().resolve("elsewhere")));
    }

    @Test
    void aFileThatTookItsPlaceIsNotRemoved() throws IOException {
        var receiver = DescriptorReceiver.listen(handover.socket);
        Files.delete(handover.socket);
        Files.writeString(handover.socket, "somebody else's");
        receiver.close();
        assertEquals("somebody else's", Files.readString(handover.socket));
    }

    @Test
    void closeAcceptsAFileThatIsAlreadyRemoved() throws IOException {
        var receiver = DescriptorReceiver.listen(handover.socket);
        Files.delete(handover.socket);
        receiver.close();
        assertFalse(Files.exists(handover.socket));
    }

    @Test
    void aPathHasAtMost107Bytes() throws IOException {
        var prefix = handover.folder() + "/";
        var longest = Path.of(prefix + "x".repeat(107 - prefix.length()));
        DescriptorReceiver.listen(longest).close();
        var longer = Path.of(longest + "x");
        var thrown = assertThrows(IllegalArgumentException.class, () -> DescriptorReceiver.listen(longer));
        assertTrue(String.valueOf(thrown.getMessage()).contains("1 to 107 bytes, not 108"), thrown::toString);
        assertThrows(IllegalArgumentException.class, () -> DescriptorReceiver.listen(Path.of("")));
    }

    @Test
    void aMissingFolderIsEnoent() {
        var thrown = assertThrows(SyscallException.class,
                () -> DescriptorReceiver.listen(handover.folder().resolve("missing/s")));
        assertEquals(Errno.ENOENT, thrown.errno());
    }
}
