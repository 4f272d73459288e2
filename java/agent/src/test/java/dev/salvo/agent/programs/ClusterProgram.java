package dev.salvo.agent.programs;

import java.util.Set;
import java.util.TreeSet;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * A member of a cluster of JGroups with its stack for UDP: groups by a MulticastSocket, and a DatagramSocket. It says
 * its name when all members are there, prints what it has heard from them all, and leaves when they have left or said
 * what they know.
 */
public final class ClusterProgram {

    private ClusterProgram() {}

    public static void main(String[] arguments) throws Exception {
        var name = arguments[0];
        var members = Integer.parseInt(arguments[1]);
        Set<String> heard = new TreeSet<>();
        try (var channel = new JChannel("udp.xml")) {
            channel.name(name);
            channel.setReceiver(new Receiver() {
                @Override
                public void receive(Message message) {
                    synchronized (heard) {
                        heard.add(message.<String>getObject());
                        heard.notifyAll();
                    }
                }

                @Override
                public void viewAccepted(View view) {
                    synchronized (heard) {
                        heard.notifyAll();
                    }
                }
            });
            channel.connect("salvo");
            synchronized (heard) {
                while (channel.getView().size() < members) {
                    heard.wait();
                }
            }
            channel.send(new ObjectMessage(null, "I am " + name));
            synchronized (heard) {
                while (heard.stream().filter(each -> each.startsWith("I am")).count() < members) {
                    heard.wait();
                }
            }
            channel.send(new ObjectMessage(null, name + " has heard all"));
            synchronized (heard) {
                while (heard.size() < 2 * members && channel.getView().size() == members) {
                    heard.wait();
                }
                System.out.println(name + ": " + heard.stream().filter(each -> each.startsWith("I am")).toList());
            }
        }
    }
}
