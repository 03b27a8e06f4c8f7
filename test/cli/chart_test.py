# SPDX-License-Identifier: BSL-1.0
"""rollcast chart on loopback: who is found, and what is told of those who change or end."""

import fcntl
import signal
import socket
import statistics
import subprocess

import laboratory

TOLERANCE = 2  # seconds beyond what is promised, on a machine that is busy with other things


class ChartTest(laboratory.CommandTest):
    def chart(self, *options, feed=None):
        # A name per test, so that a goodbye still under way concerns nobody.
        command = self.start("chart", "--local", "--name", self.id(), *options, feed=feed)
        command.expect("started")
        return command

    def charts(self, *ids, options=()):
        """Instances that know each other."""
        all_ = [self.chart("--id", each, "--port", 8000 + each, *options) for each in ids]
        for each, own in zip(all_, ids):
            for other in set(ids) - {own}:
                each.expect("found", id=other)
        return all_

    def test_it_says_how_it_started(self):
        started = self.chart("--id", "7").events[0]
        self.assertNotEqual(started["life"], self.chart("--id", "8").events[0]["life"])
        self.assertRegex(started.pop("life"), r"^[0-9a-f]{32}$")
        self.assertEqual(started, {
            "event": "started", "id": 7, "interfaces": ["lo"], "discovery_port": 8080,
            "groups": ["239.255.42.98:8080", "[ff12::4298]:8080"]})
        moved = self.chart("--discovery-port", 8099, "--group", "239.1.1.1").events[0]
        self.assertEqual((moved["groups"], moved["discovery_port"]), (["239.1.1.1:8099"], 8099))
        if laboratory.multicast_works_on_lo(6):
            only = self.chart("--group", "ff12::1").events[0]
            self.assertEqual(only["groups"], ["[ff12::1]:8080"])
        ids = {self.chart().events[0]["id"] for _ in range(3)}
        self.assertEqual(len(ids), 3)
        self.assertLess(max(ids), 2**53)

    def test_three_instances_find_each_other_at_once(self):
        delays = []
        for start in range(10):
            name = f"{self.id()} {start}"
            three = [self.start("chart", "--local", "--name", name, "--id", each)
                     for each in (1, 2, 3)]
            last = max(each.expect("started").at for each in three)
            found = [each.expect("found", id=other).at for own, each in enumerate(three, start=1)
                     for other in {1, 2, 3} - {own}]
            delays.append(max(found) - last)
            for each in three:
                each.dispose()
        median = statistics.median(delays) * 1000
        print(f"three instances: complete {median:.0f} ms after the last start, "
              f"median of {len(delays)}; worst {max(delays) * 1000:.0f} ms", flush=True)
        self.assertLess(median, 1000)

    def test_a_record_carries_every_port_at_every_address_and_the_data(self):
        first = self.chart("--id", 1)
        self.chart("--id", 2, "--port", 8042, "--port", 8043, "--data", "v1.2 \"grün\"")
        found = first.expect("found", id=2)
        expected = {f"{host}:{port}" for host in ("127.0.0.1", "[::1]") for port in (8042, 8043)}
        if not laboratory.multicast_works_on_lo(6):
            expected = {each for each in expected if "[" not in each}
        self.assertEqual(set(found["endpoints"]), expected)
        self.assertEqual(found["data"], 'v1.2 "grün"')
        self.assertEqual(set(found), {"event", "id", "endpoints", "data", "data_base64"})

    def test_a_pipe_that_nobody_reads_does_not_silence_the_chart(self):
        options = ("--local", "--name", self.id(), "--detection-time", 2)
        silent = self.start_as_is(laboratory.command_line(
            [str(each) for each in ("chart", "--id", 1, *options)]))
        fcntl.fcntl(silent.stdout, fcntl.F_SETPIPE_SZ, 4096)
        other = self.chart("--id", 2, "--data", "-", *options[3:], feed=True)
        third = self.chart("--id", 3, *options[3:])
        other.expect("found", id=1)
        third.expect("found", id=2)
        for number in range(60):
            data = f"{number} " * 100
            other.write(data + "\n")
            third.expect("updated", id=2, data=data)
        laboratory.pass_detection_times(self, other, 3, options=options[3:])
        for event in ("suspect", "gone"):
            other.expect_never(event, id=1)
        silent.terminate()
        other.expect("left", id=1)  # before its last words are read
        lines = silent.stdout.read().decode().splitlines()
        self.assertEqual(lines[-3], "2 known beside this one")
        self.assertRegex(lines[-2], r"^  2 alive at 127.0.0.1.*: 59 59 ")
        self.assertEqual(silent.wait(laboratory.PATIENCE), 0)

    def test_those_who_wait_for_each_other_all_report_all(self):
        for start in range(5):
            name = f"{self.id()} {start}"
            four = [self.start("chart", "--local", "--name", name, "--id", each, "--until", 4,
                               "--timeout", 10) for each in range(1, 5)]
            for own, each in enumerate(four, start=1):
                self.assertEqual(each.wait(), 0, each.describe())
                final = each.events[-1]
                self.assertEqual((final["event"], final["size"]), ("chart", 4), each.describe())
                self.assertEqual({known["id"] for known in final["instances"]},
                                 {1, 2, 3, 4} - {own})
                each.expect_never("left")

    def test_a_reader_that_goes_away_ends_it_at_once(self):
        options = ("--local", "--name", self.id(), "--detection-time", 60)
        unread = self.start_as_is(laboratory.command_line(
            [str(each) for each in ("chart", "--id", 1, *options)]), stderr=subprocess.PIPE)
        other = self.chart("--id", 2, *options[3:])
        other.expect("found", id=1)
        unread.stdout.close()
        other.expect("left", id=1)
        self.assertEqual(unread.wait(laboratory.PATIENCE), -signal.SIGPIPE)
        self.assertEqual(unread.stderr.read(), b"")

    def test_lines_on_demand_have_the_time_of_day(self):
        reader = self.start_as_is(laboratory.command_line(
            ["chart", "--local", "--name", self.id(), "--id", "1", "--plain"]), text=True)
        lines = [reader.stdout.readline()]
        self.chart("--id", 2, "--data", "\x04node\x02eth0\x01")
        lines.append(reader.stdout.readline())
        for line, rest in zip(lines, ("started 1 on lo", r"found 2 .*: 11 bytes: node eth0\n\Z")):
            self.assertRegex(line, rf"\A\d\d:\d\d:\d\d  {rest}")

    def test_what_is_not_met_by_is_said_with_its_reason(self):
        told = self.run_command("chart", "--local", "--name", self.id(), "--announce", "--timeout",
                                0).output
        started = told.splitlines()[0]
        if laboratory.multicast_works_on_lo(6):
            self.assertRegex(started, r"\Astarted \d+ on lo, meeting in \S+ and \S+\Z")
        else:
            self.assertRegex(started, r"\Astarted \d+ on lo, meeting in \S+; not by IPv6, lo: .*route")

    def test_nothing_to_meet_on_yet_is_said(self):
        told = self.run_command("chart", "--interface", "later0", "--wait", "--timeout", 0.1).output
        self.assertRegex(told, r"\Astarted \d+ without any interface to meet on yet\n")

    def test_new_data_reaches_everybody(self):
        first, _ = self.charts(1, 2)
        third = self.chart("--id", 3, "--port", 8003, "--data", "-", feed=True)
        first.expect("found", id=3, data="")
        third.write("kitchen\n")
        updated = first.expect("updated", id=3, data="kitchen")
        self.assertIn("127.0.0.1:8003", updated["endpoints"])
        third.write("cellar\n")
        first.expect("updated", id=3, data="cellar")
        late = self.chart("--id", 4)
        late.expect("found", id=3, data="cellar")
        third.process.stdin.close()
        first.kill()
        third.expect("left", id=1)

    def test_data_over_the_limit_is_refused_and_the_old_kept(self):
        first = self.chart("--id", 1)
        second = self.chart("--id", 2, "--data", "-", feed=True)
        first.expect("found", id=2)
        second.write("good\n" + "a" * 1200 + "\n")
        first.expect("updated", id=2, data="good")
        second.write("better\n")
        first.expect("updated", id=2, data="better")
        second.kill()
        self.assertEqual(second.wait(), 0)
        self.assertRegex(second.errors, r"\Arollcast: [^\n]*1200[^\n]* \d+[^\n]*\n\Z")
        self.assertEqual(len(first.seen("updated")), 2)

    def test_who_ends_in_order_has_left_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            first, second = self.charts(1, 2)
            at = second.kill(number)
            self.assertLess(first.expect("left", id=2).at - at, TOLERANCE)
            self.assertEqual(second.wait(), 0)
            final = second.events[-1]
            self.assertEqual((final["event"], final["size"]), ("chart", 2))
            first.expect_never("gone")
            self.assertEqual(first.end()["size"], 1)

    def test_who_is_killed_is_gone_within_the_detection_time_of_its_own(self):
        patient = self.chart("--id", 1, "--detection-time", 30)
        hasty = self.chart("--id", 2, "--detection-time", "1.5")
        patient.expect("found", id=2)
        hasty.expect("found", id=1)
        at = hasty.kill(signal.SIGKILL)
        gone = patient.expect("gone", id=2, within=1.5 + TOLERANCE)
        self.assertGreater(gone.at - at, 0.5)
        patient.expect_never("left")
        self.assertEqual(patient.end()["instances"], [])

    def test_who_is_silent_for_a_while_returns(self):
        watcher = self.chart("--id", 1)
        sleeper = self.chart("--id", 2, "--port", 8002, "--detection-time", "1")
        watcher.expect("found", id=2)
        sleeper.kill(signal.SIGSTOP)
        watcher.expect("gone", id=2, within=1 + TOLERANCE)
        sleeper.kill(signal.SIGCONT)
        self.assertIn("127.0.0.1:8002", watcher.expect("returned", id=2)["endpoints"])

    def test_the_last_line_is_the_chart(self):
        first, *_ = self.charts(1, 2, 3)
        final = first.end()
        self.assertEqual((final["event"], final["size"]), ("chart", 3))
        charted = {each["id"]: each for each in final["instances"]}
        self.assertEqual(set(charted), {2, 3})
        self.assertEqual(charted[2]["state"], "alive")
        self.assertIn("127.0.0.1:8002", charted[2]["endpoints"])
        self.assertEqual(charted[2]["data"], "")

    def test_until_ends_it_as_soon_as_so_many_are_there(self):
        alone = self.chart("--announce", "--until", 1)
        self.assertEqual((alone.wait(), alone.events[-1]["size"]), (0, 1))
        waiting = self.chart("--id", 1, "--until", 3)
        self.chart("--id", 2)
        waiting.expect("found", id=2)
        self.assertIsNone(waiting.process.poll())
        self.chart("--id", 3)
        self.assertEqual(waiting.wait(), 0)
        self.assertEqual(waiting.events[-1]["size"], 3)

    def test_a_timeout_ends_it_well_unless_until_was_asked_for(self):
        content = self.chart("--timeout", "0.3")
        wanting = self.chart("--timeout", "0.3", "--until", "9")
        self.assertEqual((content.wait(), wanting.wait()), (0, 1))
        for each in (content, wanting):
            self.assertEqual(each.events[-1]["event"], "chart")

    def test_names_groups_and_ports_keep_applications_apart(self):
        first = self.chart("--id", 1)
        others = [self.start("chart", "--local", "--id", 2, "--name", "other"),
                  self.chart("--id", 3, "--discovery-port", 8081),
                  self.chart("--id", 4, "--group", "239.1.1.1")]
        for each in others:
            each.expect("started")
        friend = self.chart("--id", 5)
        first.expect("found", id=5)
        friend.expect("found", id=1)
        # Their introductions take up to 150 ms; that of the friend came after them.
        self.chart("--id", 6)
        first.expect("found", id=6)
        for each in [first, *others]:
            each.end()
            strangers = {event.get("id") for event in each.seen("found")} - {5, 6}
            self.assertEqual(strangers, set(), each.describe())
        self.assertGreater(first.events[-1]["counters"]["foreign"], 0)

    def test_a_sniffer_learns_and_says_nothing(self):
        before = self.chart("--id", 1, "--detection-time", "1")
        sniffer = self.start("chart", "--local", "--name", self.id(), "--sniff")
        sniffer.expect("started")
        sniffer.expect("found", id=1)
        after = self.chart("--id", 2, "--data", "-", feed=True)
        sniffer.expect("found", id=2)
        after.write("news\n")
        sniffer.expect("updated", id=2, data="news")
        before.expect("found", id=2)
        after.end()
        sniffer.expect("left", id=2)
        final = sniffer.end()
        self.assertEqual((final["counters"]["sent"], final["counters"]["send_errors"]), (0, 0))
        before.end()
        self.assertEqual([each["id"] for each in before.seen("found")], [2])

    def test_two_who_claim_one_id_are_both_told(self):
        older = self.chart("--id", 7, "--port", 8001, "--detection-time", "3")
        newer = self.chart("--id", 7, "--port", 8002)
        self.assertIn("127.0.0.1:8002", older.expect("id_conflict", id=7)["endpoints"])
        self.assertIn("127.0.0.1:8001", newer.expect("id_conflict", id=7)["endpoints"])
        for each in (older, newer):
            each.expect_never("found")
            self.assertEqual(each.end()["size"], 1)

    def test_others_are_told_which_of_two_who_claim_one_id_they_do_not_chart(self):
        older = self.chart("--id", 7, "--port", 8001, "--detection-time", "2")
        witnesses = [self.chart("--id", each) for each in (8, 9)]
        for each in witnesses:
            each.expect("found", id=7)
        self.chart("--id", 7, "--port", 8002)
        for each in witnesses:
            self.assertIn("127.0.0.1:8002", each.expect("id_conflict", id=7)["endpoints"])
        charted, = [each for each in witnesses[0].end()["instances"] if each["id"] == 7]
        self.assertIn("127.0.0.1:8001", charted["endpoints"])
        older.end()
        witnesses[1].expect("left", id=7)
        found_again = witnesses[1].expect("found", times=2, id=7)
        self.assertIn("127.0.0.1:8002", found_again["endpoints"])

    def test_a_crashed_instance_that_starts_again_has_restarted(self):
        watcher, crashed = self.charts(1, 2)
        crashed.kill(signal.SIGKILL)
        crashed.wait()
        self.chart("--id", 2, "--port", 8022, "--data", "again")
        restarted = watcher.expect("restarted", id=2)
        self.assertEqual(restarted["data"], "again")
        self.assertIn("127.0.0.1:8022", restarted["endpoints"])
        self.assertNotIn("127.0.0.1:8002", restarted["endpoints"])
        for event in ("gone", "left", "id_conflict"):
            watcher.expect_never(event)

    def test_who_left_and_comes_again_is_found_again(self):
        watcher, leaving = self.charts(1, 2)
        leaving.end()
        watcher.expect("left", id=2)
        self.chart("--id", 2, "--port", 8022)
        self.assertIn("127.0.0.1:8022", watcher.expect("found", times=2, id=2)["endpoints"])

    def test_a_discovery_port_that_another_program_keeps_to_itself_is_named(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("0.0.0.0", 8077))
            self.one_line(self.run_command("chart", "--local", "--discovery-port", 8077,
                                           "--backup-port", 8077, "--timeout", 5), 1, "8077")
            moved = self.chart("--id", 1, "--discovery-port", 8077, "--backup-port", 8077,
                               "--backup-port", 8078)
            self.assertEqual(moved.events[0]["discovery_port"], 8078)
            self.assertEqual(moved.events[0]["groups"][0], "239.255.42.98:8078")

    def test_a_reader_that_goes_away_ends_it_as_it_ends_others(self):
        command = f'"$ROLLCAST" chart --local --name {self.id()} --id 1 --json; echo $? >&2'
        shell = self.start_as_is(["sh", "-c", command], stderr=subprocess.PIPE)
        other = self.chart("--id", 2)
        other.expect("found", id=1)
        for event in (b"started", b"found"):
            self.assertIn(event, shell.stdout.readline())
        shell.stdout.close()
        self.chart("--id", 3)
        errors = shell.stderr.read().decode()
        self.assertEqual(errors, "141\n")
        other.expect("left", id=1)

    def test_a_reader_that_stops_reading_for_a_while_loses_nothing_it_needs(self):
        slow = self.chart("--id", 1)
        slow.kill(signal.SIGSTOP)
        others = [self.chart("--id", each) for each in range(2, 8)]
        others[0].expect("found", id=7)
        slow.kill(signal.SIGCONT)
        for each in range(2, 8):
            slow.expect("found", id=each)

    def test_people_read_one_line_per_event(self):
        command = laboratory.command_line(["chart", "--local", "--name", self.id(), "--id", "1"])
        reader = self.start_as_is(command, text=True)
        lines = [reader.stdout.readline()]
        other = self.chart("--id", 2, "--port", 8042, "--data", "\x1b[31mred\n")
        lines.append(reader.stdout.readline())
        other.end()
        lines.append(reader.stdout.readline())
        reader.terminate()
        lines += reader.stdout.read().splitlines(keepends=True)
        self.assertEqual(reader.wait(laboratory.PATIENCE), 0)
        self.assertRegex(lines[0], r"^started 1 on lo.*239\.255\.42\.98:8080")
        self.assertRegex(lines[1], r"^found 2 .*127\.0\.0\.1:8042.*red")
        self.assertEqual(lines[2], "left 2\n")
        self.assertEqual(len(lines), 4, lines)
        for line in lines:
            self.assertNotRegex(line, r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


if __name__ == "__main__":
    laboratory.main()
