package dev.salvo.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Reactors that share a port, each on a thread of its own and with a socket of its own, among which the kernel deals
 * what arrives (SO_REUSEPORT, socket(7)).
 *
 * {@snippet file = "dev/salvo/examples/ShardedServer.java" region = "run"}
 *
 * <p>Its reactors run from the opening, on platform threads that keep the JVM alive until the group is closed. What is
 * called on a member's thread stays there: protocols of different members share nothing unless the program has them
 * share it. All methods may be called by any thread; those that wait, which their descriptions tell, by any but the
 * members' own.
 *
 * <p>A port belongs to the whole group. It can't be connected (IllegalStateException). A member that closes its port
 * alone is served for by the others from then on; what it has not received by then is lost, which {@link #leave}
 * avoids. Its socket stays until all have closed theirs, or, if a member has left, until the end of the group: the
 * kernel chooses by places in an array, and closing a socket moves another into its place. Multicast groups that the
 * socket has joined stay as long.
 *
 * <p>An ICMP error comes to the member that the kernel's hash chooses, which need not be the one that sent
 * (__udp4_lib_err of net/ipv4/udp.c), and to nobody if that one has left or closed its port. To hear a multicast group,
 * every member joins it ({@link DatagramTransport#joinGroup}, on its own thread), and each gets a copy; if only some
 * join, what comes from the network may be dealt to one that has not.
 *
 * <p>What a protocol throws is logged, as everywhere. When a loop fails, or somebody stops a member's reactor, the
 * whole group stops, and {@link #awaitStop} tells.
 */
public final class ReactorGroup implements AutoCloseable {

    /** The values of a byte. */
    private static final int MOST_MEMBERS = 256;

    private final List<GroupMember> members;
    private final GroupLife life;
    private final GroupPorts ports;

    private ReactorGroup(int count, Steering steering, int[] cpus, GroupMember.Threads threads) {
        life = new GroupLife(count);
        members = IntStream.range(0, count)
                .mapToObj(i -> new GroupMember(life, i, cpus.length == 0 ? -1 : cpus[i], threads))
                .toList();
        ports = new GroupPorts(life, members, steering, cpus);
    }

    /**
     * Opens a group that the kernel's hash steers.
     *
     * @param members how many, 1 to 256
     * @return a group that listens to nothing
     * @throws IllegalArgumentException if {@code members} is out of range
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     * @throws IOException if the process has too many descriptors
     */
    public static ReactorGroup open(int members) throws IOException {
        return open(members, Steering.hash());
    }

    /**
     * Opens a group.
     *
     * @param members how many, 1 to 256
     * @param steering how the kernel chooses among them
     * @return a group that listens to nothing
     * @throws IllegalArgumentException if {@code members} is out of range
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     * @throws IOException if the process has too many descriptors
     */
    public static ReactorGroup open(int members, Steering steering) throws IOException {
        return open(members, steering, new int[0], ReactorGroup::thread);
    }

    /**
     * Opens a group with a member for each of some CPUs, to which its thread, and what it starts, is pinned
     * (sched_setaffinity(2)).
     *
     * @param steering how the kernel chooses among them
     * @param cpus their numbers, as in /proc/cpuinfo; 1 to 256 different ones
     * @return a group that listens to nothing
     * @throws IllegalArgumentException if {@code cpus} has too few, too many or one twice, or if a number is out of
     *     range, or of a CPU that the machine does not have or a cpuset keeps the process from
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     * @throws IOException if the process has too many descriptors; EPERM from a seccomp filter
     */
    public static ReactorGroup pinned(Steering steering, int... cpus) throws IOException {
        if (IntStream.of(cpus).distinct().count() < cpus.length) {
            throw new IllegalArgumentException("a CPU has one member of a group");
        }
        if (IntStream.of(cpus).anyMatch(cpu -> cpu < 0)) {
            throw new IllegalArgumentException("CPU out of range: a number below 0");
        }
        return open(cpus.length, steering, cpus.clone(), ReactorGroup::thread);
    }

    static ReactorGroup open(int members, Steering steering, int[] cpus, GroupMember.Threads threads)
            throws IOException {
        if (members < 1 || members > MOST_MEMBERS) {
            throw new IllegalArgumentException("a group has 1 to " + MOST_MEMBERS + " members, not " + members);
        }
        var group = new ReactorGroup(members, Objects.requireNonNull(steering), cpus, threads);
        group.life.start(group.members);
        return group;
    }

    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon(false).name(name).unstarted(task);
    }

    /**
     * Listens on a port with all members. Waits until all serve. Beside what
     * {@link Reactor#listenUdp(int, DatagramProtocol, PortOptions)} sets, SO_REUSEPORT is set, and a program attached
     * where the steering needs one; {@link Steering#payloadByte} opens with GRO off.
     *
     * <p>A port that the kernel chooses, and every port of a steered group, is the group's alone at first: a socket of
     * another group is refused. Otherwise a group joins those of the same user that share the port by SO_REUSEPORT,
     * other processes' too, and then no member can leave it. What arrives before all members of a steered group are
     * bound is dropped.
     *
     * @param port 0 to 65535; 0 lets the kernel choose one
     * @param protocols what to call, for each member by its number; called on the member's thread
     * @param options where and how
     * @return the port of each member, in their order; they are their threads' own, as {@link DatagramTransport} says
     * @throws CannotListenException if a member's port can't be bound or steered, or if its startProtocol throws an
     *     IOException; the cause has the errno. Nothing stays open then, nor after any other exception or error
     * @throws IllegalStateException if the group has stopped or a member has left, on a thread of a member, or if
     *     startProtocol throws another checked exception; an unchecked one comes as it is
     * @throws InvalidAddressException if the interface is no IPv4 or IPv6 literal
     * @throws IllegalArgumentException if the port is out of range, or if the options have listenMultiple
     */
    public List<DatagramTransport> listenUdp(int port, IntFunction<? extends DatagramProtocol> protocols,
            PortOptions options) throws CannotListenException {
        requireOutside();
        var address = Addresses.listening(options, port);
        PortSocket.requireOneWayToShare(options.withSharedPort(true));
        return ports.listen(address, protocols, options);
    }

    /**
     * Has a member leave: from now on the kernel deals what would be its to others of the group, and what the others
     * have stays theirs ({@link Steering#hash} tells what does not). The member goes on serving what it had been dealt
     * before, for 250 ms and until there is nothing to receive and nothing waits to be sent, 5 seconds at most; then
     * its reactor stops as {@link Reactor#stop} says, and its ports are closed. No datagram is lost by that but, at the
     * limit, what it has not received and what the kernel would not take of what it wrote. Its thread waits for the end
     * of the group and keeps its sockets, for their places in the kernel's array; the multicast groups that they have
     * joined are left then. ICMP errors that the hash deals to them are told to nobody. Sockets that others bind to the
     * port later receive nothing from the first leave on, while the group is open. If all others have closed a port
     * that this one still has, nobody is left to serve it, and what comes for it is lost when this one's is closed.
     *
     * <p>The kernel's program is exchanged under traffic by this, and by closing a member's port alone. Kernels without
     * the change "bpf: Free reuseport cBPF prog after RCU grace period" (2026, CVE-2026-52910) may free the old one too
     * early: see that yours has it.
     *
     * @param member its number, from 0
     * @return completes when its ports are closed; exceptionally if the kernel refuses (ENOMEM), when all is as before
     * and the member stays, if its loop fails meanwhile, or if it is stopped before it has begun to leave, which stops
     * the group
     * @throws IndexOutOfBoundsException if there is no such member
     * @throws IllegalStateException if it has left, if it is the last one, if the group has stopped, if others had a
     *     port before (see {@link #listenUdp}), or while a port is being opened
     */
    public CompletionStage<Void> leave(int member) {
        return ports.leave(member);
    }

    /**
     * A member's reactor, for what other threads may ask of it: {@link Reactor#callFromThread},
     * {@link Reactor#callInThread}, {@link Reactor#seconds}. Stopping it stops the group. {@link Reactor#busyPoll} and
     * {@link Reactor#gather} are each member's own, to be set on its thread.
     *
     * @param member its number, from 0
     * @return its reactor; one that has left does nothing more
     * @throws IndexOutOfBoundsException if there is no such member
     */
    public Reactor reactor(int member) {
        return members.get(member).reactor();
    }

    /** {@return how many members the group was opened with} */
    public int size() {
        return members.size();
    }

    /**
     * What the ports have done. Waits for every member to tell.
     *
     * @return for each member in order, each of its ports in the order of listening, but those that all members have
     * closed: with one port, by member; what those who have left told last
     * @throws IllegalStateException on a thread of a member, or if a protocol has closed the socket of its port
     */
    public List<PortStatistics> statistics() {
        requireOutside();
        return members.stream().flatMap(member -> member.statistics().stream()).toList();
    }

    /** Has every member's reactor stop, as {@link Reactor#stop} says. Waits for nothing; a second call does nothing. */
    public void stop() {
        life.stop();
    }

    /**
     * Waits until the group has stopped: somebody has called {@link #stop} or stopped a member's reactor, or a loop has
     * failed.
     *
     * @throws IOException if a loop has failed, which it does not in the ordinary course; the cause tells
     * @throws IllegalStateException on a thread of a member
     * @throws InterruptedException if the calling thread is interrupted; the group goes on
     */
    public void awaitStop() throws IOException, InterruptedException {
        requireOutside();
        life.await();
    }

    /**
     * Stops the group, and waits until its threads have ended, whatever the interrupts meanwhile. A second call does
     * nothing. What went wrong is logged, and {@link #awaitStop} tells.
     *
     * @throws IllegalStateException on a thread of a member
     */
    @Override
    public void close() {
        requireOutside();
        life.close();
    }

    private void requireOutside() {
        var caller = Thread.currentThread();
        if (members.stream().anyMatch(member -> member.thread() == caller)) {
            throw new IllegalStateException("a member of the group would wait for itself: call this on another thread");
        }
    }
}
