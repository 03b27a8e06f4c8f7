# SPDX-License-Identifier: BSL-1.0
"""The command between hosts: network namespaces on a bridge."""

import ipaddress
import signal

import laboratory

TOLERANCE = 2  # seconds beyond what is promised, on a machine that is busy with other things
LINK = [ipaddress.ip_network(each) for each in ("10.9.0.0/24", "fd09::/64", "fe80::/64")]


class RecvSendWireTest(laboratory.CommandTest):
    def setUp(self):
        self.here, self.there = laboratory.Network(self, 2).hosts

    def transfer(self, group, port, receive=(), send=()):
        """What the receiver said, all of it, when somebody there had sent hello to the group."""
        receiver = self.start("recv", group, port, "--count", 1, *receive, host=self.here)
        self.assertEqual(receiver.expect("joined")["interfaces"], ["e1"])
        sender = self.start("send", group, port, "hello", *send, host=self.there)
        self.assertEqual(sender.wait(), 0, sender.describe())
        self.assertEqual(receiver.wait(), 0, receiver.describe())
        return receiver.seen("packet")

    def index(self):
        return int(self.here.run("cat", "/sys/class/net/e1/ifindex"))

    def test_a_datagram_names_its_source_group_and_interface(self):
        cases = [("239.1.1.1", self.there.ipv4, ()), ("ff15::1:1", self.there.ipv6, ()),
                 ("232.1.1.1", self.there.ipv4, (self.there.ipv4,)),
                 ("ff3e::8000:1", self.there.ipv6, (self.there.ipv6,))]
        for port, (group, source, sources) in enumerate(cases, start=5000):
            with self.subTest(group):
                options = [word for each in sources for word in ("--source", each)]
                packet, = self.transfer(group, port, options, ("--bind", f"[{source}]:40000"
                                        if ":" in source else f"{source}:40000", "--ttl", "3"))
                packet.pop("received_at")
                self.assertEqual(packet, {
                    "event": "packet", "source": source, "source_port": 40000, "group": group,
                    "port": port, "size": 5, "payload": "hello", "interface": "e1",
                    "interface_index": self.index(), "hop_limit": 3, "truncated": False})

    def test_two_words_are_enough(self):
        for port, group in ((5000, "239.1.1.1"), (5001, "ff15::1:1")):
            packet, = self.transfer(group, port)
            self.assertEqual((packet["payload"], packet["interface"]), ("hello", "e1"))
            self.assertIn(ipaddress.ip_address(packet["source"].partition("%")[0]).exploded,
                          [ipaddress.ip_address(each).exploded
                           for each in (self.there.ipv4, self.there.ipv6)])

    def test_an_interface_may_be_named_in_every_way(self):
        scoped = self.here.link_local() + "%"
        names = ("e1", self.index(), self.here.ipv4, self.here.ipv6, f"{scoped}e1",
                 f"{scoped}{self.index()}")
        for port, name in enumerate(names, start=5000):
            with self.subTest(name):
                group = "239.1.1.1" if name == self.here.ipv4 else "ff12::1"
                packet, = self.transfer(group, port, ("--interface", name),
                                        ("--interface", "e1"))
                self.assertEqual(packet["interface"], "e1")

    def test_an_interface_that_vanishes_and_returns_is_told_and_heard_again(self):
        receiver = self.start("recv", "239.1.1.1", 5000, "--interface", "e1", host=self.here)
        receiver.expect("joined")
        self.here.ip("link", "del", "e1")
        receiver.expect("lost", interface="e1")
        self.here.ip("link", "add", "e1", "type", "veth", "peer", "name", "far", "netns",
                     self.there.name)
        receiver.expect("rejoined", interface="e1", interface_index=self.index())
        self.here.ip("link", "set", "e1", "up")
        self.there.ip("addr", "add", "10.9.7.1/24", "dev", "far")
        self.there.ip("link", "set", "far", "up")
        ended = self.run_command("send", "239.1.1.1", 5000, "again", "--interface", "far",
                                 host=self.there)
        self.assertEqual(ended.status, 0, ended.errors)
        receiver.expect("packet", payload="again", interface="e1")
        receiver.end()

    def give_new_address(self, address):
        """One that its host has to look for elsewhere before it may be used."""
        for setting in ("accept_dad", "dad_transmits"):
            self.there.run("sysctl", "-q", "-w", f"net.ipv6.conf.e1.{setting}=1")
        self.there.ip("-6", "addr", "flush", "dev", "e1")
        self.there.ip("addr", "add", address + "/64", "dev", "e1")

    def test_an_address_that_is_being_checked_is_waited_for(self):
        receiver = self.start("recv", "ff15::1", 5000, "--interface", "e1", host=self.here)
        receiver.expect("joined")
        self.give_new_address("fd09::77")
        ended = self.run_command("send", "ff15::1", 5000, "hello", "--interface", "e1",
                                 host=self.there)
        self.assertEqual((ended.status, ended.errors), (0, ""))
        receiver.expect("packet", payload="hello", source="fd09::77")
        receiver.end()

    def test_a_chart_waits_for_an_address_that_is_being_checked(self):
        self.give_new_address("fd09::77")
        chart = self.start("chart", "--interface", "e1", "--group", "ff15::1", "--id", 1,
                           "--announce", host=self.there)
        chart.expect("started")
        chart.end()

    def test_an_address_that_another_host_has_is_told(self):
        self.give_new_address(self.here.ipv6)
        ended = self.run_command("send", "ff15::1", 5000, "hello", "--interface", "e1",
                                 host=self.there)
        self.assertEqual(ended.status, 1)
        self.assertIn(f"e1: another host has {self.here.ipv6}, too", ended.errors)

    def test_what_becomes_of_the_way_out_is_told(self):
        sender = self.start("send", "239.1.1.1", 5000, "hello", "--interface", "e1", "--count", 200,
                            "--interval", 10, host=self.there)
        sender.expect("sent")
        self.there.ip("link", "set", "e1", "down")
        sender.expect_complaint("e1: nothing can leave by it")
        before = len(sender.seen("sent"))
        self.there.ip("link", "set", "e1", "up")
        sender.expect_complaint("e1: datagrams leave by it again")
        sender.expect("sent", times=before + 1)
        self.assertEqual(sender.wait(), 1)
        summary, = sender.seen("summary")
        self.assertEqual(summary["packets"] + summary["errors"], 200)
        self.assertEqual(summary["packets"], len(sender.seen("sent")))

    def test_only_the_named_sources_are_heard(self):
        self.there.ip("addr", "add", "10.9.0.99/24", "dev", "e1")
        receiver = self.start("recv", "232.1.1.1", 5000, "--source", "10.9.0.99", "--source",
                              "10.9.0.98", host=self.here)
        receiver.expect("joined", sources=["10.9.0.99", "10.9.0.98"])
        for source in (self.there.ipv4, "10.9.0.99"):
            ended = self.run_command("send", "232.1.1.1", 5000, source, "--source", source,
                                     host=self.there)
            self.assertEqual(ended.status, 0, ended.errors)
        receiver.expect("packet", payload="10.9.0.99")
        receiver.end()
        self.assertEqual(len(receiver.seen("packet")), 1)

    def test_without_loopback_only_others_hear_it(self):
        here, there = (self.start("recv", "239.1.1.1", 5000, host=each)
                       for each in (self.here, self.there))
        for each in (here, there):
            each.expect("joined")
        for payload, options in (("secret", ["--no-loopback"]), ("open", [])):
            self.run_command("send", "239.1.1.1", 5000, payload, *options, host=self.here)
        for each in (here, there):
            each.expect("packet", payload="open")
        self.assertEqual((len(here.seen("packet")), len(there.seen("packet"))), (1, 2))

    def test_a_link_that_is_down_is_an_error_with_a_reason(self):
        self.there.ip("link", "set", "e1", "down")
        ended = self.run_command("send", "239.1.1.1", 5000, "x", "--interface", "e1",
                                 host=self.there)
        self.assertEqual(ended.status, 1)
        self.assertRegex(ended.errors, r"\Arollcast: 239\.1\.1\.1:5000: [^\n]*interface[^\n]*\n\Z")


