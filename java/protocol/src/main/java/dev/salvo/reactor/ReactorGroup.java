package dev.salvo.reactor;

import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.protocol.internal.group.GroupMember;
import dev.salvo.protocol.internal.group.GroupPort;
import dev.salvo.protocol.internal.group.GroupThreads;
import dev.salvo.protocol.internal.group.SteeringRule;
import dev.salvo.protocol.internal.port.AddressChecks;
import dev.salvo.protocol.internal.port.PortSocket;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Reactors that serve the same ports, each on its own thread. Every member has its own socket for each port, and the
 * kernel distributes the datagrams among these sockets (SO_REUSEPORT, socket(7)).
 *
 * {@snippet file = "dev/salvo/examples/ShardedServer.java" region = "run"}
 *
 * <p>
 * The reactors run as soon as the group is open. Their threads are platform threads, which keep the JVM alive until the
 * group is closed. All callbacks of a member run on its thread. Protocols of different members share nothing unless the
 * program makes them share it.
 *
 * <p>
 * Any thread may call the methods of a group. The methods that wait throw IllegalStateException on a member's thread.
 * Their descriptions say that they wait.
 *
 * <p>
 * A port belongs to the whole group. It can't be connected: {@link DatagramTransport#connect} throws
 * IllegalStateException. The sockets of a port open together and close together:
 *
 * <ul>
 * <li>{@link DatagramTransport#stopListening} on one member stops the port on all members, each on its own thread.
 * <li>The stage that it returns completes when the socket of that member is closed. When the stages of all members are
 * complete, the port's number can be bound again.
 * <li>What a member has not received when its port stops is lost.
 * <li>While a port closes, the kernel may give a datagram meant for a member that has closed its socket to a member
 * that has not. The same happens while a group stops, since each member closes its ports after its own
 * {@linkplain Reactor#onShutdown shutdown hooks}.
 * <li>When a member begins to close a steered port, the port's program is detached. From then on the kernel's hash
 * chooses. A Linux kernel without the change "bpf: Free reuseport cBPF prog after RCU grace period" (2026,
 * CVE-2026-52910) may free the program while a packet still uses it, which is a use after free in the kernel. Before
 * you steer by CPU or by payload, check that the kernel has this change, or use {@link Steering#hash}.
 * </ul>
 *
 * <p>
 * To replace a process without closing its sockets, hand them over with
 * {@link dev.salvo.socket.handover.DescriptorSender}.
 *
 * <p>
 * The kernel reports an ICMP error to the member that its hash chooses, which need not be the member that sent the
 * datagram (__udp4_lib_err of net/ipv4/udp.c).
 *
 * <p>
 * To hear a multicast group, every member joins it with {@link DatagramTransport#joinGroup} on its own thread, and
 * every member receives a copy. If only some members join, the kernel may give a datagram from the network to a member
 * that has not joined.
 *
 * <p>
 * An exception of a protocol is logged, as by any reactor. When a loop fails, or when one member's reactor is stopped,
 * the whole group stops. {@link #awaitStop} throws the failure.
 */
public final class ReactorGroup implements AutoCloseable {

    /** The values of a byte. */
    private static final int MOST_MEMBERS = 256;

    private final GroupThreads threads;
    private final SteeringRule rule;
    private final List<Reactor> reactors;

    private ReactorGroup(GroupThreads threads, SteeringRule rule) {
        this.threads = threads;
        this.rule = rule;
        reactors = threads.members().stream().map(member -> new Reactor(member.loop())).toList();
    }

    /**
     * Opens a group in which the kernel's hash chooses the member.
     *
     * @param members the number of members, 1 to 256
     * @return a group without ports
     * @throws IllegalArgumentException if {@code members} is out of range
     * @throws UnsupportedOperationException if this machine or this JVM can't run a reactor; the message says what to
     *     do
     * @throws IOException if the process has too many descriptors
     */
    public static ReactorGroup open(int members) throws IOException {
        return open(members, Steering.hash());
    }

    /**
     * Opens a group.
     *
     * @param members the number of members, 1 to 256
     * @param steering how the kernel chooses a member
     * @return a group without ports
     * @throws IllegalArgumentException if {@code members} is out of range
     * @throws UnsupportedOperationException if this machine or this JVM can't run a reactor; the message says what to
     *     do
     * @throws IOException if the process has too many descriptors
     */
    public static ReactorGroup open(int members, Steering steering) throws IOException {
        return open(members, steering, new int[0], ReactorGroup::thread);
    }

    /**
     * Opens a group with one member for each of the given CPUs. The member's thread, and the threads that it starts,
     * are pinned to that CPU (sched_setaffinity(2)).
     *
     * @param steering how the kernel chooses a member
     * @param cpus 1 to 256 CPUs, all different, by their numbers in /proc/cpuinfo
     * @return a group without ports
     * @throws IllegalArgumentException if there are too few or too many CPUs, if one is given twice, if a number is out
     *     of range, if the machine does not have the CPU, or if a cpuset keeps the process from it
     * @throws UnsupportedOperationException if this machine or this JVM can't run a reactor; the message says what to
     *     do
     * @throws IOException if the process has too many descriptors; EPERM from a seccomp filter
     */
    public static ReactorGroup pinned(Steering steering, int... cpus) throws IOException {
        if (IntStream.of(cpus).distinct().count() < cpus.length) {
            throw new IllegalArgumentException("a CPU is given twice: " + Arrays.toString(cpus));
        }
        if (IntStream.of(cpus).anyMatch(cpu -> cpu < 0)) {
            throw new IllegalArgumentException("CPU out of range: " + Arrays.toString(cpus));
        }
        return open(cpus.length, steering, cpus.clone(), ReactorGroup::thread);
    }

    static ReactorGroup open(int members, Steering steering, int[] cpus, GroupMember.Threads factory)
            throws IOException {
        if (members < 1 || members > MOST_MEMBERS) {
            throw new IllegalArgumentException("a group has 1 to " + MOST_MEMBERS + " members, not " + members);
        }
        var rule = steering.rule(cpus, members);
        return new ReactorGroup(GroupThreads.start(members, cpus, factory), rule);
    }

    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon(false).name(name).unstarted(task);
    }

    /**
     * Listens on a port with all members. Waits until all of them serve it. In addition to the options that
     * {@link Reactor#listenUdp(int, DatagramProtocol, PortOptions)} sets, SO_REUSEPORT is set. If the group is steered
     * by CPU or by payload, a program is attached. A steered group with one member needs neither, and has neither. With
     * {@link Steering#payloadByte} GRO is off.
     *
     * <p>
     * In a group in which the kernel's hash chooses, a port other than 0 is shared with other sockets that have
     * SO_REUSEPORT and belong to the same user, those of other processes too. If the port is 0, or if the group is
     * steered, no other socket may have the port when the group opens it. Another socket with SO_REUSEPORT can still
     * join later, unless a steered group has only one member. It receives no unicast datagrams while a program is
     * attached.
     *
     * <p>
     * A steered group drops the datagrams that arrive before all its members are bound.
     *
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param protocols makes the protocol of each member from the member's number; called on the member's thread
     * @param options where and how
     * @return the port of each member, in their order. Each one belongs to its member's thread, as
     * {@link DatagramTransport} says
     * @throws CannotListenException if a member's port can't be bound or steered, or if its startProtocol throws an
     *     IOException; the cause has the errno. Nothing stays open then, nor after any other exception or error
     * @throws IllegalStateException if the group has stopped, on a member's thread, or if startProtocol throws another
     *     checked exception. An unchecked exception of startProtocol is thrown as it is
     * @throws InvalidAddressException if the interface is no IPv4 or IPv6 literal
     * @throws IllegalArgumentException if the port is out of range, if the options have listenMultiple, or if they have
     *     v6Only without an IPv6 interface
     */
    public List<DatagramTransport> listenUdp(int port, IntFunction<? extends DatagramProtocol> protocols,
            PortOptions options) throws CannotListenException {
        requireOutside();
        var address = AddressChecks.listening(options, port);
        PortSocket.requireOneWayToShare(options.withSharedPort(true));
        try {
            return new GroupPort(threads.members(), rule, address, options).listen(protocols);
        } catch (IOException e) {
            throw new CannotListenException(options.interfaceAddress(), port, e);
        }
    }

    /**
     * Serves a socket that somebody else opened with all members, as
     * {@link Reactor#adoptDatagramPort(int, DatagramProtocol, PortOptions)}: each of them has a duplicate of the
     * descriptor. Waits until all of them serve it.
     *
     * <p>
     * It is one socket, so there is no steering: a datagram wakes every member, and the first one receives it. That
     * spreads work which costs much more than receiving. For steering, the other process has to hand over one socket
     * with SO_REUSEPORT for each member: adopt each of them with
     * {@link Reactor#adoptDatagramPort(int, DatagramProtocol)} by {@link Reactor#callFromThread}. Each port counts the
     * drops of the one socket, so their sum is too large.
     *
     * @param descriptor as {@link Reactor#adoptDatagramPort(int, DatagramProtocol, PortOptions)}
     * @param protocols makes the protocol of each member from the member's number; called on the member's thread
     * @param options as {@link Reactor#adoptDatagramPort(int, DatagramProtocol, PortOptions)}
     * @return the port of each member, in their order. Each one belongs to its member's thread. When one of them stops,
     * all do
     * @throws IOException as {@link Reactor#adoptDatagramPort(int, DatagramProtocol, PortOptions)}; nothing stays open
     *     then, nor after any other exception or error
     * @throws IllegalStateException if the group has stopped, on a member's thread, or if startProtocol throws another
     *     checked exception
     * @throws IllegalArgumentException if the options have an interface, listenMultiple, sharedPort or v6Only
     */
    public List<DatagramTransport> adoptDatagramPort(int descriptor,
            IntFunction<? extends DatagramProtocol> protocols, PortOptions options) throws IOException {
        requireOutside();
        return new GroupPort(threads.members(), rule, AddressChecks.listening(PortOptions.defaults(), 0), options)
                .adopt(descriptor, protocols);
    }

    /**
     * Returns a member's reactor. Other threads may call its {@link Reactor#callFromThread}, {@link Reactor#execute},
     * {@link Reactor#callInThread}, {@link Reactor#seconds} and {@link Reactor#stop}; stopping it stops the group.
     * {@link Reactor#busyPoll} and {@link Reactor#gather} are set for each member, on its thread.
     *
     * @param member its number, from 0
     * @return its reactor
     * @throws IndexOutOfBoundsException if there is no member with this number
     */
    public Reactor reactor(int member) {
        return reactors.get(member);
    }

    /** {@return the number of members} */
    public int size() {
        return reactors.size();
    }

    /**
     * Returns the statistics of the ports that are open. Waits for every member, so a callback of one has to ask by
     * {@link Reactor#callInThread}.
     *
     * @return for each member in order, the statistics of each of its ports in the order of listening. A member that
     * has ended has the last statistics of the ports that it closed at its end
     * @throws IllegalStateException on a member's thread, or if a protocol has closed the socket of its port
     */
    public List<PortStatistics> statistics() {
        requireOutside();
        return threads.members().stream().flatMap(member -> member.statistics().stream()).toList();
    }

    /** Stops the reactor of every member, as {@link Reactor#stop}. Does not wait. A second call does nothing. */
    public void stop() {
        threads.stop();
    }

    /**
     * Waits until the group has stopped: because {@link #stop} was called, because a member's reactor was stopped, or
     * because a loop failed.
     *
     * @throws IOException if a loop has failed, which it does not in the ordinary course; the cause is the failure
     * @throws IllegalStateException on a member's thread
     * @throws InterruptedException if the calling thread is interrupted; the group goes on
     */
    public void awaitStop() throws IOException, InterruptedException {
        requireOutside();
        threads.await();
    }

    /**
     * Stops the group and waits until its threads have ended, also if the calling thread is interrupted. A second call
     * does nothing. Failures are logged, and {@link #awaitStop} throws them.
     *
     * @throws IllegalStateException on a member's thread
     */
    @Override
    public void close() {
        requireOutside();
        threads.close();
    }

    private void requireOutside() {
        var caller = Thread.currentThread();
        if (threads.members().stream().anyMatch(member -> member.thread() == caller)) {
            throw new IllegalStateException("a member of the group would wait for itself: call this on another thread");
        }
    }
}
