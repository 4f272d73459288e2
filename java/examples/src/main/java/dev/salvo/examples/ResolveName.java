package dev.salvo.examples;

import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** Resolves a host name, because transports take only addresses. Argument: the name. */
final class ResolveName {

    private ResolveName() {}

    static void main(String[] arguments) throws IOException {
        var name = arguments.length > 0 ? arguments[0] : "example.com";
        // @start region = "resolve"
        try (var reactor = Reactor.open()) {
            reactor.resolve(name).whenComplete((InetAddress ip, Throwable failure) -> {
                IO.println(failure == null ? "IP of '" + name + "' is " + ip.getHostAddress() : failure.getMessage());
                reactor.callLater(Duration.ofSeconds(3), reactor::stop);
            });
            reactor.run();
        }
        // @end
    }
}
