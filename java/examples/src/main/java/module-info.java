/**
 * Example programs: one for each listing of Twisted's howto on UDP, and some larger services. The module has no API.
 */
module dev.salvo.examples {
    requires dev.salvo.protocol;
    requires org.dnsjava;
    requires static org.jspecify;
}