class ChartWireTest(laboratory.CommandTest):
    def pair(self, *families):
        hosts = laboratory.Network(self, 2, families).hosts
        charts = [self.start("chart", "--id", number, "--port", 8000 + number, "--data",
                             f"host {number}", "--detection-time", 2, host=host)
                  for number, host in enumerate(hosts, start=1)]
        for each, other in zip(charts, (2, 1)):
            each.expect("found", id=other)
        return hosts, charts

    def addresses(self, chart, other, expected):
        """The addresses of the other one, when as many are known as expected."""
        def known():
            records = [each["endpoints"] for each in chart.events
                       if each.get("id") == other and "endpoints" in each]
            return {laboratory.address_of(each) for each in records[-1]}
        laboratory.wait_until(self, lambda: len(known()) == expected)
        return known()

    def check(self, hosts, charts, families):
        for number, (chart, other) in enumerate(zip(charts, reversed(hosts)), start=1):
            expected = set()
            if 4 in families:
                expected.add(ipaddress.ip_address(other.ipv4))
            if 6 in families:
                expected |= {ipaddress.ip_address(each)
                             for each in (other.ipv6, other.link_local())}
            self.assertEqual(self.addresses(chart, 3 - number, len(expected)), expected)
            final = chart.end()
            there, = [each for each in final["instances"] if each["id"] == 3 - number] or [None]
            if there is None:  # it has ended before us
                there = chart.seen("found", id=3 - number)[0]
            self.assertEqual(there["data"], f"host {3 - number}")
            for endpoint in there["endpoints"]:
                self.assertTrue(endpoint.endswith(f":{8000 + 3 - number}"), endpoint)
                address = laboratory.address_of(endpoint)
                self.assertTrue(any(address in each for each in LINK), endpoint)
                self.assertEqual("%e1]" in endpoint, address.is_link_local, endpoint)

    def test_hosts_know_each_other_by_the_addresses_of_the_link(self):
        for families in ((4, 6), (4,), (6,)):
            with self.subTest(families=families):
                hosts, charts = self.pair(*families)
                self.assertIn("e1", charts[0].events[0]["interfaces"])
                self.check(hosts, charts, families)

    def test_who_looks_on_sees_other_hosts_and_is_not_seen(self):
        for families in ((4, 6), (4,), (6,)):
            with self.subTest(families=families):
                one, other, third = laboratory.Network(self, 3, families).hosts
                first, second = (self.start("chart", "--id", number, "--port", 8000 + number,
                                            "--detection-time", 2, host=host)
                                 for number, host in ((1, one), (2, other)))
                first.expect("found", id=2)
                second.expect("found", id=1)
                observer = self.start("chart", host=third)
                for each in (1, 2):
                    observer.expect("found", id=each, within=TOLERANCE)
                listed = self.run_command("list", host=third)
                self.assertEqual((listed.status, listed.errors), (0, ""))
                self.assertEqual([line.split()[0] for line in listed.output.splitlines()],
                                 ["ID", "1", "2"])
                second.kill(signal.SIGKILL)
                for each in (first, observer):
                    each.expect("gone", id=2, within=2 + TOLERANCE)
                first.kill(signal.SIGKILL)
                observer.expect("gone", id=1, within=2 + TOLERANCE)
                self.assertEqual({event["id"] for event in first.seen("found")}, {2})
                self.assertEqual(observer.end()["size"], 0)

    def test_who_is_killed_is_gone_and_who_ends_has_left(self):
        (_, there), (first, second) = self.pair(4, 6)
        third = self.start("chart", "--id", 3, host=there)
        first.expect("found", id=3)
        third.end()
        first.expect("left", id=3)
        at = second.kill(signal.SIGKILL)
        self.assertLess(first.expect("gone", id=2, within=2 + TOLERANCE).at - at, 2 + TOLERANCE)
        first.expect_never("left", id=2)

    def test_a_cable_pulled_and_plugged_again(self):
        (host, _), (first, second) = self.pair(4, 6)
        host.ip("link", "set", "e1", "down")
        first.expect("gone", id=2, within=2 + TOLERANCE)
        second.expect("gone", id=1, within=2 + TOLERANCE)
        host.ip("link", "set", "e1", "up")
        for each, other in ((first, 2), (second, 1)):
            self.assertIn("10.9.0.", str(each.expect("returned", id=other)["endpoints"]))

    def test_a_local_chart_stays_on_this_machine(self):
        hosts = laboratory.Network(self, 2).hosts
        listener = self.start("chart", "--id", 1, host=hosts[0])
        listener.expect("started")
        local = [self.start("chart", "--local", "--id", number, host=hosts[1]) for number in (2, 3)]
        for each, other in zip(local, (3, 2)):
            self.assertEqual(each.expect("started")["interfaces"], ["lo"])
            each.expect("found", id=other)
        self.start("chart", "--id", 4, host=hosts[1])
        listener.expect("found", id=4)
        self.assertEqual([each["id"] for each in listener.seen("found")], [4])
        refused = self.run_command("chart", "--local", "--interface", "e1", "--timeout", 0,
                                   host=hosts[0])
        self.one_line(refused, 2, "--local", "--interface")

    def test_nothing_but_lo_and_no_route_is_enough(self):
        alone = laboratory.Host(self)
        three = [self.start("chart", "--local", "--id", number, "--port", 8000 + number, host=alone)
                 for number in (1, 2, 3)]
        last = max(each.expect("started").at for each in three)
        found = [each.expect("found", id=other) for own, each in enumerate(three, start=1)
                 for other in {1, 2, 3} - {own}]
        complete = max(each.at for each in found) - last
        print(f"only lo, no route: complete after {complete * 1000:.0f} ms", flush=True)
        for each in three:
            self.assertEqual(each.events[0]["interfaces"], ["lo"])
            each.end()

    def test_fifty_instances_on_one_host_are_complete_at_once(self):
        host = laboratory.Host(self)
        ids = set(range(1, 51))
        many = [self.start("chart", "--id", each, "--port", 8000 + each, host=host) for each in ids]
        last = max(each.expect("started").at for each in many)
        for own, each in zip(ids, many):
            each.expect("found", times=len(ids) - 1, within=30)
            self.assertEqual({event["id"] for event in each.seen("found")}, ids - {own})
        complete = max(each.expect("found", times=len(ids) - 1).at for each in many)
        first = min(each.spawned_at for each in many)
        print(f"fifty instances: complete {complete - last:.2f} s after the last start, "
              f"{complete - first:.2f} s after the first", flush=True)
        self.assertLess(complete - last, 4)
        for each in many:
            each.expect_never("gone")


if __name__ == "__main__":
    laboratory.main()
