"""The other side of the tests of descriptors that change hands: Python's standard library alone."""
import os
import socket
import sys


def udp():
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    return one


def say(*words):
    print(*words, flush=True)


def send(path, count, uid):
    """Sends one UDP socket so many times over; says its port and what was answered."""
    one = udp()
    os.setuid(int(uid))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(path)
        say(one.getsockname()[1])
        try:
            socket.send_fds(connection, [b"here"], [one.fileno()] * int(count))
            say(connection.recv(1).hex() or "end")
        except (ConnectionResetError, BrokenPipeError):
            say("reset")


def receive(path):
    """Takes a UDP socket, closes the connection without a word, and answers one datagram in capitals."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(path)
        listening.listen()
        say("listening")
        connection, _ = listening.accept()
        with connection:
            _, numbers, _, _ = socket.recv_fds(connection, 16, 8)
    say(len(numbers))
    with socket.socket(fileno=numbers[0]) as taken:
        # O_NONBLOCK belongs to what both sides share, and Salvo had set it.
        taken.settimeout(20)
        data, source = taken.recvfrom(2048)
        taken.sendto(data.upper(), source)


def intercept(path, uid):
    """Listens as another user, and says what one sender sent: the bytes and the number of descriptors."""
    os.setuid(int(uid))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(path)
        os.chmod(path, 0o666)
        listening.listen()
        say("listening")
        connection, _ = listening.accept()
        with connection:
            data, numbers, _, _ = socket.recv_fds(connection, 16, 8)
    say(len(data), len(numbers))


def activate(names, *command):
    """Becomes a command as systemd starts one: a UDP socket for each name from descriptor 3 on; says their ports."""
    names = names.split(":")
    sockets = [udp() for _ in names]
    say(*(each.getsockname()[1] for each in sockets))
    # First out of the way, then to their places: a place may be another's number.
    for place, number in enumerate([os.dup2(each.fileno(), 100 + i) for i, each in enumerate(sockets)]):
        os.dup2(number, 3 + place)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names))
    os.execvp(command[0], command)


globals()[sys.argv[1]](*sys.argv[2:])
