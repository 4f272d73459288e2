package dev.salvo.cli.service;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Signal handlers by sun.misc.Signal, which is called by reflection because javac's warning about it cannot be
 * suppressed. A shutdown hook is no substitute: it would run concurrently with the reactor, and the process would end
 * with exit code 143.
 */
public final class Signals {

    private Signals() {}

    /**
     * Replaces the JVM's handler of a signal. A JVM thread runs the action at each such signal.
     *
     * @param name the signal's name without SIG
     * @param action the action to run
     * @return false if the JVM does not handle signals (-Xrs); the signal then ends the process
     */
    public static boolean handle(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler called = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            };
            var proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler}, called);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            return true;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                return false;
            }
            throw new IllegalStateException("SIG" + name, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal", e);
        }
    }
}
