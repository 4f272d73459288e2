package dev.salvo.cli;

import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.Json;
import dev.salvo.cli.console.Version;
import dev.salvo.cli.probe.Feature;
import dev.salvo.cli.probe.Probes;
import dev.salvo.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code salvo info}. */
@Command(name = "info", header = "Shows which kernel features work on this machine, by trying each on loopback.", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
final class InfoCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    InfoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var features = Probes.runAll();
        if (json) {
            console.line(json(features));
        } else {
            table(features).forEach(console::line);
        }
        return 0;
    }

    private static List<String> table(List<Feature> features) {
        var lines = new ArrayList<>(List.of(
                row("Salvo", Version.ofSalvo()),
                row("kernel", Version.ofKernel()),
                row("machine", Version.architecture()),
                row("Java", Version.ofJava()),
                ""));
        for (var feature : features) {
            lines.add(row(feature.name(), word(feature.result()) + feature.detail()));
        }
        return lines;
    }

    private static String word(Feature.Result result) {
        return switch (result) {
            case WORKS -> "yes  ";
            case FAILS -> "no   ";
            case UNTRIED -> "?    ";
        };
    }

    /** The first column is 16 wide; the longest name has 14 characters. */
    private static String row(String name, String rest) {
        return String.format(Locale.ROOT, "%-16s%s", name, rest);
    }

    private static String json(List<Feature> features) {
        return new Json()
                .put("salvo", Version.ofSalvo())
                .put("kernel", Version.ofKernel())
                .put("machine", Version.architecture())
                .put("java", Version.ofJava())
                .put("features", features.stream().map(InfoCommand::json).toList())
                .toString();
    }

    private static Json json(Feature feature) {
        var json = new Json().put("name", feature.name());
        if (feature.result() == Feature.Result.UNTRIED) {
            json.putNull("works");
        } else {
            json.put("works", feature.result() == Feature.Result.WORKS);
        }
        json.put("detail", feature.detail());
        feature.value().ifPresent(value -> json.put("value", value));
        feature.errno().ifPresent(errno -> json.put("errno", errno).put("error", Errno.name(errno)));
        return json;
    }
}
