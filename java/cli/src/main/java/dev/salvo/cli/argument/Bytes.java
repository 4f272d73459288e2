package dev.salvo.cli.argument;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a number of bytes on the command line, for example 65536, 512K or 8M. */
public final class Bytes implements ITypeConverter<Integer> {

    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})([kKmM]?)");

    /** The kernel doubles a buffer's size, which must fit into its int then. */
    private static final long MOST = (1L << 30) - 1;

    @Override
    public Integer convert(String text) {
        var parts = SYNTAX.matcher(text);
        if (parts.matches()) {
            var bytes = Long.parseLong(parts.group(1)) << switch (parts.group(2)) {
                case "k", "K" -> 10;
                case "m", "M" -> 20;
                default -> 0;
            };
            if (bytes >= 1 && bytes <= MOST) {
                return (int) bytes;
            }
        }
        throw new TypeConversionException(
                "'" + text + "' is not a number of bytes from 1 to 1023M, for instance 65536, 512K or 8M");
    }
}
