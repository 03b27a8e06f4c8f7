# SPDX-License-Identifier: BSL-1.0
"""rollcast chart that looks on, and rollcast list: what they see, and that nobody sees them."""

import json
import signal
import subprocess
import time

import laboratory

TOLERANCE = 2  # seconds beyond what is promised, on a machine that is busy with other things
ALONE = "rollcast: chart: only observers here; give --port or --announce to take part\n"


class Observing(laboratory.CommandTest):
    def chart(self, *options, feed=None):
        command = self.start("chart", "--local", "--name", self.id(), *options, feed=feed)
        command.expect("started")
        return command

    def list(self, *options, within=laboratory.PATIENCE):
        return self.run_command("list", "--local", "--name", self.id(), *options, within=within)

    def members(self, *ids, options=()):
        all_ = [self.chart("--id", each, "--port", 8000 + each, *options) for each in ids]
        for each, own in zip(all_, ids):
            for other in set(ids) - {own}:
                each.expect("found", id=other)
        return all_


class ObserverTest(Observing):
    def test_without_anything_to_tell_it_looks_on(self):
        for options, observes in (((), True), (("--port", 8001), False), (("--data", "x"), False),
                                  (("--id", 7), False), (("--announce",), False),
                                  (("--sniff",), False)):
            with self.subTest(options):
                started = self.chart(*options).events[0]
                self.assertEqual(started.get("observer"), True if observes else None)

    def test_it_sees_everybody_and_nobody_sees_it(self):
        first, second = self.members(1, 2)
        observer = self.chart()
        for each in (1, 2):
            observer.expect("found", id=each, within=1)
        late, = self.members(3, options=("--data", "-"))
        observer.expect("found", id=3)
        late.end()
        observer.expect("left", id=3)
        self.assertEqual(observer.end()["size"], 2)
        for each, other, size in ((first, 2, 2), (second, 1, 1)):
            self.assertEqual(each.end()["size"], size)
            second.expect("left", id=1)
            self.assertEqual({event["id"] for event in each.seen("found")}, {other, 3})
            each.expect_never("id_conflict")

    def test_a_hash_ring_of_what_is_found_does_not_notice_it(self):
        """As a service would do it: whoever is found gets a share, whoever ends loses it."""
        consumer, *_ = self.members(1, 2, 3)
        observers = [self.chart() for _ in range(5)]
        for each in observers:
            each.expect("found", id=3)
        for _ in range(3):
            self.assertEqual(self.list().status, 0)
        for each in observers[:3]:
            each.end()
        for each in observers[3:]:
            each.kill(signal.SIGKILL)
        laboratory.pass_detection_times(self, consumer, 1,
                                        options=("--detection-time", "1"))
        ring = {1}
        for event in consumer.events:
            if event["event"] in ("found", "returned", "restarted"):
                ring.add(event["id"])
                self.assertIn(event["id"], (2, 3, 900))
            elif event["event"] in ("left", "gone"):
                ring.discard(event["id"])
        self.assertEqual(ring, {1, 2, 3})
        self.assertEqual(consumer.end()["size"], 3)

    def test_until_counts_the_members(self):
        observer = self.chart("--until", 2)
        other = self.chart("--until", 2, "--timeout", "0.5")
        self.members(1)
        observer.expect("found", id=1)
        self.assertEqual(other.wait(), 1)
        self.assertIn("1 of 2", other.errors)
        self.assertIsNone(observer.process.poll())
        self.chart("--id", 2)
        self.assertEqual(observer.wait(), 0)
        self.assertEqual(observer.events[-1]["size"], 2)

    def test_of_the_only_member_that_is_killed_it_learns_in_time(self):
        observer = self.chart()
        member = self.chart("--id", 1, "--detection-time", 2)
        observer.expect("found", id=1)
        time.sleep(1)
        member.kill(signal.SIGKILL)
        observer.expect("gone", id=1, within=2 + TOLERANCE)

    def test_of_two_members_one_of_which_is_killed_it_learns_in_time(self):
        observer = self.chart()
        first, _ = self.members(1, 2, options=("--detection-time", "2"))
        observer.expect("found", id=2)
        first.kill(signal.SIGKILL)
        observer.expect("gone", id=1, within=2 + TOLERANCE)
        observer.expect_never("gone", id=2)

    def test_observers_alone_say_so_once(self):
        first = self.chart()
        second = self.chart()
        time.sleep(2.5)
        third = self.chart("--announce")
        first.expect("found", id=third.events[0]["id"])
        third.end()
        time.sleep(2.5)
        for each in (first, second):
            each.kill()
            self.assertEqual((each.wait(), each.errors), (0, ALONE))

    def test_one_that_is_alone_or_sees_a_member_does_not_complain(self):
        alone = self.start("chart", "--local", "--name", "alone")
        self.members(1)
        seeing = [self.chart(), self.chart()]
        time.sleep(2.5)
        for each in (alone, *seeing):
            each.end()

    def test_people_read_that_it_observes(self):
        command = laboratory.command_line(
            ["chart", "--local", "--name", self.id(), "--timeout", "0.5"])
        done = subprocess.run(command, capture_output=True, text=True, check=True,
                              timeout=laboratory.PATIENCE)
        started, known = done.stdout.splitlines()
        self.assertRegex(started, r"^started \d+ on lo, observing 239\.255\.42\.98:8080")
        self.assertEqual(known, "0 known")


