package dev.salvo.socket.internal.descriptor;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Interfaces;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import java.net.InetAddress;

/** The interfaces of the calling thread's network namespace. */
final class ThreadInterfaces implements InterfaceTable {

    @Override
    public int byName(String name) throws SyscallException {
        return SyscallErrors.check("if_nametoindex", name, Interfaces.index(name));
    }

    @Override
    public void requireIndex(int index) throws SyscallException {
        SyscallErrors.check("if_indextoname", index, Interfaces.find(index));
    }

    @Override
    public int byLabel(String label) throws SyscallException {
        for (var local : LocalAddresses.all(Kernels.current())) {
            if (local.label().equals(label)) {
                return byName(local.interfaceName());
            }
        }
        throw InterfaceSpec.garbage(label);
    }

    @Override
    public int byAddress(InetAddress address, int scope, String spec) throws SyscallException {
        for (var local : LocalAddresses.all(Kernels.current())) {
            if (local.address().equals(address)) {
                var index = byName(local.interfaceName());
                if (scope == 0 || scope == index) {
                    return index;
                }
            }
        }
        throw new SyscallException("getifaddrs", spec, Linux.ENODEV());
    }
}
