# SPDX-License-Identifier: BSL-1.0
"""Wrong arguments are answered by one line that names the value and what would be right."""

import os
import pathlib
import re
import subprocess
import tempfile

import laboratory

G4, SSM4 = ("239.1.1.1", "5000"), ("232.1.1.1", "5000")
G6, SSM6, LINK6 = ("ff15::1:1", "5000"), ("ff3e::8000:1", "5000"), ("ff12::1", "5000")
PORTS, TTLS = "1 to 65535", "0 to 255"
GROUPS = "224.0.0.0/4 and ff00::/8"
INTERFACES = "name, index or address"
ROOT = pathlib.Path(__file__).resolve().parents[2]


class UsageTest(laboratory.CommandTest):
    def refused(self, *arguments, names):
        """Status 2 and one line with these words; a subtest each, so that all of them are told."""
        with self.subTest(" ".join(arguments)[:80]):
            self.one_line(self.run_command(*arguments), 2, *names)

    def test_a_port_outside_the_range_is_named_with_the_range(self):
        for port in ("0", "-1", "65536", "5000x", "", "0x10", "1e3"):
            self.refused("recv", "239.1.1.1", port, names=[port, PORTS])
            self.refused("send", "239.1.1.1", port, "hello", names=[port, PORTS])
            self.refused("chart", "--port", port, names=["--port", port, PORTS])
            self.refused("chart", "--discovery-port", port, names=["--discovery-port", port, PORTS])
            self.refused("send", *G4, "hello", "--source-port", port,
                         names=["--source-port", port, PORTS])

    def test_an_address_that_is_no_group_is_named_with_where_groups_lie(self):
        for address in ("10.0.0.1", "223.255.255.255", "240.0.0.1", "fe80::1%lo", "::1"):
            named = address.partition("%")[0]
            self.refused("recv", address, "5000", names=[named, GROUPS])
            self.refused("send", address, "5000", "hello", names=[named, GROUPS])
        for address in ("10.0.0.1", "::1"):
            self.refused("chart", "--group", address, names=["--group", address, GROUPS])
        for address in ("banana", "239.1.1.256", "239.1.1", "ff15:::1"):
            self.refused("recv", address, "5000", names=[address, "address"])
            self.refused("send", address, "5000", "hello", names=[address, "address"])
            self.refused("chart", "--group", address, names=["--group", address, "address"])

    def test_a_source_specific_group_needs_a_source(self):
        for group in (SSM4, SSM6):
            self.refused("recv", *group, names=[group[0], "--source"])
            self.refused("chart", "--group", group[0], names=["--group", group[0]])

    def test_a_source_has_to_suit_the_group(self):
        self.refused("recv", *SSM4, "--source", "fd00::1", names=["fd00::1", "IP version"])
        self.refused("recv", *SSM6, "--source", "10.0.0.1", names=["10.0.0.1", "IP version"])
        self.refused("send", *G4, "hello", "--source", "fd00::1", names=["fd00::1", "IP version"])
        self.refused("send", *G6, "hello", "--source", "10.0.0.1", names=["10.0.0.1", "IP version"])
        self.refused("recv", *G4, "--source", "10.0.0.1", names=["10.0.0.1", "232.0.0.0/8"])
        for source in ("239.1.1.2", "0.0.0.0", "255.255.255.255"):
            self.refused("recv", *SSM4, "--source", source, names=[source, "unicast"])
        self.refused("recv", *SSM4, "--source", "sender", names=["--source", "sender", "address"])
        self.refused("send", *G4, "hello", "--source", "sender", names=["--source", "sender"])
        self.refused("recv", *SSM4, "--source", "10.0.0.1", "--source", "10.0.0.1",
                     names=["--source", "twice"])

    def test_an_unknown_interface_is_named(self):
        for interface in ("nonesuch0", "4000000000", "10.99.99.99", "fd99::1", "fe80::99%none"):
            self.refused("recv", *G4, "--interface", interface,
                         names=["--interface", interface, INTERFACES])
            self.refused("send", *G4, "hello", "--interface", interface,
                         names=["--interface", interface, INTERFACES])
            self.refused("chart", "--interface", interface,
                         names=["--interface", interface, INTERFACES])

    def test_an_interface_without_the_address_it_is_named_with_is_named(self):
        for command in (("recv", *G4), ("send", *G4, "hello"), ("chart",)):
            self.refused(*command, "--interface", "fe80::99%lo",
                         names=["--interface", "fe80::99%lo", "does not have this address"])

    def test_an_address_of_the_other_ip_version_is_named(self):
        for command in (("recv", "ff15::1", "5000"), ("send", "ff15::1", "5000", "hello")):
            self.refused(*command, "--interface", "127.0.0.1",
                         names=["--interface", "127.0.0.1", "IP version"])
        for command in (("recv", *G4), ("send", *G4, "hello"), ("chart",)):
            self.refused(*command, "--interface", "", names=["--interface", "empty"])
        self.refused("recv", "ff12::1%nonesuch0", "5000", names=["ff12::1%nonesuch0", INTERFACES])
        self.refused("recv", *G4, "--interface", "lo", "--interface", "1",
                     names=["--interface", "twice"])

    def test_a_link_local_group_needs_an_interface(self):
        for group in (LINK6, ("ff11::1", "5000"), ("ff32::8000:1", "5000")):
            source = ["--source", "fe80::1"] if group[0].startswith("ff32") else []
            self.refused("recv", *group, *source, names=[group[0], "--interface"])
            self.refused("send", *group, "hello", names=[group[0], "--interface"])

    def test_numbers_out_of_range_are_named_with_the_range(self):
        cases = [
            (("send", *G4, "hello"), "--ttl", ("256", "-1", "many"), TTLS),
            (("send", *G4, "hello"), "--count", ("0", "-1", "1.5", ""), "1 to"),
            (("send", *G4, "hello"), "--interval", ("-1", "nan", "soon"), "0 to"),
            (("send", *G4, "hello"), "--size", ("65508", "-1", "big"), "0 to 65507"),
            (("recv", *G4), "--count", ("0", "-1", "x"), "1 to"),
            (("recv", *G4), "--buffer", ("0", "-1", "x"), "1 to"),
            (("recv", *G4), "--timeout", ("-1", "nan", "inf", "1s"), "0 to"),
            (("chart",), "--timeout", ("-0.1", "x"), "0 to"),
            (("chart",), "--until", ("0", "-1", "x"), "1 to"),
            (("chart",), "--detection-time", ("0", "0.9", "3601", "nan"), "1 to 3600"),
            (("chart",), "--id", ("-1", "x", "18446744073709551616"), "0 to 18446744073709551615"),
        ]
        for command, option, values, range_ in cases:
            for value in values:
                self.refused(*command, option, value, names=[option, value, range_])

    def test_a_leading_zero_changes_no_number(self):
        joined = self.run_command("recv", "239.1.1.1", "05000", "--interface", "lo", "--json",
                                  "--timeout", "0")
        self.assertTrue(joined.status == 2 or '"port":5000' in joined.output, joined)
        started = self.run_command("chart", "--local", "--id", "010", "--json", "--timeout", "0")
        self.assertTrue(started.status == 2 or '"id":10' in started.output, started)

    def test_payloads_and_data_over_the_limit_are_refused_with_the_limit(self):
        self.refused("send", *G4, "a" * 65508, names=["65508", "65507"])
        self.refused("send", *G4, "abc", "--size", "2", names=["--size", "2", "3"])
        too_long = self.run_command("chart", "--data", "a" * 1200)
        self.one_line(too_long, 2, "--data", "1200")
        limit = int(re.search(r"room for (\d+)", too_long.errors)[1])
        self.refused("chart", "--data", "a" * (limit + 1), names=[str(limit + 1), str(limit)])
        fits = self.run_command("chart", "--local", "--data", "a" * limit, "--timeout", "0")
        self.assertEqual((fits.status, fits.errors), (0, ""))
        ports = [word for port in range(1, 66) for word in ("--port", str(port))]
        self.refused("chart", *ports, names=["65", "--port", "64"])

    def test_groups_of_a_chart_come_once_per_ip_version(self):
        self.refused("chart", "--group", "239.1.1.1", "--group", "239.1.1.2",
                     names=["--group 239.1.1.2", "IP version"])
        self.refused("chart", "--group", "ff12::1", "--group", "ff12::2",
                     names=["--group ff12::2", "IP version"])

    def test_an_address_to_bind_is_checked(self):
        for bind in ("127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "x:1", ":5", "::1:5"):
            self.refused("send", *G4, "hello", "--bind", bind, names=["--bind", bind])
        self.refused("send", *G4, "hello", "--bind", "[::1]:5",
                     names=["--bind", "::1", "IP version"])
        self.refused("send", *G4, "hello", "--bind", "127.0.0.1:5", "--source", "127.0.0.1",
                     names=["--bind", "--source"])

    def test_missing_and_unknown_words_are_named(self):
        self.refused(names=["recv", "send", "chart"])
        self.refused("banana", names=["banana", "recv", "send", "chart"])
        self.refused("--banana", names=["--banana"])
        self.refused("recv", names=["GROUP"])
        self.refused("recv", "239.1.1.1", names=["PORT"])
        self.refused("send", *G4, names=["PAYLOAD"])
        self.refused("recv", *G4, "6000", names=["6000"])
        self.refused("send", *G4, "hello", "world", names=["world"])
        self.refused("chart", "banana", names=["banana"])
        for command in (("recv", *G4), ("send", *G4, "hello"), ("chart",), ("doctor",)):
            self.refused(*command, "--banana", names=["--banana"])
            self.refused(*command, "--timeout", names=["--timeout"])
            self.refused(*command, "--timeout", "1", "--timeout", "2", names=["--timeout"])

    def test_what_is_nearly_right_is_answered_with_what_is_right(self):
        for typed, meant in ((("chart", "--timout", "5"), "--timeout"), (("char",), "chart"),
                             (("recieve", *G4), "use recv"), (("sned", *G4, "x"), "send"),
                             (("docter",), "doctor"), (("--versoin",), "--version"),
                             (("recv", "--intreface", "lo", *G4), "--interface"),
                             (("recv", *G4, "--tiemout=5"), "--timeout"),
                             (("chart", "--detection", "3"), "--detection-time"),
                             (("hlep",), "did you mean help"),
                             (("send", *G4, "x", "--no-lopback"), "--no-loopback")):
            self.refused(*typed, names=[meant])
        for typed in (("chart", "--banana"), ("chart", "--x"), ("bananas",)):
            self.assertNotIn("did you mean", self.run_command(*typed).errors)

    def test_a_missing_value_is_said_in_words(self):
        for typed in (("chart", "--until"), ("chart", "--until", "--json"), ("chart", "--until=")):
            self.refused(*typed, names=["--until: its value is missing; write --until N"])
        self.refused("recv", *G4, "--interface", names=["--interface", "--interface IF"])
        self.refused("chart", "--json=5", names=["--json", "no value"])
        self.refused("chart", "--until", "2", "--until", "3", names=["--until", "once"])
        self.refused("send", "239.1.1.1:5000", names=["PAYLOAD: missing", "GROUP PORT PAYLOAD"])
        self.refused(names=["no command", "--help"])

    def test_a_group_with_its_port_is_checked_as_two(self):
        self.refused("recv", "239.1.1.1:99999", names=["99999", PORTS])
        self.refused("recv", "10.0.0.1:5000", names=["10.0.0.1", GROUPS])
        self.refused("send", "[ff15::1]:0", "x", names=["0 is not", PORTS])
        self.refused("recv", "239.1.1.1:5000", "6000", names=["6000"])

    def test_an_option_of_another_place_is_answered_with_its_place(self):
        self.refused("--json", "list", names=["--json", "behind the command"])
        self.refused("--timeout=5", "chart", names=["rollcast COMMAND --timeout=5"])
        self.refused("list", "--until", "3", names=["--until belongs to chart;"])
        self.refused("doctor", "--local", names=["--local belongs to chart and list"])
        self.refused("send", *G4, "--", "-x", "--quiet", names=["rollcast: --quiet:", "behind --"])

    def test_an_ipv6_group_may_keep_its_brackets(self):
        for group in (("[ff15::1]", "5000"), ("[ff15::1]:5000",)):
            joined = self.run_command("recv", *group, "--interface", "lo", "--timeout", "0")
            self.assertEqual((joined.status, joined.errors), (0, ""))
            self.assertTrue(joined.output.startswith("joined [ff15::1]:5000 on lo\n"), joined)
        self.refused("recv", "ff15::1:5000", names=["PORT: missing", "[ff15::1]:5000"])

    def test_a_named_port_that_is_half_typed_is_answered_with_its_form(self):
        self.refused("chart", "--port", "http=", names=["http= has no number", "http=8042"])
        self.refused("chart", "--port", "8042=http", names=["write http=8042"])
        self.refused("chart", "--port", "8042=70000", names=["70000 is not a port", PORTS])
        self.refused("chart", "--port", "http:8042", names=["http:8042", "NAME=P"])

    def test_who_has_a_port_is_named(self):
        laboratory.keep_port(self, 5111)
        for words in (("recv", "239.1.1.1:5111"),
                      ("send", "239.1.1.1:5000", "x", "--source-port", "5111")):
            refused = self.run_command(*words, "--interface", "lo")
            self.one_line(refused, 1, "5111", "python3")

    def test_too_few_files_are_said_in_words(self):
        laboratory.need("prlimit")
        limited = ["prlimit", "--nofile=6", *laboratory.command_line(["list"])]
        done = subprocess.run(limited, capture_output=True, text=True, check=False)
        if "runtime error" in done.stderr and "memory cannot be printed" in done.stderr:
            self.skipTest("this build takes descriptors of its own, as sanitizers do")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Arollcast: [^\n]*ulimit -n[^\n]*\n\Z")

    def test_what_is_excluded_is_told_in_the_words_of_the_options(self):
        self.one_line(self.run_command("chart", "--exclude", "*"), 1, "lo", "--exclude")

    def test_help_and_version_are_found_under_their_other_names(self):
        for words, same in ((("help",), ("--help",)), (("help", "chart"), ("chart", "--help")),
                            (("help", "help"), ("--help",)), (("list", "-V"), ("--version",)),
                            (("recv", "--version"), ("--version",)),
                            (("-V",), ("--version",)), (("chart", "-h"), ("chart", "--help"))):
            self.assertEqual(self.run_command(*words), self.run_command(*same))
            self.assertEqual(self.run_command(*words).status, 0)
        self.refused("help", "chrat", names=["chart"])

    def test_fish_completes_commands_options_and_interfaces(self):
        laboratory.need("fish")
        script = ROOT / "completions" / "rollcast.fish"
        folder = str(pathlib.Path(os.environ["ROLLCAST"]).resolve().parent)

        def offered(line):
            done = subprocess.run(
                ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
                capture_output=True, text=True, check=True,
                env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": "/nonexistent"})
            return {each.partition("\t")[0] for each in done.stdout.splitlines()}

        self.assertEqual(offered("rollcast do"), {"doctor"})
        self.assertEqual(offered("rollcast help do"), {"doctor"})
        self.assertEqual(offered("rollcast recv --metrics-"), {"--metrics-file", "--metrics-interval"})
        self.assertIn("lo", offered("rollcast chart --interface l"))
        for command in ("recv", "send", "chart", "doctor"):
            shown = self.run_command(command, "--help").output
            self.assertEqual(offered(f"rollcast {command} --"),
                             set(re.findall(r"--[a-z][a-z-]*", shown)))

    def test_help_shows_examples_and_every_option(self):
        options = {
            (): ["recv", "send", "chart", "list", "doctor", "--version"],
            ("recv",): ["GROUP", "PORT", "--source", "--interface", "--count", "--timeout",
                        "--buffer", "--quiet", "--json", "--batch", "--stats", "--metrics-file",
                        "--metrics-interval"],
            ("send",): ["GROUP", "PORT", "PAYLOAD", "--count", "--interval", "--source",
                        "--source-port", "--bind", "--interface", "--ttl", "--no-loopback",
                        "--size", "--quiet", "--json", "--timeout", "--batch", "--rate",
                        "--sequence", "--timestamps", "--stats", "--metrics-file",
                        "--metrics-interval"],
            ("chart",): ["--id", "--port", "--data", "--group", "--discovery-port", "--name",
                         "--interface", "--local", "--detection-time", "--sniff", "--until",
                         "--timeout", "--json", "--backup-port", "--exclude", "--wait",
                         "--announce"],
            ("list",): ["--group", "--discovery-port", "--name", "--interface", "--local",
                        "--timeout", "--json", "--backup-port", "--exclude", "--wait",
                        "--detection-time"],
            ("doctor",): ["--interface", "--group", "--discovery-port", "--wait", "--json",
                          "--timeout"],
        }
        for command, words in options.items():
            with self.subTest(command=command):
                shown = self.run_command(*command, "--help")
                self.assertEqual((shown.status, shown.errors), (0, ""))
                self.assertRegex(shown.output, r"Examples:\n  rollcast ")
                for word in words:
                    self.assertRegex(shown.output, rf"(?m)(^|\s|\[|,){re.escape(word)}\b")

    def test_the_examples_of_the_help_are_valid(self):
        """As they stand, but on lo and ended at once."""
        for command in ("recv", "send", "chart", "list", "doctor"):
            shown = self.run_command(command, "--help").output
            examples = re.findall(r"^  .*rollcast (.*)$", shown, re.MULTILINE)
            self.assertGreaterEqual(len(examples), 3)
            for example in examples:
                words = re.sub(r"--timeout \d+", "", example.replace("eth0", "lo")).split()
                with self.subTest(example):
                    ended = self.run_command(*words, "--timeout", "0")
                    self.assertIn(ended.status, (0, 1), ended.errors)

    def test_bash_completes_commands_options_and_interfaces(self):
        laboratory.need("bash")
        script = ROOT / "completions" / "rollcast.bash"
        folder = str(pathlib.Path(os.environ["ROLLCAST"]).resolve().parent)
        for words, offered in ((["do"], {"doctor"}), (["send", "--seq"], {"--sequence"}),
                               (["recv", "--metrics-"], {"--metrics-file", "--metrics-interval"}),
                               (["chart", "--interface", "l"], {"lo"}), (["banana", "--x"], set())):
            line = f"""
                . {script}
                COMP_WORDS=(rollcast {' '.join(words)}); COMP_CWORD={len(words)}
                _rollcast; printf '%s\\n' "${{COMPREPLY[@]}}" """
            done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True,
                                  env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
            self.assertEqual(set(done.stdout.split()), offered, done.stderr)

    def test_the_manual_names_every_command_and_exactly_the_options_that_are_there(self):
        page = (ROOT / "man" / "rollcast.1").read_text().replace("\\-", "-")
        shown = self.run_command("--help").output
        for command in ("recv", "send", "chart", "list", "doctor"):
            self.assertIn(f".B {command}", page)
            shown += self.run_command(command, "--help").output
        option = r"--[a-z][a-z-]*"
        self.assertEqual(set(re.findall(option, page)), set(re.findall(option, shown)))

    def test_contradictions_of_a_chart_are_named(self):
        for words in (["--sniff", "--data", "x"], ["--sniff", "--port", "80"],
                      ["--sniff", "--announce"],
                      ["--json", "--plain"]):
            self.one_line(self.run_command("chart", "--local", *words), 2, words[0].replace(
                "--json", "--plain"))

    def test_what_is_typed_cannot_disturb_the_terminal_or_fill_it(self):
        for word in ("a\nb\x1b[31mred", "\u202eevil", "x" * 50_000):
            result = self.run_command("chart", "--local", "--id", word)
            self.one_line(result, 2, "--id")
            self.assertLess(len(result.errors), 1500)
            self.assertNotRegex(result.errors[:-1], "[\x00-\x1f\u202e]")

    def test_input_that_cannot_be_read_is_a_failure(self):
        folder = os.open("/", os.O_RDONLY)
        self.addCleanup(os.close, folder)
        done = subprocess.run(
            laboratory.command_line(["send", "239.1.1.1", "5000", "-", "--interface", "lo"]),
            stdin=folder, capture_output=True, timeout=laboratory.PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr, rb"\Arollcast: standard input: [^\n]+\n\Z")

    def test_the_version_is_told(self):
        told = self.run_command("--version")
        self.assertEqual((told.status, told.errors), (0, ""))
        self.assertRegex(told.output, r"\Arollcast \d+\.\d+\.\d+\n\Z")

    def test_a_closed_stderr_does_not_change_the_status(self):
        ended = subprocess.run(["sh", "-c", '"$ROLLCAST" recv 239.1.1.1 0 2>&-'], check=False,
                               capture_output=True, timeout=laboratory.PATIENCE)
        self.assertEqual(ended.returncode, 2)

    def test_wrong_arguments_open_no_socket(self):
        """None that could speak; to list the machine's interfaces takes one, which is not bound."""
        laboratory.need("strace")
        opens_one = r"bind\(.*AF_INET|SO_REUSEADDR|MULTICAST|MCAST|MEMBERSHIP"
        self.assertRegex(self.calls("recv", *G4, "--interface", "lo", "--timeout", "0"), opens_one)
        for arguments in (("recv", "239.1.1.1", "0"), ("recv", *SSM4), ("recv", "10.0.0.1", "5000"),
                          ("recv", *G4, "--interface", "nonesuch0"), ("recv", *LINK6),
                          ("recv", *SSM4, "--source", "fd00::1"),
                          ("send", *G4, "hello", "--ttl", "256"), ("chart", "--until", "0"),
                          ("chart", "--data", "a" * 1200), ("chart", "--group", "232.1.1.1")):
            with self.subTest(" ".join(arguments)[:80]):
                self.assertNotRegex(self.calls(*arguments), opens_one)

    def calls(self, *arguments):
        """The system calls of the command that set a socket up."""
        with tempfile.NamedTemporaryFile("r") as trace:
            command = ["strace", "-f", "-qq", "-e", "trace=bind,setsockopt", "-o", trace.name]
            subprocess.run([*command, *laboratory.command_line(arguments)], check=False,
                           capture_output=True, timeout=laboratory.PATIENCE)
            return trace.read()


if __name__ == "__main__":
    laboratory.main()
