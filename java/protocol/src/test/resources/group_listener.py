"""Says of each datagram to a group with how many hops left it came: 4 or 6, GROUP, INTERFACE. First its port."""

import socket
import struct
import sys

IP_RECVTTL, IP_TTL = 12, 2

ipv6, group, index = sys.argv[1] == "6", sys.argv[2], socket.if_nametoindex(sys.argv[3])
listening = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
listening.bind(("::" if ipv6 else "0.0.0.0", 0))
if ipv6:
    membership = socket.inet_pton(socket.AF_INET6, group) + struct.pack("=I", index)
    listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
    listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    asked = (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT)
else:
    membership = socket.inet_aton(group) + socket.inet_aton("0.0.0.0") + struct.pack("=I", index)
    listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    listening.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
    asked = (socket.IPPROTO_IP, IP_TTL)
print(listening.getsockname()[1], flush=True)
listening.settimeout(60)
while True:
    data, control, _, _ = listening.recvmsg(2048, 256)
    hops = [struct.unpack("=i", value)[0] for level, kind, value in control if (level, kind) == asked]
    print(data.decode(), *hops, flush=True)
