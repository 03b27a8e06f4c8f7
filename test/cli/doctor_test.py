# SPDX-License-Identifier: BSL-1.0
"""rollcast doctor in networks with one trouble each: it names the cause and what would mend it."""

import time

import laboratory


class DoctorTest(laboratory.CommandTest):
    def examine(self, host, *options, status=0):
        """The checks of a run, and its verdict."""
        doctor = self.start("doctor", *options, host=host)
        self.assertEqual(doctor.wait(), status, doctor.describe())
        self.assertLess(time.monotonic() - doctor.spawned_at, 10)
        self.assertEqual(doctor.errors, "")
        *checks, verdict = doctor.events
        self.assertEqual(verdict["event"], "verdict", doctor.describe())
        for each in checks:
            self.assertEqual(set(each),
                             {"event", "check", "interface", "status", "detail", "remedy"})
            self.assertTrue(each["detail"], each)
        return checks, verdict["status"]

    def troubles(self, checks):
        return [each for each in checks if each["status"] in ("warn", "fail")]

    def the_trouble(self, checks, check, interface=""):
        """The only one there is."""
        found = self.troubles(checks)
        self.assertEqual([(each["check"], each["interface"]) for each in found],
                         [(check, interface)])
        return found[0]

    def test_a_healthy_pair_is_healthy(self):
        network = laboratory.Network(self, 2)
        network.hosts[0].ip("link", "add", "idle", "type", "ifb")  # which is of no use to anybody
        for host in network.hosts:
            host.ip("-6", "route", "add", "local", "ff00::/8", "dev", "lo")
            checks, verdict = self.examine(host)
            self.assertEqual((self.troubles(checks), verdict), ([], "ok"))
            heard = [each for each in checks
                     if each["check"] == "self-test" and each["interface"] == "e1"]
            self.assertEqual(len(heard), 2, checks)

    def test_nothing_but_lo(self):
        checks, verdict = self.examine(laboratory.Host(self))
        self.assertIn("loopback", self.the_trouble(checks, "interfaces")["detail"])
        self.assertEqual(verdict, "warn")

    def test_nothing_at_all(self):
        host = laboratory.Host(self)
        host.ip("link", "set", "lo", "down")
        _, verdict = self.examine(host, status=1)
        self.assertEqual(verdict, "fail")

    def test_no_multicast_route(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        host.ip("route", "del", "default")
        checks, verdict = self.examine(host)
        trouble = self.the_trouble(checks, "route")
        self.assertEqual(trouble["remedy"], "ip route add 224.0.0.0/4 dev e1")
        self.assertEqual(verdict, "warn")
        host.run(*trouble["remedy"].split())
        checks, verdict = self.examine(host)
        self.assertEqual((self.troubles(checks), verdict), ([], "ok"))

    def test_an_interface_that_is_down(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        host.ip("link", "set", "e1", "down")
        checks, verdict = self.examine(host, "--interface", "e1", status=1)
        trouble = next(each for each in checks if each["status"] == "fail")
        self.assertEqual((trouble["check"], trouble["interface"]), ("link", "e1"))
        self.assertIn("down", trouble["detail"])
        self.assertEqual(trouble["remedy"], "ip link set dev e1 up")
        self.assertEqual(verdict, "fail")
        checks, verdict = self.examine(host)
        self.assertEqual(self.the_trouble(checks, "link", "e1")["status"], "warn")
        self.assertEqual(verdict, "warn")

    def test_a_link_without_multicast(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        host.ip("link", "set", "e1", "multicast", "off")
        checks, _ = self.examine(host)
        trouble = self.troubles(checks)[0]
        self.assertEqual((trouble["check"], trouble["interface"]), ("link", "e1"))
        self.assertEqual(trouble["remedy"], "ip link set dev e1 multicast on")

    def test_a_strict_filter_of_the_way_back(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        host.run("sysctl", "-qw", "net.ipv4.conf.e1.rp_filter=1")
        checks, verdict = self.examine(host)
        trouble = self.the_trouble(checks, "rp_filter", "e1")
        self.assertIn("strict", trouble["detail"])
        host.run(*trouble["remedy"].split())
        checks, verdict = self.examine(host)
        self.assertEqual((self.troubles(checks), verdict), ([], "ok"))

    def test_a_port_that_is_taken(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        keeper = laboratory.keep_port(self, 8080, host)
        checks, verdict = self.examine(host)
        trouble = self.the_trouble(checks, "port")
        self.assertIn("python3", trouble["detail"])
        self.assertIn(str(keeper.pid), trouble["detail"])
        self.assertEqual(verdict, "warn")
        chart = self.start("chart", "--discovery-port", 8090, host=host)
        chart.expect("started")
        checks, _ = self.examine(host, "--discovery-port", 8090)
        port, = [each for each in checks if each["check"] == "port"]
        self.assertEqual(port["status"], "ok")
        self.assertIn("rollcast", port["detail"])

    def examine_behind(self, hook, verdict):
        """What is wrong on a host whose firewall treats the discovery port so."""
        host, = laboratory.Network(self, 1).hosts
        host.nft(f"""
            add table inet guard
            add chain inet guard gate {{ type filter hook {hook} priority 0; }}
            add rule inet guard gate meta l4proto udp udp dport 8080 {verdict}
            """)
        checks, verdict = self.examine(host, status=1)
        self.assertEqual(verdict, "fail")
        troubles = self.troubles(checks)
        self.assertEqual({each["check"] for each in troubles}, {"self-test"})
        return troubles

    def test_a_firewall_that_drops_multicast(self):
        for each in self.examine_behind("input", "drop"):
            self.assertIn("firewall", each["detail"])

    def test_a_firewall_that_forbids_to_send(self):
        self.examine_behind("output", "reject")

    def test_small_buffers(self):
        host = laboratory.Host(self)
        host.pretend("/proc/sys/net/core/rmem_max", "4096\n")  # there is one for all namespaces
        checks, _ = self.examine(host)
        trouble, = [each for each in self.troubles(checks) if each["check"] == "buffers"]
        self.assertIn("4096", trouble["detail"])
        self.assertIn("net.core.rmem_max", trouble["remedy"])

    def test_a_querier_is_heard_or_missed(self):
        network = laboratory.Network(self, 1)
        host, = network.hosts
        checks, _ = self.examine(host, "--wait", "0.5")
        self.assertEqual(self.the_trouble(checks, "querier")["status"], "warn")
        network.switch.ip("addr", "add", "10.9.0.250/24", "dev", "bridge")
        network.switch.ip("link", "set", "bridge", "type", "bridge", "mcast_startup_query_interval",
                          "50")
        network.switch.ip("link", "set", "bridge", "type", "bridge", "mcast_querier", "1",
                          "mcast_query_interval", "50")
        checks, verdict = self.examine(host, "--wait", "3")
        self.assertEqual((self.troubles(checks), verdict), ([], "ok"))

    def test_what_cannot_be_asked_is_refused(self):
        for words, why in ((("--group", "10.0.0.1"), "--group"), (("--wait", "-1"), "--wait"),
                           (("--interface", "no-such"), "--interface"),
                           (("--discovery-port", "0"), "--discovery-port"), (("please",), "please")):
            self.one_line(self.run_command("doctor", *words), 2, why)

    def test_people_read_one_line_per_check(self):
        result = self.run_command("doctor", "--interface", "lo")
        self.assertEqual((result.status, result.errors), (0, ""))
        for line in result.output.splitlines():
            self.assertRegex(line, r"\A(ok|unknown|warn|fail) +\S|\A {26} try: \S")


if __name__ == "__main__":
    laboratory.main()
