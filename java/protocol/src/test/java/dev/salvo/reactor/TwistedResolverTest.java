package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.salvo.protocol.Loop;
import dev.salvo.reactor.ResolveTest.Outcome;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twisted's tests of its resolvers, under their names. */
@Tag("loopback")
class TwistedResolverTest {

    private static final String NAME = "sample.example.com";
    private static final String FIRST_IPV6 = "2001:db8:0:0:0:0:0:1";

    /** Asks a reactor whose lookup returns the given addresses. */
    private static <T> Outcome<T> ask(Function<Reactor, CompletionStage<T>> question, String... addresses)
            throws Exception {
        try (var reactor = ReactorWith.lookup(name -> Arrays.stream(addresses)
                .map(InetAddress::ofLiteral)
                .toArray(InetAddress[]::new))) {
            var outcome = ResolveTest.outcome(question.apply(reactor));
            Loop.runUntil(reactor, outcome::isDone);
            return outcome;
        }
    }

    private static String one(String... addresses) throws Exception {
        return String.valueOf(ask(reactor -> reactor.resolve(NAME), addresses).value);
    }

    @Test
    void resolveOneHost() throws Exception {
        assertEquals(
                List.of(InetAddress.ofLiteral("4.3.2.1")),
                ask(reactor -> reactor.resolveAll(NAME), "4.3.2.1").value);
    }

    @Test
    void resolveOneIPv6Host() throws Exception {
        var addresses = ask(reactor -> reactor.resolveAll(NAME), "::1%2").value;
        assertEquals("[/0:0:0:0:0:0:0:1%2]", String.valueOf(addresses));
    }

    /** Twisted reports an empty list of addresses; Salvo fails the stage. */
    @Test
    void gaierror() throws Exception {
        try (var reactor = ReactorWith.lookup(name -> {
            throw new UnknownHostException(name);
        })) {
            var outcome = ResolveTest.outcome(reactor.resolveAll(NAME));
            Loop.runUntil(reactor, outcome::isDone);
            assertInstanceOf(UnknownHostException.class, outcome.thrown);
        }
    }

    @Test
    void resolveOnlyIPv4() throws Exception {
        assertEquals("/192.0.2.1", one("192.0.2.1", "192.0.2.2"));
    }

    @Test
    void resolveOnlyIPv6() throws Exception {
        assertEquals("/" + FIRST_IPV6, one("2001:db8::1", "2001:db8::2"));
    }

    /** resolve prefers IPv4, wherever it stands in the list. resolveAll returns both families in their order. */
    @Test
    void resolveBoth() throws Exception {
        assertEquals("/192.0.2.1", one("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"));
        var all = ask(reactor -> reactor.resolveAll(NAME), "2001:db8::1", "192.0.2.1", "2001:db8::2").value;
        assertEquals("[/2001:db8:0:0:0:0:0:1, /192.0.2.1, /2001:db8:0:0:0:0:0:2]", String.valueOf(all));
    }

    /** From Twisted's ThreadedResolverTests. */
    @Test
    void success() throws Exception {
        assertEquals("/10.0.0.17", one("10.0.0.17"));
    }

    @Test
    void failure() throws Exception {
        var cause = new IllegalStateException("lookup failed");
        try (var reactor = ReactorWith.lookup(name -> {
            throw cause;
        })) {
            var outcome = ResolveTest.outcome(reactor.resolve(NAME));
            Loop.runUntil(reactor, outcome::isDone);
            var thrown = assertInstanceOf(UnknownHostException.class, outcome.thrown);
            assertEquals(NAME + ": the name can't be resolved", thrown.getMessage());
            assertEquals(cause, thrown.getCause());
        }
    }

    @Test
    void timeout() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var reactor = ReactorWith.lookup(name -> {
            goOn.await();
            return new InetAddress[0];
        })) {
            var outcome = ResolveTest.outcome(reactor.resolve(NAME, Duration.ofMillis(10)));
            Loop.runUntil(reactor, outcome::isDone);
            assertInstanceOf(UnknownHostException.class, outcome.thrown);
        } finally {
            goOn.countDown();
        }
    }

    /** The name is passed to the lookup unchanged. */
    @Test
    void resolverGivenStr() throws Exception {
        try (var reactor = ReactorWith
                .lookup(name -> new InetAddress[]{InetAddress.getByAddress(name, new byte[]{1, 2, 3, 4})})) {
            var outcome = ResolveTest.outcome(reactor.resolve("bücher.example"));
            Loop.runUntil(reactor, outcome::isDone);
            assertEquals("bücher.example/1.2.3.4", String.valueOf(outcome.value));
        }
    }

    /** The scope of a looked-up address is kept, as with a literal. */
    @Test
    void resolveKeepsTheScope() throws Exception {
        var address = ask(reactor -> reactor.resolve(NAME), "fe80::1%1").value;
        assertEquals(1, assertInstanceOf(Inet6Address.class, address).getScopeId());
    }
}
