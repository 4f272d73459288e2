package dev.salvo.protocol.testing;

import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.protocol.MulticastTransport;
import dev.salvo.protocol.testing.Memberships.Request;
import java.util.Set;

/** Multicast and broadcast of a port without a socket. */
abstract class FakeMulticast implements MulticastTransport {

    private final Memberships groups;
    private boolean broadcastAllowed;
    private boolean loopbackMode = true;
    private int ttl = 1;
    private String outgoingInterface;

    FakeMulticast(boolean ipv6) {
        groups = new Memberships(ipv6);
        outgoingInterface = ipv6 ? "0" : "0.0.0.0";
    }

    /** Throws as a closed port does. */
    abstract void requireOpen();

    /**
     * The groups that are joined.
     *
     * @return each as {@code group} or {@code group on interface}, with {@code from sources} behind it if it was joined
     * for some, or {@code except sources} if some are blocked
     */
    public Set<String> groups() {
        return groups.names();
    }

    @Override
    public void joinGroup(String group, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.join(new Request("join", group, "", networkInterface));
    }

    @Override
    public void leaveGroup(String group, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.leave(new Request("leave", group, "", networkInterface));
    }

    @Override
    public void joinSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.joinSource(new Request("join", group, source, networkInterface));
    }

    @Override
    public void leaveSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.leaveSource(new Request("leave", group, source, networkInterface));
    }

    @Override
    public void blockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.block(new Request("block", group, source, networkInterface));
    }

    @Override
    public void unblockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.unblock(new Request("unblock", group, source, networkInterface));
    }

    @Override
    public void setTTL(int newTtl) {
        requireOpen();
        if (newTtl < 0 || newTtl > 255) {
            throw new IllegalArgumentException("TTL out of range: " + newTtl);
        }
        ttl = newTtl;
    }

    @Override
    public int getTTL() {
        requireOpen();
        return ttl;
    }

    @Override
    public void setLoopbackMode(boolean on) {
        requireOpen();
        loopbackMode = on;
    }

    @Override
    public boolean getLoopbackMode() {
        requireOpen();
        return loopbackMode;
    }

    @Override
    public void setOutgoingInterface(String networkInterface) {
        requireOpen();
        outgoingInterface = networkInterface;
    }

    @Override
    public String getOutgoingInterface() {
        requireOpen();
        return outgoingInterface;
    }

    @Override
    public void setBroadcastAllowed(boolean allowed) {
        requireOpen();
        broadcastAllowed = allowed;
    }

    @Override
    public boolean getBroadcastAllowed() {
        requireOpen();
        return broadcastAllowed;
    }
}
