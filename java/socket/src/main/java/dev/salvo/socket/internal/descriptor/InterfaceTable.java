package dev.salvo.socket.internal.descriptor;

import dev.salvo.linux.SyscallException;
import java.net.InetAddress;

/** Finds network interfaces, in one network namespace. */
interface InterfaceTable {

    /**
     * The index of the interface with a name.
     *
     * @throws SyscallException ENODEV if there is none
     */
    int byName(String name) throws SyscallException;

    /**
     * Whether there is an interface with an index.
     *
     * @throws SyscallException ENODEV if there is none
     */
    void requireIndex(int index) throws SyscallException;

    /**
     * The index of the interface of an IPv4 address with this label, {@code eth0:1} (address labels of ip-address(8)).
     *
     * @throws IllegalArgumentException if there is none
     */
    int byLabel(String label) throws SyscallException;

    /**
     * The index of an interface with an address.
     *
     * @param scope the only index to accept; 0 for any
     * @param spec what to name in the exception
     * @throws SyscallException ENODEV if there is none
     */
    int byAddress(InetAddress address, int scope, String spec) throws SyscallException;
}
