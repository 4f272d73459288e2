/**
 * UDP as Twisted has it: a reactor, a protocol object, a transport. The socket layer's types appear in its methods.
 */
module dev.salvo.protocol {
    requires transitive dev.salvo.socket;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.salvo.protocol;
    exports dev.salvo.protocol.testing;
}
