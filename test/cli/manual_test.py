# SPDX-License-Identifier: BSL-1.0
"""What is printed with --json, and what the manual says of it."""

import json
import pathlib
import re
import signal
import subprocess

import laboratory

ROOT = pathlib.Path(__file__).resolve().parents[2]
LO = ("--interface", "lo")


def documented():
    """The members of each event that the manual has, and those of them that are always there."""
    page = (ROOT / "man" / "rollcast.1").read_text().replace("\\-", "-")
    section = page.partition(".SH JSON\n")[2].partition("\n.SH ")[0]
    events = {}
    for name, text in re.findall(r"^\.TP\n\.B (\w+)\n(.*?)(?=^\.TP|^\.PP|\Z)", section, re.M | re.S):
        members = re.search(r"Members: ([^.]*)\.", text)[1].split(",")
        names = [each.strip() for each in members]
        events[name] = ({each.strip("[]") for each in names},
                        {each for each in names if not each.startswith("[")})
    return events


class ManualTest(laboratory.CommandTest):
    def runs(self):
        """Every line of JSON of some runs of every command."""
        receiver = self.start("recv", "239.1.1.1", 5090, *LO, "--stats", 0.1, "--timeout", 2)
        receiver.expect("joined")
        for payload in ("text", b"\xff".decode(errors="surrogateescape")):
            sender = self.start("send", "239.1.1.1", 5090, payload, *LO, "--sequence", "--stats",
                                0.1, "--count", 3, "--interval", 100)
            self.assertEqual(sender.wait(), 0)
            yield from sender.events
            yield from map(json.loads, sender.errors.splitlines())
        local = ("chart", "--local", "--name", self.id(), "--detection-time", 1)
        first = self.start(*local, "--id", 1, "--data", "text")
        first.expect("started")
        second = self.start(*local, "--id", 2, "--port", "http=8042", "--data", "-", feed=True)
        second.expect("found", id=1)
        second.write(b"\xff\x00\n")
        first.expect("updated", id=2)
        twin = self.start(*local, "--id", 2, "--port", 1)
        first.expect("id_conflict")
        for each in (twin, second):
            each.kill(signal.SIGKILL)
        first.expect("gone")
        first.end()
        doctor = self.start("doctor", *LO)
        doctor.wait()
        self.assertEqual(receiver.wait(), 0)
        for each in (first, second, doctor, receiver):
            yield from each.events
        yield from map(json.loads, receiver.errors.splitlines())

    def test_every_member_that_is_printed_is_in_the_manual(self):
        events = documented()
        seen = set()
        for line in self.runs():
            kind = line["event"]
            seen.add(kind)
            with self.subTest(kind):
                all_, always = events[kind]
                members = set(line) - {"event"}
                self.assertEqual((members - all_, always - members), (set(), set()), line)
            if kind == "chart":
                page = (ROOT / "man" / "rollcast.1").read_text()
                for part in [line["counters"], *line["instances"]]:
                    for member in part:
                        self.assertIn(member, page)
        self.assertLessEqual({"joined", "packet", "summary", "stats", "total", "sent", "started", "found",
                              "updated", "id_conflict", "chart", "check", "verdict"}, seen)

    def test_the_manual_has_exactly_the_events_that_there_are(self):
        header = (ROOT / "include" / "rollcast" / "chart" / "event.hpp").read_text()
        kinds = re.search(r"BOOST_DESCRIBE_ENUM\(event_kind,([^)]*)\)", header)[1]
        there = {each.strip() for each in kinds.split(",")}
        for source in (ROOT / "src" / "cli").rglob("*.cpp"):
            for call in re.findall(r"json_line(?: line)?\(([^;)]*?\"[^;)]*)\)", source.read_text()):
                there |= set(re.findall(r'"([a-z_]+)"', call))
        self.assertEqual(set(documented()), there)

    def test_data_is_always_in_base64_and_as_text_where_it_is_text(self):
        cases = {"grün\t1": "grün\t1", "": "", "\x04node": None, "a\rb": None, "\x7f": None}
        for number, (data, text) in enumerate(cases.items()):
            name = f"{self.id()} {number}"
            watcher = self.start("chart", "--local", "--name", name, "--id", 1, "--port", 1)
            watcher.expect("started")
            other = self.start("chart", "--local", "--name", name, "--id", 2, "--port", 2, "--data", data)
            found = watcher.expect("found", id=2)
            in_base64 = subprocess.run(["base64", "-w0"], input=data.encode(), capture_output=True,
                                       check=True).stdout.decode()
            for told in (found, watcher.end()["instances"][0]):
                self.assertEqual(told["data_base64"], in_base64)
                self.assertEqual(told.get("data"), text)
            other.end()


if __name__ == "__main__":
    laboratory.main()
