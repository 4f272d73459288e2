package dev.salvo.protocol;

import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
 * <p>A port belongs to the whole group. In a steered group ({@link Steering#cpu}, {@link Steering#payloadByte}) no
 * member may close it alone or connect it, since the kernel chooses by places in an array that this moves;
 * {@link #leave} is the way. An ICMP error comes to the member that the kernel's hash chooses, which need not be the
 * one that sent (__udp4_lib_err of net/ipv4/udp.c). What is sent to a multicast group comes to every member that has
 * joined, but if one alone has, from the network to any.
 *
 * <p>What a protocol throws is logged, as everywhere. When a loop fails, or somebody stops a member's reactor, the
 * whole group stops, and {@link #awaitStop} tells.
 */
public final class ReactorGroup implements AutoCloseable {

    /** The values of a byte. */
    private static final int MOST_MEMBERS = 256;

    private static final String BUSY = "a port of the group is being opened";

    private final Steering steering;
    private final List<GroupMember> members;
    private final GroupLife life;

    private final Object lock = new Object();
    private final GroupSteering programs;
    private boolean listening;

    private ReactorGroup(int count, Steering steering, int[] cpus, GroupMember.Threads threads) {
        this.steering = steering;
        programs = new GroupSteering(steering, cpus, count);
        life = new GroupLife(count);
        members = IntStream.range(0, count)
                .mapToObj(i -> new GroupMember(life, i, cpus.length == 0 ? -1 : cpus[i], threads))
                .toList();
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
     *     IOException; the cause has the errno. Nothing stays open then
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
        synchronized (lock) {
            life.requireRunning();
            if (programs.anyLeft() || listening) {
                throw new IllegalStateException(listening ? BUSY : "a member has left the group");
            }
            listening = true;
        }
        GroupPort opened = null;
        try {
            opened = GroupPort.listen(members, address, options, steering, programs.program(), protocols);
            return opened.transports();
        } finally {
            synchronized (lock) {
                listening = false;
                if (opened != null) {
                    programs.add(opened);
                }
            }
        }
    }

    /**
     * Has a member leave: from now on the kernel deals what would be its to others of the group, and what the others
     * have stays theirs ({@link Steering#hash} tells what does not). The member goes on serving what it had been dealt
     * before, for 250 ms and until nothing is left, 5 seconds at most; then its reactor stops as {@link Reactor#stop}
     * says, and its ports are closed. No datagram is lost by that. Its thread waits for the end of the group and keeps
     * a descriptor of each socket, for their places in the kernel's array; the groups that they have joined are left
     * then. Sockets that others have on the port receive nothing from the first leave on, while the group is open.
     *
     * @param member its number, from 0
     * @return completes when its ports are closed; exceptionally if the kernel refuses (ENOMEM, EMFILE) and the member
     * stays, if its loop fails meanwhile, or if it is stopped before it has begun to leave, which stops the group
     * @throws IndexOutOfBoundsException if there is no such member
     * @throws IllegalStateException if it has left, if it is the last one, if the group has stopped, if others had the
     *     port before (see {@link #listenUdp}), or while a port is being opened
     */
    public CompletionStage<Void> leave(int member) {
        var leaver = members.get(member);
        var left = new CompletableFuture<Void>();
        synchronized (lock) {
            life.requireRunning();
            if (listening) {
                throw new IllegalStateException(BUSY);
            }
            programs.leave(member);
        }
        leaver.ask(() -> depart(leaver, left), left);
        return left;
    }

    /** On the leaver's thread. */
    private void depart(GroupMember leaver, CompletableFuture<Void> left) {
        Exception refused = null;
        synchronized (lock) {
            try {
                leaver.hold();
                programs.steerAround(leaver.index());
            } catch (SyscallException | RuntimeException e) {
                leaver.release();
                programs.stay(leaver.index());
                refused = e;
            }
        }
        if (refused == null) {
            leaver.leaving(left);
            new Departure(leaver).begin();
        } else {
            left.completeExceptionally(refused);
        }
    }

    /**
     * A member's reactor, for what other threads may ask of it: {@link Reactor#callFromThread},
     * {@link Reactor#callInThread}, {@link Reactor#seconds}. Stopping it stops the group.
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
     * @return for each member in order, each of its ports in the order of listening: with one port, by member; what
     * those who have left told last
     * @throws IllegalStateException on a thread of a member
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
