#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the first inputs of the corpus of control messages, as Linux lays them out on 64 bits."""

import pathlib
import socket
import struct

IP, IPV6, UDP, SOCKET = socket.IPPROTO_IP, socket.IPPROTO_IPV6, socket.IPPROTO_UDP, socket.SOL_SOCKET
IP_TOS, IP_TTL, IP_PKTINFO, UDP_GRO = 1, 2, 8, 104
IPV6_PKTINFO, IPV6_HOPLIMIT, IPV6_TCLASS = 50, 52, 67
SO_TIMESTAMPNS, SO_TIMESTAMPING, SO_RXQ_OVFL = 35, 37, 40


def message(level, kind, data):
    whole = struct.pack("<Qii", 16 + len(data), level, kind) + data
    return whole + bytes(-len(whole) % 8)


V4 = message(IP, IP_PKTINFO, struct.pack("<i", 7) + bytes(4) + socket.inet_aton("239.1.1.1"))
V6 = message(IPV6, IPV6_PKTINFO, socket.inet_pton(socket.AF_INET6, "ff15::1:1") + struct.pack("<I", 7))
TTL = message(IP, IP_TTL, struct.pack("<i", 64))
TOS = message(IP, IP_TOS, b"\xb8")
HOPS = message(IPV6, IPV6_HOPLIMIT, struct.pack("<i", 255))
TRAFFIC = message(IPV6, IPV6_TCLASS, struct.pack("<i", 184))
TIME = message(SOCKET, SO_TIMESTAMPNS, struct.pack("<qq", 1_700_000_000, 123_456_789))
BY_ADAPTER = message(SOCKET, SO_TIMESTAMPING, struct.pack("<qqqqqq", 0, 0, 0, 0, 1_700_000_037, 5))
DROPS = message(SOCKET, SO_RXQ_OVFL, struct.pack("<I", 503))
RUN = message(UDP, UDP_GRO, struct.pack("<i", 100))

INPUTS = {
    "empty": (0, b""),
    "ipv4": (100, TIME + DROPS + V4 + TTL + TOS),
    "ipv6": (100, TIME + DROPS + V6 + HOPS + TRAFFIC),
    "ipv4_by_adapter": (100, TIME + BY_ADAPTER + DROPS + V4 + TTL + TOS),
    "ipv4_run": (6400, TIME + V4 + TTL + TOS + RUN),
    "ipv6_run": (6450, V6 + RUN),
    "run_of_nothing": (0, RUN),
    "run_of_no_length": (100, message(UDP, UDP_GRO, struct.pack("<i", 0))),
    "run_of_negative_length": (100, message(UDP, UDP_GRO, struct.pack("<i", -1))),
    "unknown": (5, message(IP, 99, b"unknown") + message(255, 1, b"") + TTL),
    "cut_off": (5, (V4 + TTL)[:-12]),
    "first_longer_than_all": (5, struct.pack("<Qii", 4096, IP, IP_TTL)),
    "second_longer_than_all": (5, TTL + struct.pack("<Qii", 4096, IP, IP_PKTINFO)),
    "shorter_than_a_header": (5, struct.pack("<Qii", 3, IP, IP_TTL) + TTL),
    "time_no_clock_shows": (5, message(SOCKET, SO_TIMESTAMPNS, struct.pack("<qq", 2**62, -1))),
}

if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent / "corpus" / "control_messages"
    for name, (payload, control) in INPUTS.items():
        (folder / name).write_bytes(struct.pack("<H", payload) + control)
