/** Programs to read and to run, one for each listing of Twisted's howto on UDP, and services. It has no API. */
module dev.salvo.examples {
    requires dev.salvo.protocol;
    requires org.dnsjava;
    requires static org.jspecify;
}
