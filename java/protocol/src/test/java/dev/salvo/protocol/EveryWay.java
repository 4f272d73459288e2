package dev.salvo.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs a test over created and adopted ports of both families, as Twisted runs its tests over every reactor. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@CsvSource({"LISTENED, IPV4", "LISTENED, IPV6", "ADOPTED, IPV4", "ADOPTED, IPV6"})
@interface EveryWay {
}
