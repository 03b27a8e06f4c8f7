# SPDX-License-Identifier: BSL-1.0
"""rollcast doctor on the way to others: who is heard, who answers, and what is in between."""

import examination
import laboratory


class DoctorNeighboursTest(examination.Examination):
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
        for verdict in ("reject", "drop"):
            for each in self.examine_behind("output", verdict):
                self.assertIn("firewall", each["detail"])
                self.assertIn("output", each["remedy"])

    def instances(self, checks):
        found, = [each for each in checks if each["check"] == "instances"]
        return found

    def test_whoever_answers_is_counted_and_does_not_notice(self):
        ours, theirs = laboratory.Network(self, 2).hosts
        nobody = self.instances(self.examine(ours)[0])
        self.assertEqual(nobody["status"], "unknown")
        self.assertIn("nobody else answered", nobody["detail"])
        others = [self.start("chart", "--id", each, "--port", each, host=theirs) for each in (7, 8)]
        for each, other in zip(others, (8, 7)):
            each.expect("found", id=other)
        heard = self.instances(self.examine(ours)[0])
        self.assertEqual(heard["status"], "ok")
        self.assertRegex(heard["detail"], r"\A2 others answered: 2 on e1 within \d+ ms")
        nobody = self.instances(self.examine(ours, "--name", "another")[0])
        self.assertEqual(nobody["status"], "unknown")
        for each, other in zip(others, (8, 7)):
            self.assertEqual([event["id"] for event in each.seen("found")], [other])
            self.assertLessEqual(each.end()["size"], 2)

    def test_whoever_is_found_shows_that_discovery_works(self):
        """Beside a link that is up and of no use."""
        host = laboratory.Host(self)
        host.ip("link", "add", "e1", "type", "veth", "peer", "name", "e2")
        host.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/e1/disable_ipv6")
        for each in ("e1", "e2"):
            host.ip("link", "set", each, "up")
        _, verdict = self.examine(host)
        self.assertEqual(verdict, "warn")
        other = self.start("chart", "--id", 7, "--port", 7, host=host)
        other.expect("started")
        checks, verdict = self.examine(host)
        self.assertRegex(self.instances(checks)["detail"], r"\A1 other answered: 1 on lo within")
        self.assertEqual(verdict, "warn")

    def test_whoever_is_heard_and_cannot_be_answered_is_not_met(self):
        ours, theirs = laboratory.Network(self, 2).hosts
        ours.nft("""
            add table inet mute
            add chain inet mute out { type filter hook output priority 0; }
            add rule inet mute out meta l4proto udp drop
            """)
        nobody = self.instances(self.examine(ours, status=1)[0])
        self.assertNotIn("answered", nobody["detail"])
        for attempt in range(8):  # to arrive within the second in which it listens
            doctor = self.start("doctor", "--interface", "e1", host=ours)
            doctor.expect("check", check="self-test", times=2)
            other = self.start("chart", "--id", attempt, "--port", 7, host=theirs)
            self.assertEqual(doctor.wait(), 1, doctor.describe())
            other.end()
            heard = self.instances(doctor.seen("check"))
            if heard["status"] != "unknown":
                break
        self.assertEqual(heard["status"], "warn", heard)
        self.assertRegex(heard["detail"], r"\A1 other is heard: 1 on e1 within \d+ ms, unasked")

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


if __name__ == "__main__":
    laboratory.main()
