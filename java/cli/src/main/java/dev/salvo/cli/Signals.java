package dev.salvo.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * sun.misc.Signal, by reflection: javac warns of it whatever it is told, and a shutdown hook in its place would end the
 * process with 143 and run while the reactor does.
 */
final class Signals {

    private Signals() {}

    /**
     * Has something done on a thread of the JVM's at each signal of a name, instead of what the JVM does.
     *
     * @param name without SIG
     * @param action what to do
     * @return false if the JVM was told to keep its hands off (-Xrs), and then the signal ends the process
     */
    static boolean handle(String name, Runnable action) {
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
