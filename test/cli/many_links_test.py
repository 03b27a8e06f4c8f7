# SPDX-License-Identifier: BSL-1.0
"""rollcast chart on a host with more links than it may open descriptors for, and with bridges."""

import os
import pathlib
import signal

import laboratory

LINKS = 45
LIMIT = 150


class ManyLinksTest(laboratory.CommandTest):
    def add_links(self, host, number):
        """Links as containers have them, with IPv6 addresses that go no further than the link."""
        peers = laboratory.Host(self, "containers")
        for each in range(number):
            host.ip("link", "add", f"c{each}", "type", "veth", "peer", "name", f"c{each}",
                    "netns", peers.name)
            host.run("sh", "-c", f"echo 0 >/proc/sys/net/ipv6/conf/c{each}/accept_dad")
            host.ip("link", "set", f"c{each}", "up")
            peers.ip("link", "set", f"c{each}", "up")
        laboratory.wait_until(self, lambda: host.ip("-6", "addr").count("fe80::") >= number)

    def open_descriptors(self, command):
        return len(list(pathlib.Path(f"/proc/{command.process.pid}/fd").iterdir()))

    def sockets(self, command):
        folder = pathlib.Path(f"/proc/{command.process.pid}/fd")
        return sum(os.readlink(each).startswith("socket:") for each in folder.iterdir())

    def chart(self, host, number, *options):
        command = self.start("chart", "--id", number, "--port", 8000 + number, *options, host=host)
        command.expect("started")
        return command

    def test_where_descriptors_do_not_suffice_the_best_links_are_used_and_the_rest_is_told(self):
        crowded, other = laboratory.Network(self, 2).hosts
        self.add_links(crowded, LINKS)
        # The link to the others comes last by its index.
        crowded.wrapper = ["sh", "-c", f'ulimit -n {LIMIT}; exec "$@"', "sh"]
        one, second = self.chart(crowded, 1), self.chart(other, 2)
        started = one.events[0]
        self.assertIn("e1", started["interfaces"])
        self.assertIn("lo", started["interfaces"])
        one.expect("found", id=2)
        second.expect("found", id=1)
        used = set(started["interfaces"])
        left_out = {each["interface"] for each in one.seen("interface_failed")}
        self.assertEqual(used | left_out, {"lo", "e1"} | {f"c{each}" for each in range(LINKS)})
        self.assertEqual(used & left_out, set())
        self.assertTrue(left_out, one.describe())
        self.assertTrue(all("descriptors" in each["why"] for each in one.seen("interface_failed")))
        self.assertLessEqual(self.open_descriptors(one), LIMIT - 64)
        self.assertGreater(len(used), 5)

    def test_a_link_takes_one_socket_in_each_ip_version_and_all_of_them_speak_from_one_port(self):
        crowded, other = laboratory.Network(self, 2).hosts
        second = self.chart(other, 2)
        few = self.chart(crowded, 1)
        at_first = self.sockets(few)
        # Two for the links lo and e1, two mouths, one for what the system reports; lo may have no IPv6.
        self.assertLessEqual(at_first, 2 * 2 + 2 + 1)
        self.add_links(crowded, LINKS)
        laboratory.wait_until(self, lambda: len(few.seen("interface_up")) >= LINKS)
        self.assertEqual(self.sockets(few) - at_first, LINKS)  # which have IPv6 alone
        second.expect("found", id=1)
        few.end()
        fixed = self.chart(crowded, 3, "--unicast-port", 40000)
        self.assertEqual(len(fixed.events[0]["interfaces"]), LINKS + 2)
        self.assertEqual(fixed.seen("interface_failed"), [])
        second.expect("found", id=3)
        fixed.expect("found", id=2)
        fixed.kill(signal.SIGKILL)
        second.expect("gone", id=3)

    def test_a_link_with_a_default_route_that_comes_later_takes_the_place_of_another(self):
        crowded, other = laboratory.Host(self, "crowded"), laboratory.Host(self, "other")
        self.add_links(crowded, LINKS)
        crowded.wrapper = ["sh", "-c", f'ulimit -n {LIMIT}; exec "$@"', "sh"]
        one = self.chart(crowded, 1)
        second = self.chart(other, 2)
        crowded.ip("link", "add", "e2", "type", "veth", "peer", "name", "e2", "netns", other.name)
        for host, bits in ((crowded, 1), (other, 2)):
            host.ip("addr", "add", f"10.9.2.{bits}/24", "dev", "e2")
            host.ip("link", "set", "e2", "up")
        crowded.ip("route", "add", "default", "dev", "e2")
        one.expect("interface_up", interface="e2")
        one.expect("found", id=2)
        second.expect("found", id=1)
        self.assertLessEqual(self.open_descriptors(one), LIMIT - 64)

    def test_ports_of_a_bridge_are_left_to_the_bridge_unless_they_are_named(self):
        host = laboratory.Host(self, "host")
        host.ip("link", "add", "br0", "type", "bridge")
        self.add_links(host, 3)
        for each in ("c0", "c1"):
            host.ip("link", "set", each, "master", "br0")
        host.ip("addr", "add", "10.9.3.1/24", "dev", "br0")
        host.ip("link", "set", "br0", "up")
        laboratory.wait_until(self, lambda: "LOWER_UP" in host.ip("link", "show", "br0"))
        used = self.chart(host, 1).events[0]["interfaces"]
        self.assertEqual(set(used), {"lo", "br0", "c2"})
        named = self.chart(host, 2, "--interface", "c0", "--interface", "c*").events[0]
        self.assertEqual(set(named["interfaces"]), {"c0", "c2"})

    def test_a_part_of_a_routing_domain_is_used(self):
        host = laboratory.Host(self, "host")
        try:
            host.ip("link", "add", "blue", "type", "vrf", "table", "10")
        except RuntimeError as failure:
            self.skipTest(f"no routing domains here: {failure}")
        self.add_links(host, 1)
        host.ip("link", "set", "c0", "master", "blue")
        host.ip("link", "set", "blue", "up")
        host.ip("addr", "add", "10.9.3.1/24", "dev", "c0")
        self.assertIn("c0", self.chart(host, 1).events[0]["interfaces"])


if __name__ == "__main__":
    laboratory.main()
