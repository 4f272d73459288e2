package dev.salvo.nio.internal.endpoint;

/** What an endpoint reports to a selector, since epoll can't. Called with the endpoint's lock held. */
public interface Watcher {

    /** The endpoint holds datagrams, which have left the kernel. */
    void holds();

    /** The endpoint has sends that wait: it is flushed when the selector selects again. */
    void defers();
}
