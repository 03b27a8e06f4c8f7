# SPDX-License-Identifier: BSL-1.0
"""Charts on networks as they are, all at once and left alone: nothing happens, and little is said."""

import collections
import time

import laboratory

PORT = 8080
DETECTION = 3
SETTLING = 25  # seconds, until everybody has found out whom and what it cannot reach
REST = 60
MOST_RECEIVED = 6  # datagrams a second, by each instance on each link
MOST_MULTICASTS = 4  # a second, by all on each link

CLIENTS = 8
WIRED = 4
CHAIN = 6
LINKS = 25

COUNT_MULTICASTS = f"""
    table inet count {{
        chain out {{
            type filter hook output priority 0;
            ip daddr 224.0.0.0/4 udp dport {PORT} counter
            ip6 daddr ff00::/8 udp dport {PORT} counter
        }}
    }}
    """

# Nobody has died or left, not even while all were still finding out about each other.
FALSE_WHENEVER = ("suspect", "refuted", "gone", "returned", "left")

World = collections.namedtuple("World", "name hosts charts wires")


def multicasts(host):
    """Sent there to the group; what is said over both IP versions is said once."""
    return max(laboratory.packets(host, "inet", "count"))


class RestTest(laboratory.NetworkTest):
    detection_time = DETECTION

    def world(self, name, hosts, *options, each=1, wires=1):
        charts = {}
        for place, host in enumerate(hosts):
            for _ in range(each):
                charts.setdefault(place, []).append(
                    self.chart(host, 1 + sum(map(len, charts.values())), *options))
        return World(name, hosts, charts, wires)

    def plug(self, network, host, name, number, address):
        """A second interface, on this wire."""
        host.ip("link", "add", name, "type", "veth", "peer", "name", f"q{number}", "netns",
                network.switch.name)
        network.switch.ip("link", "set", f"q{number}", "master", "bridge", "up")
        host.ip("addr", "add", address, "dev", name)
        host.ip("link", "set", name, "up")

    def cable(self, one, other, name, net):
        one.ip("link", "add", name, "type", "veth", "peer", "name", name, "netns", other.name)
        for bits, host in enumerate((one, other), start=1):
            host.ip("addr", "add", f"{net}.{bits}/24", "dev", name)
            host.ip("link", "set", name, "up")

    def two_interfaces_on_one_wire(self):
        network = laboratory.Network(self, 3)
        for number, host in enumerate(network.hosts[:2]):
            self.plug(network, host, "e2", number, f"10.9.0.{100 + number}/24")
        return self.world("two interfaces on one wire", network.hosts, wires=2)

    def both_ends_in_one_host(self):
        host = laboratory.Host(self, "loop")
        host.ip("link", "add", "v1", "type", "veth", "peer", "name", "v2")
        for number in (1, 2):
            host.ip("addr", "add", f"10.9.{number}.1/24", "dev", f"v{number}")
            host.ip("link", "set", f"v{number}", "up")
        return self.world("both ends of a pair in one host", [host], each=2, wires=3)

    def reflector(self):
        """A host with a foot in each of two networks, between which somebody repeats what the group is told."""
        one = laboratory.subnets(self, [("10.9.1.1/24",), ("10.9.1.2/24",)])
        other = laboratory.subnets(self, [("10.9.2.1/24",)])
        self.plug(other, one.hosts[0], "e2", 1, "10.9.2.2/24")
        repeater = laboratory.Host(self, "repeater")
        for name, network in (("r1", one), ("r2", other)):
            repeater.ip("link", "add", name, "type", "veth", "peer", "name", "r", "netns",
                        network.switch.name)
            network.switch.ip("link", "set", "r", "master", "bridge", "up")
            repeater.ip("link", "set", name, "up")
        for here, there in (("r1", "r2"), ("r2", "r1")):
            repeater.nft(f"""
                add table netdev repeat
                add chain netdev repeat {here} {{ type filter hook ingress device "{here}" priority 0; }}
                add rule netdev repeat {here} ip daddr 224.0.0.0/4 udp dport {PORT} dup to "{there}"
                add rule netdev repeat {here} ip6 daddr ff00::/8 udp dport {PORT} dup to "{there}"
                """)
        return self.world("a reflector between two networks", one.hosts + other.hosts, wires=2)

    def hub(self):
        network = laboratory.with_isolated_clients(self, CLIENTS, families=(4, 6))
        return self.world("clients that do not hear each other", network.hosts, "--interface", "e1")

    def wire_and_radio(self):
        """Hosts on a wire, and all on an access point that isolates its clients, which is one of them."""
        network = laboratory.with_isolated_clients(self, CLIENTS, families=(4, 6))
        wired = network.hosts[:WIRED]
        switch = laboratory.Host(self, "wire")
        switch.ip("link", "add", "bridge", "type", "bridge")
        switch.ip("link", "set", "bridge", "up")
        for number, host in enumerate(wired, start=1):
            host.ip("link", "add", "e2", "type", "veth", "peer", "name", f"p{number}", "netns",
                    switch.name)
            switch.ip("link", "set", f"p{number}", "master", "bridge", "up")
            host.ip("addr", "add", f"10.8.0.{number}/24", "dev", "e2")
            host.ip("link", "set", "e2", "up")
        return self.world("a wire beside an access point", network.hosts, wires=3)

    def chain(self):
        """Each hears the one before it and the one after it."""
        network = laboratory.Network(self, CHAIN, families=(4,))
        for number, host in enumerate(network.hosts, start=1):
            heard = ", ".join(f"10.9.0.{each}" for each in (number - 1, number, number + 1) if each)
            host.nft(f"""
                add table netdev far
                add chain netdev far arrive {{ type filter hook ingress device "e1" priority 0; }}
                add rule netdev far arrive ip saddr != {{ {heard} }} drop
                """)
        return self.world("a chain", network.hosts, "--interface", "e1")

    def multicast_only(self):
        """Firewalls that know the port of the group only."""
        network = laboratory.Network(self, 4)
        for host in network.hosts:
            host.nft("""
                add table inet wall
                add chain inet wall in { type filter hook input priority 0; }
                add rule inet wall in iif e1 meta pkttype host meta l4proto udp drop
                """)
        return self.world("multicast only", network.hosts, "--interface", "e1")

    def deaf(self):
        network = laboratory.Network(self, 4)
        network.hosts[0].nft("""
            add table inet wall
            add chain inet wall in { type filter hook input priority 0; }
            add rule inet wall in iif e1 meta l4proto udp drop
            """)
        return self.world("one that hears nobody", network.hosts, "--interface", "e1")

    def second_subnet(self):
        network = laboratory.subnets(self, [("10.20.0.1/24", "192.168.5.1/24"), ("192.168.5.2/24",),
                                            ("192.168.5.3/24",)], families=(4,))
        return self.world("one in a second subnet", network.hosts, "--interface", "e1")

    def foreign_subnets(self):
        network = laboratory.subnets(self, [(f"10.20.{each}.1/24",) for each in (1, 2, 3)])
        return self.world("hosts in different subnets", network.hosts, "--interface", "e1")

    def deprecated_addresses(self):
        network = laboratory.with_deprecated_addresses(self)
        return self.world("deprecated addresses", network.hosts, "--interface", "e1")

    def two_shared_links(self):
        hosts = [laboratory.Host(self, name) for name in ("a", "b")]
        for number in (1, 2):
            self.cable(*hosts, f"e{number}", f"10.9.{number}")
        return self.world("two shared links", hosts, each=3, wires=3)

    def one_ip_version(self):
        network = laboratory.Network(self, 3)
        single = network.hosts[0]
        single.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/e1/disable_ipv6")
        return self.world("one with IPv4 only", network.hosts)

    def many_links(self):
        hosts = [laboratory.Host(self, name) for name in ("a", "b")]
        for number in range(LINKS):
            self.cable(*hosts, f"x{number}", f"10.10.{number}")
        return self.world("many links", hosts, wires=LINKS + 1)

    def one_machine(self):
        network = laboratory.Network(self, 2)
        return self.world("five on one machine", network.hosts, each=5)

    def test_nothing_happens_and_little_is_said(self):
        worlds = [self.two_interfaces_on_one_wire(), self.both_ends_in_one_host(), self.reflector(),
                  self.hub(), self.wire_and_radio(), self.chain(), self.multicast_only(), self.deaf(),
                  self.second_subnet(), self.foreign_subnets(), self.deprecated_addresses(),
                  self.two_shared_links(), self.one_ip_version(), self.many_links(),
                  self.one_machine()]
        for world in worlds:
            for host in world.hosts:
                host.nft(COUNT_MULTICASTS)
        time.sleep(SETTLING)
        before = [self.counts(world) for world in worlds]
        events = [self.events(world) for world in worlds]
        time.sleep(REST)
        after = [self.counts(world) for world in worlds]
        told = [self.events(world) for world in worlds]
        for world, *measured in zip(worlds, before, after, events, told):
            with self.subTest(world.name):
                self.judge(world, *measured)

    def counts(self, world):
        return [(host.received(), multicasts(host)) for host in world.hosts]

    def events(self, world):
        return [len(chart.events) for charts in world.charts.values() for chart in charts]

    def judge(self, world, before, after, events, told):
        charts = [chart for each in world.charts.values() for chart in each]
        for chart, once, then in zip(charts, events, told):
            self.assertEqual(chart.events[once:then], [], chart.describe())
            for event in FALSE_WHENEVER:
                chart.expect_never(event)
        heard = [(b[0] - a[0]) / REST / len(world.charts[place])
                 for place, (a, b) in enumerate(zip(before, after))]
        said = sum(b[1] - a[1] for a, b in zip(before, after)) / REST
        print(f"{world.name}: {len(charts)} charts, each received {max(heard):.2f} a second at most, "
              f"{said:.2f} multicasts a second on {world.wires} links", flush=True)
        self.assertLessEqual(max(heard), MOST_RECEIVED * world.wires, f"a second: {heard}")
        self.assertLessEqual(said, MOST_MULTICASTS * world.wires)
        self.assertGreater(max(heard), 0)


if __name__ == "__main__":
    laboratory.main()
