# SPDX-License-Identifier: BSL-1.0
"""rollcast doctor in networks with one trouble each: it names the cause and what would mend it."""

import os
import subprocess
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
            # What is said and what is meant by it agree.
            if each["status"] == "ok":
                self.assertEqual(each["remedy"], "", each)
                self.assertNotRegex(each["detail"], "cannot|nothing comes back|fail", each)
            if each["status"] == "fail":
                self.assertNotIn("comes back", each["detail"].replace("nothing comes back", ""))
        remedies = [(each["remedy"], each["check"], each["interface"], each["detail"])
                    for each in checks if each["remedy"]]
        self.assertEqual(len(set(remedies)), len(remedies), remedies)
        for remedy, *_, detail in remedies:
            self.assertNotIn(remedy, detail)
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
        self.assertEqual((self.troubles(checks), verdict), ([], "ok"))  # a chart needs none
        route, = [each for each in checks if each["check"] == "route"]
        self.assertRegex(route["detail"], "none leads to .*--interface")

    def test_routes_that_refuse_are_told_apart(self):
        host, = laboratory.Network(self, 1).hosts
        for kind in ("blackhole", "prohibit", "unreachable"):
            with self.subTest(kind):
                host.ip("route", "add", kind, "239.0.0.0/8")
                checks, verdict = self.examine(host)
                trouble = self.the_trouble(checks, "route")
                self.assertEqual((trouble["status"], verdict), ("warn", "warn"))
                self.assertIn(kind, trouble["detail"])
                host.run(*trouble["remedy"].split())
                checks, verdict = self.examine(host)
                self.assertEqual((self.troubles(checks), verdict), ([], "ok"))
                host.ip("route", "del", "239.255.42.98/32")
                host.ip("route", "del", "239.0.0.0/8")

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

    def test_a_pattern_without_an_interface_is_named(self):
        host = laboratory.Network(self, 1).hosts[0]
        checks, verdict = self.examine(host, "--interface", "none*", status=1)
        trouble = self.the_trouble(checks, "interfaces")
        self.assertRegex(trouble["detail"], r"none\* matches no interface.*lo, e1")
        self.assertEqual((trouble["status"], verdict), ("fail", "fail"))
        checks, verdict = self.examine(host, "--interface", "none*", "--interface", "e1")
        self.assertEqual((self.the_trouble(checks, "interfaces")["status"], verdict),
                         ("warn", "warn"))

    def test_lo_among_others_is_not_all_there_is(self):
        host = laboratory.Network(self, 1).hosts[0]
        checks, _ = self.examine(host, "--interface", "lo")
        self.assertNotIn("nothing but", self.the_trouble(checks, "interfaces")["detail"])

    def test_a_group_that_nothing_here_speaks_is_named(self):
        host = laboratory.Network(self, 1, families=[4]).hosts[0]
        host.run("sysctl", "-qw", "net.ipv6.conf.lo.disable_ipv6=1")
        checks, verdict = self.examine(host, "--group", "ff12::7", status=1)
        trouble = self.the_trouble(checks, "addresses")
        self.assertIn("[ff12::7]:8080", trouble["detail"])
        self.assertEqual((trouble["status"], verdict), ("fail", "fail"))
        checks, verdict = self.examine(host)
        self.assertEqual((self.troubles(checks), verdict), ([], "ok"))

    def test_a_named_interface_without_an_address_fails(self):
        host = laboratory.Network(self, 1, families=[]).hosts[0]
        checks, verdict = self.examine(host, "--interface", "e1", status=1)
        trouble = self.the_trouble(checks, "addresses", "e1")
        self.assertEqual((trouble["status"], verdict), ("fail", "fail"))
        checks, verdict = self.examine(host)
        self.assertEqual(self.the_trouble(checks, "addresses", "e1")["status"], "warn")
        self.assertEqual(verdict, "warn")

    def test_whoever_may_not_is_told_what_root_may(self):
        laboratory.need("setpriv")
        host = laboratory.Network(self, 1).hosts[0]
        line = laboratory.command_line(["doctor", "--interface", "e1", "--wait", "0.1",
                                        "--discovery-port", "80"], host)
        at = line.index(os.environ["ROLLCAST"])
        line[at:at] = ["setpriv", "--reuid", "54321", "--clear-groups"]
        done = subprocess.run(line, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=laboratory.PATIENCE)
        if done.returncode == 127 or "setpriv" in done.stderr:
            self.skipTest(f"no other user may run the command here: {done.stderr}")
        self.assertEqual(done.stdout.count("try: "), 1, done.stdout)
        self.assertIn("try: sysctl -w net.ipv4.ip_unprivileged_port_start=80", done.stdout)
        self.assertIn("not listened for, which needs root", done.stdout)
        self.assertNotIn("firewall", done.stdout)

    def test_long_names_keep_the_columns(self):
        host = laboratory.Host(self)
        host.ip("link", "add", "fifteenletters0", "type", "veth", "peer", "name",
                "e2")
        for each in ("fifteenletters0", "e2"):
            host.ip("link", "set", each, "up")
        lines = self.run_command("doctor", host=host).output.splitlines()
        link, = [each for each in lines if "link fifteenletters0" in each]
        self.assertRegex(link, "IGMPv[123]")
        for line in lines[:-1]:
            if line.strip().startswith("try: "):
                self.assertRegex(line, r"\A {33} try: \S")
            else:
                self.assertRegex(line, r"\A(ok|unknown|warn|fail) +\S.{24} \S")
                self.assertEqual(line[33], " ")

    def test_who_may_make_no_thread_is_told_so(self):
        """By every command that needs one; the doctor needs none."""
        laboratory.need("setpriv", "prlimit")
        other = ["setpriv", "--reuid", "54321", "--clear-groups"]
        limited = [*other, "prlimit", "--nproc=1"]

        def succeeds(*line):
            return subprocess.run(line, check=False, capture_output=True).returncode == 0

        if not succeeds(*other, "test", "-x", os.environ["ROLLCAST"]):
            self.skipTest("no other user may run the command here, and root has no limit")
        if not succeeds(*limited, os.environ["ROLLCAST"], "--version"):
            self.skipTest("this build makes threads of its own, as sanitizers do")
        host, = laboratory.Network(self, 1).hosts
        for words, status in ((["doctor"], 0), (["chart", "--timeout", "1"], 1),
                              (["send", "239.1.1.1", "5000", "-", "--interface", "e1"], 1)):
            with self.subTest(words[0]):
                line = laboratory.command_line(words, host)
                at = line.index(os.environ["ROLLCAST"])
                line[at:at] = limited
                done = subprocess.run(line, capture_output=True, text=True, check=False,
                                      stdin=subprocess.DEVNULL, timeout=laboratory.PATIENCE)
                self.assertEqual(done.returncode, status, done)
                expected = r"\Arollcast: no thread can be made: [^\n]+ulimit -u[^\n]+\n\Z" if status else r"\A\Z"
                self.assertRegex(done.stderr, expected)

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
        self.assertNotIn("cannot", result.output)


if __name__ == "__main__":
    laboratory.main()
