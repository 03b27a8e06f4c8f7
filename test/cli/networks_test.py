# SPDX-License-Identifier: BSL-1.0
"""rollcast chart where networks come, change and go: who is charted, and what is told."""

import laboratory

# Charts are right within 2 s of a change, which a machine that is busy with other things may exceed.
CHANGE = laboratory.PATIENCE
DETECTION = 3
LISTENING = 60  # seconds, in which all are in a digest by each IP version


class NetworksTest(laboratory.NetworkTest):
    detection_time = DETECTION

    def pair(self, *options, families=(4, 6), hosts=2):
        """A network, and charts of its hosts that know each other."""
        network = laboratory.Network(self, hosts, families)
        charts = [self.chart(host, number, *options)
                  for number, host in enumerate(network.hosts, start=1)]
        for own, each in enumerate(charts, start=1):
            for other in set(range(1, hosts + 1)) - {own}:
                each.expect("found", id=other)
        return network, charts

    def join(self, network, first, second, name="e2", net="10.9.2", host_bits=(1, 2)):
        """A second link between two hosts, as if somebody had plugged in a cable."""
        first.ip("link", "add", name, "type", "veth", "peer", "name", name, "netns", second.name)
        for host, bits in zip((first, second), host_bits):
            setting = f"/proc/sys/net/ipv6/conf/{name}/accept_dad"
            host.run("sh", "-c", f"[ ! -e {setting} ] || echo 0 >{setting}")
            host.ip("addr", "add", f"{net}.{bits}/24", "dev", name)
            host.ip("link", "set", name, "up")

    def endpoints(self, command, number):
        """The endpoints that the last event with a record of this instance had."""
        with command.changed:
            told = [each for each in command.events
                    if each.get("id") == number and "endpoints" in each]
        return set(told[-1]["endpoints"]) if told else set()

    def expect_endpoint(self, command, number, endpoint, there=True, within=CHANGE):
        laboratory.wait_until(
            self, lambda: (endpoint in self.endpoints(command, number)) == there, within,
            lambda: f"{endpoint}, there: {not there}; {command.describe()}")

    def test_listeners_with_one_ip_version_find_everybody(self):
        network, _ = self.pair(hosts=4)
        ipv4, ipv6 = (laboratory.Host(self, name) for name in ("v4", "v6"))
        for number, host in enumerate((ipv4, ipv6), start=11):
            network.attach(host, number)
        ipv4.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/e1/disable_ipv6")
        ipv4.ip("addr", "add", "10.9.0.11/24", "dev", "e1")
        for host in (ipv4, ipv6):
            listener = self.start("chart", "--sniff", "--detection-time", DETECTION, host=host)
            listener.expect("started")
            for number in (1, 2, 3, 4):
                listener.expect("found", id=number, within=LISTENING)

    def test_a_link_that_is_plugged_in_is_used_and_one_that_is_removed_is_not(self):
        network, (first, second) = self.pair()
        one, other = network.hosts
        self.join(network, one, other)
        for each in (first, second):
            up = each.expect("interface_up", within=CHANGE, interface="e2")
            self.assertTrue(up["addresses"], up)
        self.expect_endpoint(first, 2, "10.9.2.2:8002")
        self.expect_endpoint(second, 1, "10.9.2.1:8001")
        one.ip("link", "del", "e2")
        for each in (first, second):
            each.expect("interface_down", within=CHANGE, interface="e2")
        self.expect_endpoint(first, 2, "10.9.2.2:8002", there=False)
        self.expect_endpoint(second, 1, "10.9.2.1:8001", there=False)
        self.join(network, one, other)
        self.expect_endpoint(first, 2, "10.9.2.2:8002")
        for each in (first, second):
            each.expect("interface_up", within=CHANGE, times=2, interface="e2")
            for event in ("gone", "left", "returned", "suspect"):
                each.expect_never(event)

    def test_a_newcomer_is_charted_on_a_link_that_came_later(self):
        one, other = laboratory.Host(self, "a"), laboratory.Host(self, "b")
        first, second = self.chart(one, 1), self.chart(other, 2)
        self.join(None, one, other)
        first.expect("found", within=CHANGE, id=2)
        second.expect("found", within=CHANGE, id=1)
        self.expect_endpoint(first, 2, "10.9.2.2:8002")

    def test_an_address_that_is_replaced_is_replaced_in_every_chart(self):
        network, (first, second) = self.pair()
        other = network.hosts[1]
        self.expect_endpoint(first, 2, "10.9.0.2:8002")
        other.ip("addr", "del", "10.9.0.2/24", "dev", "e1")
        other.ip("addr", "add", "10.9.0.77/24", "dev", "e1")
        self.expect_endpoint(first, 2, "10.9.0.77:8002")
        self.expect_endpoint(first, 2, "10.9.0.2:8002", there=False)
        laboratory.wait_until(
            self, lambda: any("10.9.0.77" in each["addresses"]
                              for each in second.seen("interface_up", interface="e1")),
            why=second.describe)
        first.expect_never("gone")

    def test_who_was_away_for_longer_than_the_detection_time_returns(self):
        network, (first, second) = self.pair()
        other = network.hosts[1]
        other.ip("link", "set", "e1", "down")
        second.expect("interface_down", within=CHANGE, interface="e1")
        first.expect("gone", within=DETECTION + CHANGE, id=2)
        second.expect("gone", within=DETECTION + CHANGE, id=1)
        other.ip("link", "set", "e1", "up")
        second.expect("interface_up", within=CHANGE, interface="e1")
        first.expect("returned", within=CHANGE, id=2)
        second.expect("returned", within=CHANGE, id=1)

    def test_two_of_one_host_keep_each_other_while_its_link_is_down(self):
        network, (first, _) = self.pair()
        third = self.chart(network.hosts[0], 3)
        third.expect("found", id=1)
        network.hosts[0].ip("link", "set", "e1", "down")
        first.expect("gone", within=DETECTION + CHANGE, id=2)
        for each, other in ((first, 3), (third, 1)):
            each.expect_never("gone", id=other)
            each.expect_never("suspect", id=other)

    def test_hosts_that_have_ipv6_only_find_each_other(self):
        network, (first, second) = self.pair("--interface", "e1", families=(6,))
        known = self.endpoints(first, 2)
        self.assertTrue(all("[f" in each for each in known), known)
        self.assertTrue(any("%e1]" in each for each in known), known)
        self.assertEqual([each for each in known if each.startswith("127.")], [])
        second.end()
        first.expect("left", id=2)

    def test_who_has_ipv4_only_and_who_has_both_find_each_other(self):
        network = laboratory.Network(self, 2)
        single, both = network.hosts
        single.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/e1/disable_ipv6")
        first, second = self.chart(single, 1), self.chart(both, 2)
        second.expect("found", within=CHANGE, id=1)
        first.expect("found", within=CHANGE, id=2)
        self.expect_endpoint(first, 2, "10.9.0.2:8002")
        self.expect_endpoint(second, 1, "10.9.0.1:8001")
        self.assertEqual(len(self.endpoints(second, 1)), 1, second.describe())

    def test_25_interfaces_are_25_links_and_nobody_runs_out_of_memberships(self):
        one, other = laboratory.Host(self, "a"), laboratory.Host(self, "b")
        for number in range(25):
            self.join(None, one, other, f"x{number}", f"10.10.{number}")
        first, second = self.chart(one, 1), self.chart(other, 2)
        self.assertEqual(len(first.events[0]["interfaces"]), 26, first.describe())
        first.expect("found", within=CHANGE, id=2)
        for number in range(25):
            # A record holds eight addresses of its own link, and the chart has all links.
            self.expect_endpoint(first, 2, f"10.10.{number}.2:8002")
            self.expect_endpoint(second, 1, f"10.10.{number}.1:8001")
        for each in (first, second):
            each.expect_never("interface_failed")

    def test_an_address_that_two_hosts_have_on_bridges_of_their_own_stays_at_home(self):
        network = laboratory.Network(self, 2)
        for host in network.hosts:
            host.ip("link", "add", "docker0", "type", "bridge")
            host.ip("addr", "add", "172.17.0.1/16", "dev", "docker0")
            # With a port that is up, or the bridge would count as down.
            host.ip("link", "add", "v1", "type", "veth", "peer", "name", "v2")
            host.ip("link", "set", "v1", "master", "docker0", "up")
            host.ip("link", "set", "v2", "up")
            host.ip("link", "set", "docker0", "up")
            laboratory.wait_until(
                self, lambda h=host: "LOWER_UP" in h.ip("link", "show", "docker0"))
        first, second = self.chart(network.hosts[0], 1), self.chart(network.hosts[1], 2)
        self.assertIn("docker0", first.events[0]["interfaces"])
        first.expect("found", within=CHANGE, id=2)
        self.expect_endpoint(first, 2, "10.9.0.2:8002")
        second.end()
        first.expect("left", within=CHANGE, id=2)  # and everything that was said before has come
        for each, other in ((first, 2), (second, 1)):
            told = str([event for event in each.events if event.get("id") == other])
            self.assertNotIn("172.17", told)
            each.expect_never("id_conflict")

    def test_interfaces_are_chosen_and_excluded_by_pattern(self):
        network = laboratory.Network(self, 2)
        one, other = network.hosts
        self.join(network, one, other)
        first = self.chart(one, 1, "--interface", "e*", "--exclude", "e1")
        self.assertEqual(first.events[0]["interfaces"], ["e2"])
        second = self.chart(other, 2)
        first.expect("found", within=CHANGE, id=2)
        self.expect_endpoint(second, 1, "10.9.2.1:8001")
        self.assertEqual([e for e in self.endpoints(second, 1) if "10.9.0." in e], [])
        result = self.run_command("chart", "--interface", "e2", "--exclude", "e*", "--timeout", 1,
                                  host=one)
        self.one_line(result, 1, "no usable interface", "e2: ", "excluded")

    def test_a_named_interface_that_is_down_is_told_with_what_brings_it_up(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        host.ip("link", "set", "e1", "down")
        result = self.run_command("chart", "--interface", "e1", "--timeout", 1, host=host)
        self.one_line(result, 1, "no usable interface", "e1: ", "down", "ip link set")

    def test_ipv6_joins_when_its_address_has_been_checked_and_nothing_fails_meanwhile(self):
        one, other = laboratory.Host(self, "a"), laboratory.Host(self, "b")
        first, second = self.chart(one, 1), self.chart(other, 2)
        one.ip("link", "add", "e1", "type", "veth", "peer", "name", "e1", "netns", other.name)
        for host, address in ((one, "10.9.3.1/24"), (other, "10.9.3.2/24")):
            host.ip("addr", "add", address, "dev", "e1")
            host.ip("link", "set", "e1", "up")  # duplicate address detection takes about 1.5 s
        first.expect("found", within=CHANGE, id=2)
        laboratory.wait_until(
            self, lambda: any("%e1]" in each for each in self.endpoints(first, 2)),
            why=first.describe)
        for each in (first, second):
            each.expect_never("interface_failed")
            each.expect_never("gone")

    def test_where_every_join_is_refused_each_interface_is_named_with_the_reason(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        host.run("sysctl", "-qw", "net.ipv4.igmp_max_memberships=0")
        result = self.run_command("chart", "--group", "239.255.42.98", "--timeout", 3, host=host)
        self.one_line(result, 1, "lo: ", "e1: ", "igmp_max_memberships")
        # IPv6 is not limited there, and works on.
        chart = self.chart(host, 1, "--interface", "e1")
        self.assertEqual(chart.events[0]["groups"], ["[ff12::4298]:8080"])

    def test_a_host_with_nothing_but_lo_finds_its_own(self):
        host = laboratory.Host(self)
        first, second = self.chart(host, 1), self.chart(host, 2)
        first.expect("found", within=CHANGE, id=2)
        self.expect_endpoint(second, 1, "127.0.0.1:8001")

    def test_without_any_interface_it_says_so_or_waits(self):
        host = laboratory.Host(self)
        host.ip("link", "set", "lo", "down")
        result = self.run_command("chart", "--timeout", 3, host=host)
        self.one_line(result, 1, "no usable interface", "lo: ", "down")
        patient = self.chart(host, 1, "--wait")
        self.assertEqual(patient.events[0]["interfaces"], [])
        host.ip("link", "set", "lo", "up")
        patient.expect("interface_up", within=CHANGE, interface="lo")
        second = self.chart(host, 2)
        patient.expect("found", within=CHANGE, id=2)
        second.expect("found", within=CHANGE, id=1)

    def test_an_id_that_is_taken_stays_with_its_owner_also_for_those_who_share_lo_with_the_other(self):
        network, (owner, watcher) = self.pair()
        taken = self.endpoints(watcher, 1)
        other = self.start("chart", "--id", 1, "--port", 8050, "--data", "other",
                           "--detection-time", DETECTION, host=network.hosts[1])
        for each in (owner, watcher, other):
            each.expect("id_conflict", id=1)
        other.end()
        newcomer = self.chart(network.hosts[1], 4)
        watcher.expect("found", id=4)
        newcomer.expect("found", id=1)
        self.assertEqual(self.endpoints(newcomer, 1), taken)
        for event in ("updated", "restarted", "left", "gone"):
            watcher.expect_never(event, id=1)
        final = next(each for each in watcher.end()["instances"] if each["id"] == 1)
        self.assertEqual(set(final["endpoints"]), taken)

    def test_where_the_discovery_port_is_taken_a_backup_port_does(self):
        network = laboratory.Network(self, 3)
        laboratory.keep_port(self, 8080, network.hosts[1])
        first = self.chart(network.hosts[0], 1)
        moved = self.chart(network.hosts[1], 2, "--data", "-", feed=True)
        self.assertEqual(moved.events[0]["discovery_port"], 61345)
        first.expect("found", within=CHANGE, id=2)
        moved.expect("found", within=CHANGE, id=1)
        third = self.chart(network.hosts[2], 3)
        moved.expect("found", within=CHANGE, id=3)
        third.expect("found", within=CHANGE, id=2)
        moved.write("news\n")
        for each in (first, third):
            each.expect("updated", within=CHANGE, id=2, data="news")
        third.end()
        moved.expect("left", within=CHANGE, id=3)
        first.kill(9)
        moved.expect("gone", within=DETECTION + CHANGE, id=1)


if __name__ == "__main__":
    laboratory.main()
