# SPDX-License-Identifier: BSL-1.0
"""rollcast doctor in networks with one trouble each: it names the cause and what would mend it."""

import os
import subprocess

import examination
import laboratory


class DoctorTest(examination.Examination):
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
