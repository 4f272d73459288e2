package dev.salvo.socket;

import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Kernels;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The real kernel, with a hand in some of its calls: for what loopback does not do when asked. */
final class KernelStub {

    /** What is done instead of a call. */
    @FunctionalInterface
    interface Instead {

        /** The result of the call; {@code real} makes it. */
        Object call(String name, Object[] arguments, Real real) throws Throwable;
    }

    /** Makes the call as it was asked for, but for what was changed in its arguments. */
    @FunctionalInterface
    interface Real {

        Object call() throws Throwable;
    }

    private KernelStub() {}

    static Kernel with(Instead instead) {
        var real = Kernels.current();
        InvocationHandler handler = (proxy, method, arguments) -> instead.call(method.getName(), arguments, () -> {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class}, handler);
    }
}