class ListTest(Observing):
    def test_it_lists_who_is_there_and_ends(self):
        self.members(1, 20, options=("--data", "v1.2"))
        begun = time.monotonic()
        listed = self.list()
        self.assertLess(time.monotonic() - begun, 1 + TOLERANCE)
        self.assertEqual((listed.status, listed.errors), (0, ""))
        heading, first, second = listed.output.splitlines()
        self.assertEqual(heading.split(), ["ID", "STATE", "ENDPOINTS", "DATA"])
        self.assertRegex(first, r"^ 1  alive  127\.0\.0\.1:8001.*  v1\.2$")
        self.assertRegex(second, r"^20  alive  127\.0\.0\.1:8020.*  v1\.2$")
        self.assertEqual(first.index("v1.2"), heading.index("DATA"))

    def test_json_is_the_final_event_of_a_chart_and_nothing_else(self):
        self.members(1, 2)
        listed = self.list("--json")
        final, = [json.loads(line) for line in listed.output.splitlines()]
        self.assertEqual((final["event"], final["size"]), ("chart", 2))
        self.assertEqual([each["id"] for each in final["instances"]], [1, 2])
        self.assertIn("127.0.0.1:8002", final["instances"][1]["endpoints"])

    def test_where_nobody_is_it_says_so_and_ends_well_within_about_a_second(self):
        begun = time.monotonic()
        listed = self.list()
        self.assertEqual((listed.status, listed.output, listed.errors), (0, "nobody is here\n", ""))
        self.assertLess(time.monotonic() - begun, 1 + TOLERANCE)
        final = json.loads(self.list("--json").output)
        self.assertEqual((final["size"], final["instances"]), (0, []))

    def test_ended_before_all_could_answer_it_does_not_say_that_nobody_is_here(self):
        begun = time.monotonic()
        listed = self.list("--timeout", "0.1")
        self.assertLess(time.monotonic() - begun, 1)
        self.assertEqual((listed.status, listed.output), (0, "nobody was heard\n"))
        self.assertRegex(listed.errors, r"\Arollcast: list: --timeout came before [^\n]+\n\Z")
        self.assertEqual(self.list("--timeout", "0.1", "--json").errors, listed.errors)

    def test_names_of_ports_are_shown_and_keep_the_columns(self):
        self.members(1, options=("--port", "h\u00e4fen=80", "--data", "v1"))
        self.members(2, options=("--data", "v2"))
        _, first, second = self.list().output.splitlines()
        self.assertIn("127.0.0.1:80 (h\u00e4fen)", first)
        self.assertEqual(first.index("v1"), second.index("v2"))

    def test_without_an_interface_in_time_it_fails(self):
        for options in ((), ("--json",)):
            listed = self.run_command("list", "--interface", "none*", "--wait", "--timeout", "0.2",
                                      *options)
            self.assertEqual(listed.status, 1)
            self.assertIn("no interface to meet on", listed.errors)
            self.assertNotIn("nobody is here", listed.output)

    def test_it_lists_many(self):
        ids = range(1, 16)
        for each in ids:
            self.start("chart", "--local", "--name", self.id(), "--id", each)
        last = self.chart("--id", 16, "--until", 16)
        self.assertEqual(last.wait(), 0)
        listed = json.loads(self.list("--json").output)
        self.assertEqual([each["id"] for each in listed["instances"]], list(ids))

    def test_what_belongs_to_members_is_refused(self):
        for words in (("--port", "80"), ("--id", "7"), ("--data", "x"), ("--sniff",), ("banana",)):
            self.one_line(self.run_command("list", "--local", *words), 2, words[0])
        self.one_line(self.run_command("list", "--interface", "nonesuch0"), 2, "nonesuch0")


if __name__ == "__main__":
    laboratory.main()
