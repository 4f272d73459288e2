package dev.salvo.socket;

import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The real kernel with some calls replaced, for results that loopback does not produce on demand. */
final class KernelStub {

    /** The replacement of a call. */
    @FunctionalInterface
    interface Instead {

        /** Returns the result of the call; {@code real} makes the real call. */
        Object call(String name, Object[] arguments, Real real) throws Throwable;
    }

    /** Makes the real call, with the arguments as they are now. */
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
