#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the first inputs of the corpus of datagrams, without their integrity tags."""

import hashlib
import pathlib
import socket
import struct

(HELLO, BYE, SUSPECT, GONE, DIGEST, BEAT, PING, ACK, PULL, RECORDS, CONFLICT, QUERY) = range(1, 13)
(IDENTITY, RECORD, SERVICE_PORTS, IPV4, IPV6, DATA, ATTEMPT, SUMMARY, COOKIE, ECHO, SUBJECTS, MEMBERS, ENDED,
 BUCKETS, DIFFERING, PART, PADDING, OBSERVER) = range(1, 19)
LATER = 99

TAG = hashlib.blake2b(b"rollcast group 1:", digest_size=24).digest()[:8]
LIFE = bytes(range(16))


def field(kind, body):
    return struct.pack(">BH", kind, len(body)) + body


def datagram(kind, *fields, version=1, key=0, tag=TAG):
    header = struct.pack(">2sBBI8s16sQ", b"RC", version, kind, key, tag, LIFE, 7)
    return header + WHO + b"".join(fields)


def record(*fields, beat=2500, port=8080):
    return struct.pack(">IIHHH", 3, beat, port, 9000, 9001) + b"".join(fields)


def someone(number):
    return struct.pack(">Q16sQ", number, LIFE, 256 + number)


def member(number, about, flags=1):
    return struct.pack(">H", len(about)) + someone(number) + bytes([flags]) + about


def ended(number, state, age):
    return someone(number) + struct.pack(">BI", state, age)


def ipv4(*addresses):
    return field(IPV4, b"".join(socket.inet_aton(each) for each in addresses))


def ipv6(*addresses):
    return field(IPV6, b"".join(socket.inet_pton(socket.AF_INET6, each) for each in addresses))


WHO = field(IDENTITY, struct.pack(">QQ", 9, 256))
PORTS = field(SERVICE_PORTS, struct.pack(">HH", 8042, 8043))
SMALL = record()
FULL = record(PORTS, ipv4("10.0.0.1"), ipv6("fe80::1"), field(DATA, b"hi"))
LATER_FULL = record(ipv6("fe80::1"), field(LATER, b"later"), ipv4("10.0.0.1"), field(DATA, b""), field(0, b""))
ABOUT = field(RECORD, FULL)
SUM = field(SUMMARY, struct.pack(">IQQB", 5, 2**60, 2**59, 3))
COOKIES = field(COOKIE, bytes(7) + b"c") + field(ECHO, bytes(7) + b"e")
PIECE = field(PART, struct.pack(">HB", 2, 1))
WHOM = field(SUBJECTS, someone(10) + someone(11))
OTHERS = field(MEMBERS, member(10, FULL) + member(11, SMALL, flags=0) + member(12, LATER_FULL, flags=0xFF))
PAST = field(ENDED, ended(10, 2, 3000) + ended(11, 1, 2**32 - 1))
HASHES = field(BUCKETS, bytes(range(256)) * 4)
NAMES = field(ATTEMPT, b"\x04http\x06k\xc3\xb6nig")  # within a record the names of ports have that number
DIFFERENT = field(DIFFERING, bytes(range(32)))

