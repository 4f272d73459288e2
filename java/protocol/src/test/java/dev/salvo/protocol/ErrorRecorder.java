package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import java.util.ArrayList;
import java.util.List;

/** Also records errors and refusals. */
class ErrorRecorder extends Recorder {

    final List<SocketError> errors = new ArrayList<>();

    @Override
    public void errorReceived(SocketError error, DatagramTransport transport) throws Exception {
        errors.add(error);
        events.add("error " + error.destination());
    }

    @Override
    public void connectionRefused(SockAddr destination, DatagramTransport transport) throws Exception {
        events.add("refused " + destination);
    }
}
