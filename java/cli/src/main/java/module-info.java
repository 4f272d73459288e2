/** The salvo command. It has no API. */
module dev.salvo.cli {
    requires dev.salvo.protocol;
    requires info.picocli;
    // For sun.misc.Signal, which is called by reflection.
    requires jdk.unsupported;
    requires static org.jspecify;

    opens dev.salvo.cli to
            info.picocli;
    opens dev.salvo.cli.argument to
            info.picocli;
    opens dev.salvo.cli.console to
            info.picocli;
    opens dev.salvo.cli.echo to
            info.picocli;
    opens dev.salvo.cli.listen to
            info.picocli;
    opens dev.salvo.cli.send to
            info.picocli;
}
