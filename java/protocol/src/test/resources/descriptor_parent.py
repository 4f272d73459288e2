"""Binds a UDP socket, has a child serve it, and says what is left of it: HOW COPY PEER PATH COMMAND...

HOW is inherit or send (SCM_RIGHTS), COPY keep or close, PEER connected or unconnected. PATH is where the child, which
COMMAND starts, takes descriptors.
"""

import fcntl
import socket
import subprocess
import sys

HOW, COPY, PEER, PATH = sys.argv[1:5]
PAYLOADS = [b"hello", b"", b"x" * 1200, b"goodbye"]
# SO_TIMESTAMPNS, SO_RXQ_OVFL; IP_PKTINFO, MTU_DISCOVER, RECVERR, RECVTTL, RECVTOS, MULTICAST_ALL; UDP_SEGMENT, UDP_GRO.
NUMBERS = {
    socket.SOL_SOCKET: [socket.SO_REUSEADDR, socket.SO_REUSEPORT, socket.SO_BROADCAST, socket.SO_RCVBUF,
                        socket.SO_SNDBUF, 35, 40],
    socket.IPPROTO_IP: [socket.IP_TTL, socket.IP_MULTICAST_TTL, socket.IP_MULTICAST_LOOP, 8, 10, 11, 12, 13, 49],
    socket.IPPROTO_UDP: [103, 104],
}


def options(one):
    found = [(level, n, one.getsockopt(level, n)) for level, all_ in NUMBERS.items() for n in all_]
    return found + [fcntl.fcntl(one, fcntl.F_GETFL), fcntl.fcntl(one, fcntl.F_GETFD)]


def expect(child, line):
    said = child.stdout.readline().strip()
    if said != line:
        sys.exit("it said %r, not %r" % (said, line))


def udp():
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    one.settimeout(20)
    return one


parents, client = udp(), udp()
parents.setblocking(True)
address = parents.getsockname()
if PEER == "connected":
    parents.connect(client.getsockname())
before = options(parents)

inherited = [parents.fileno()] if HOW == "inherit" else []
child = subprocess.Popen(sys.argv[5:], pass_fds=inherited, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
expect(child, "ready")
if inherited:
    print("adopt", parents.fileno(), file=child.stdin, flush=True)
else:
    print("take", file=child.stdin, flush=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(PATH)
        socket.send_fds(connection, [b"\0"], [parents.fileno()])
        connection.recv(1)
expect(child, "taken")
if COPY == "close":
    parents.close()

answered = 0
for payload in PAYLOADS:
    client.sendto(payload, address)
    answered += client.recvfrom(65535) == (payload, address)
print("answered", answered, flush=True)

child.stdin.close()
print("ended", child.wait(30), flush=True)

if COPY == "keep":
    print("options", "unchanged" if options(parents) == before else [before, options(parents)], flush=True)
    parents.settimeout(20)
    client.sendto(b"still there?", address)
    data, source = parents.recvfrom(100)
    parents.send(data.upper()) if PEER == "connected" else parents.sendto(data.upper(), source)
    print(client.recvfrom(100)[0].decode(), flush=True)
else:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(address)
        print("the port is free", flush=True)