INPUTS = {
    "empty": b"",
    "hello": datagram(HELLO, ABOUT, SUM, COOKIES),
    "hello_attempt": datagram(HELLO, field(ATTEMPT, b"\x02"), ABOUT, field(PADDING, bytes(9))),
    "bye": datagram(BYE),
    "suspect": datagram(SUSPECT, WHOM),
    "gone": datagram(GONE, WHOM, PAST),
    "digest": datagram(DIGEST, SUM, OTHERS, PAST),
    "beat": datagram(BEAT, SUM, COOKIES),
    "ping": datagram(PING, WHOM, COOKIES),
    "ack": datagram(ACK, COOKIES, ABOUT),
    "pull": datagram(PULL, SUM, COOKIES, HASHES),
    "records": datagram(RECORDS, SUM, COOKIES, PIECE, ABOUT, WHOM, OTHERS, PAST, DIFFERENT),
    "conflict": datagram(CONFLICT, WHOM),
    "query": datagram(QUERY, field(OBSERVER, b""), field(ATTEMPT, b"\x01"), field(PADDING, bytes(9))),
    "query_of_a_member": datagram(QUERY, field(ATTEMPT, b"\x01")),
    "ping_of_an_observer": datagram(PING, COOKIES, field(OBSERVER, b"")),
    "observer_with_a_body": datagram(PING, field(OBSERVER, b"x")),
    "fields_of_a_later_version": datagram(PING, field(LATER, b"later"), field(255, b""), field(DATA, b"outside")),
    "later_record": datagram(HELLO, field(RECORD, LATER_FULL)),
    "eight_addresses": datagram(HELLO, field(RECORD, record(ipv6(*["2001:db8::1"] * 5), ipv4(*["10.0.0.1"] * 3)))),
    "nine_addresses": datagram(HELLO, field(RECORD, record(ipv6(*["2001:db8::1"] * 5), ipv4(*["10.0.0.1"] * 4)))),
    "most_ports": datagram(HELLO, field(RECORD, record(field(SERVICE_PORTS, b"\x1f\x90" * 64)))),
    "too_many_ports": datagram(HELLO, field(RECORD, record(field(SERVICE_PORTS, b"\x1f\x90" * 65)))),
    "named_ports": datagram(HELLO, field(RECORD, record(PORTS, NAMES, ipv4("10.0.0.1"), field(DATA, b"hi")))),
    "more_names_than_ports": datagram(HELLO, field(RECORD, record(NAMES))),
    "name_cut_off": datagram(HELLO, field(RECORD, record(PORTS, field(ATTEMPT, b"\x04htt")))),
    "name_twice": datagram(HELLO, field(RECORD, record(PORTS, field(ATTEMPT, b"\x01a\x01a")))),
    "most_names": datagram(HELLO, field(RECORD, record(field(SERVICE_PORTS, b"\x1f\x90" * 50), field(
        ATTEMPT, b"".join(b"\x10name%012d" % n for n in range(50)))))),
    "more_data_than_a_record_holds": datagram(HELLO, field(RECORD, record(field(DATA, bytes(1080))))),
    "too_long": datagram(PING, field(PADDING, bytes(1200))),
    "health_out_of_range": datagram(BEAT, field(SUMMARY, bytes(20) + b"\xff")),
    "twice": datagram(BEAT, SUM, SUM),
    "no_summary": datagram(BEAT, COOKIES),
    "nobody": datagram(SUSPECT, field(SUBJECTS, b"")),
    "cut_off": datagram(RECORDS, PIECE, OTHERS)[:-5],
    "list_cut_off": datagram(RECORDS, PIECE, field(MEMBERS, OTHERS[3:-5])),
    "record_longer_than_its_list": datagram(RECORDS, PIECE, field(MEMBERS, b"\xff\xff" + member(10, SMALL)[2:])),
    "record_shorter_than_its_head": datagram(RECORDS, PIECE, field(MEMBERS, member(10, SMALL[:-1]))),
    "neither_gone_nor_left": datagram(GONE, WHOM, field(ENDED, ended(10, 3, 0))),
    "beat_too_slow": datagram(HELLO, field(RECORD, record(beat=900_001))),
    "no_port": datagram(HELLO, field(RECORD, record(port=0))),
    "unknown_type": datagram(12),
    "unknown_version": datagram(PING, version=2),
    "with_a_key": datagram(PING, key=1),
    "another_application": datagram(PING, tag=bytes(8)),
}

if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent / "corpus" / "codec"
    folder.mkdir(exist_ok=True)
    for name, content in INPUTS.items():
        (folder / name).write_bytes(content)
