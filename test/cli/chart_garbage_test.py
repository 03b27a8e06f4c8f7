# SPDX-License-Identifier: BSL-1.0
"""What comes to the discovery port and no instance sent: nobody dies, nothing is charted."""

import random
import socket
import struct

import laboratory

GROUPS = {4: "239.255.42.98", 6: "ff12::4298"}
PORT = 8080
LARGEST = 65507


class ChartGarbageTest(laboratory.CommandTest):
    def setUp(self):
        self.random = random.Random(20240229)
        self.ear = self.listener()
        self.charts = [self.start("chart", "--local", "--id", each, "--detection-time", 60)
                       for each in (1, 2)]
        for each, other in zip(self.charts, (2, 1)):
            each.expect("found", id=other)
        self.ports = set()  # where the charts multicast from, and where their answers come
        while len(self.ports) < len(self.charts):
            self.ports.add(self.ear.recvfrom(LARGEST)[1][1])

    def socket(self, version):
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        result = socket.socket(family, socket.SOCK_DGRAM)
        self.addCleanup(result.close)
        if version == 4:
            result.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                              socket.inet_aton("127.0.0.1"))
        else:
            result.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, 1)
        return result

    def listener(self):
        ear = self.socket(4)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind((GROUPS[4], PORT))
        ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack(
            "4s4s", socket.inet_aton(GROUPS[4]), socket.inet_aton("127.0.0.1")))
        ear.settimeout(laboratory.PATIENCE)
        return ear

    def overhear(self):
        """What an instance said that is no longer there."""
        third = self.start("chart", "--local", "--id", 3, "--port", 8003, "--data", "overheard")
        third.expect("found", id=1)
        third.expect("found", id=2)
        third.end()
        for each in self.charts:
            each.expect("left", id=3)
        datagram = b""
        while b"overheard" not in datagram:
            datagram = self.ear.recv(LARGEST)
        return datagram

    def throw(self, datagrams, where):
        speakers = {version: self.socket(version) for version in {each[0] for each in where}}
        for datagram in datagrams:
            for version, *address in where:
                try:
                    speakers[version].sendto(datagram, tuple(address))
                except ConnectionRefusedError:  # somebody said earlier that nobody listens there
                    pass

    def everywhere(self):
        places = [(4, GROUPS[4], PORT), (4, "127.0.0.1", PORT)]
        places += [(4, "127.0.0.1", port) for port in self.ports]
        if laboratory.multicast_works_on_lo(6):
            places += [(6, GROUPS[6], PORT), (6, "::1", PORT)]
        return places

    def counters_of(self, *kinds):
        """What the charts counted; they know each other and a newcomer by now, and nobody else."""
        late = self.start("chart", "--local", "--id", 4)
        for each, other in zip(self.charts, (2, 1)):
            each.expect("found", id=4)
            late.expect("found", id=other)
            each.expect_never("gone")
            each.expect_never("id_conflict")
        for each in self.charts:
            self.assertEqual({event["id"] for event in each.seen("found")} - {1, 2, 3, 4}, set())
        both = []
        for each in self.charts:
            final = each.end()
            self.assertLessEqual({entry["id"] for entry in final["instances"]}, {1, 2, 4})
            both.append([final["counters"][kind] for kind in kinds])
        return [min(each) for each in zip(*both)]

    def test_random_bytes_are_counted_as_foreign(self):
        where = self.everywhere()
        sizes = [self.random.randrange(0, 200) for _ in range(100)]
        self.throw([self.random.randbytes(each) for each in sizes], where)
        self.throw([b"", b"\0", b"\0" * 1200, b"\xff" * 1200, b"GET / HTTP/1.1\r\n\r\n"], where)
        foreign, malformed = self.counters_of("foreign", "malformed")
        self.assertGreater(foreign + malformed, 100)

    def test_truncated_and_flipped_announcements_are_counted(self):
        true = self.overhear()
        where = self.everywhere()
        self.throw([true[:size] for size in range(len(true))], where)
        flipped = [bytearray(true) for _ in true]
        for position, each in enumerate(flipped):
            each[position] ^= 1 << self.random.randrange(8)
        self.throw(flipped, where)
        self.throw([true + b"\0", true + true, b"\0" + true], where)
        malformed, corrupted, foreign, unsupported = self.counters_of(
            "malformed", "corrupted", "foreign", "unsupported")
        self.assertGreater(malformed + corrupted, len(true))
        self.assertGreater(corrupted, 0)
        self.assertGreater(unsupported, 0)
        self.assertGreater(foreign, 0)

    def test_enormous_datagrams_are_counted(self):
        true = self.overhear()
        self.throw([b"\0" * LARGEST, self.random.randbytes(LARGEST),
                    true + b"\0" * (LARGEST - len(true)),
                    (true * (LARGEST // len(true) + 1))[:LARGEST]], self.everywhere())
        bad = self.counters_of("malformed", "corrupted", "foreign")
        self.assertGreater(sum(bad), 0)

    def test_what_an_instance_said_before_it_left_does_not_bring_it_back(self):
        true = self.overhear()
        self.throw([true] * 3, self.everywhere())
        self.counters_of("received")
        for each in self.charts:
            self.assertEqual(len(each.seen("found", id=3)), 1, each.describe())


if __name__ == "__main__":
    laboratory.main()
