/**
 * UDP networking modelled on Twisted: a reactor, protocols and transports. It is built on the socket layer, whose types
 * appear in its methods.
 */
module dev.salvo.protocol {
    requires transitive dev.salvo.socket;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.salvo.protocol;
    exports dev.salvo.protocol.clock;
    exports dev.salvo.protocol.testing;
    exports dev.salvo.reactor;
}
