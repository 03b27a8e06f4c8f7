# SPDX-License-Identifier: BSL-1.0
"""rollcast recv and send on the loopback interface: events, payloads, and all the ways to end."""

import base64
import json
import re
import signal
import socket
import subprocess
import time

import laboratory

GROUP = "239.1.1.1"
GROUP6 = "ff15::1:1"
LO = ("--interface", "lo")


class RecvSendTest(laboratory.CommandTest):
    def receiver(self, port, *options, group=GROUP):
        command = self.start("recv", group, port, *LO, *options)
        command.expect("joined")
        return command

    def send(self, port, *words, group=GROUP, feed=b""):
        ended = self.run_command("send", group, port, *words, *LO, "--quiet", feed=feed)
        self.assertEqual((ended.status, ended.errors), (0, ""))

    def summary(self, packets, bytes_):
        return {"event": "summary", "packets": packets, "bytes": bytes_, "dropped": 0,
                "filtered": 0}

    def test_every_field_of_a_packet_is_as_it_was_sent(self):
        receiver = self.receiver(5001)
        self.assertEqual(receiver.events[0], {"event": "joined", "group": GROUP, "port": 5001,
                                              "interfaces": ["lo"], "sources": []})
        before = time.time()
        self.send(5001, "hello", "--source-port", "40001", "--ttl", "7")
        packet = receiver.expect("packet")
        received_at = packet.pop("received_at")
        self.assertLessEqual(before - 0.01, received_at)
        self.assertLessEqual(received_at, time.time() + 0.01)
        self.assertEqual(packet, {
            "event": "packet", "source": "127.0.0.1", "source_port": 40001, "group": GROUP,
            "port": 5001, "size": 5, "payload": "hello", "interface": "lo", "interface_index": 1,
            "hop_limit": 7, "truncated": False})
        self.assertEqual(receiver.end(), self.summary(1, 5))

    def test_ipv6_and_source_specific_groups_work_alike(self):
        if not laboratory.multicast_works_on_lo(6):
            self.skipTest("no IPv6 multicast on lo")
        for port, group, sources in ((5002, GROUP6, []), (5003, "232.1.1.1", ["127.0.0.1"]),
                                     (5004, "ff3e::8000:1", ["::1"]), (5005, "ff12::1", [])):
            with self.subTest(group):
                options = [word for each in sources for word in ("--source", each)]
                receiver = self.receiver(port, "--count", "1", *options, group=group)
                self.assertEqual(receiver.events[0]["sources"], sources)
                self.send(port, "hello", group=group)
                packet = receiver.expect("packet", payload="hello", interface="lo")
                self.assertEqual(packet["group"].partition("%")[0], group)
                self.assertEqual(packet["source"].partition("%")[0], "::1" if ":" in group
                                 else "127.0.0.1")
                self.assertEqual(receiver.wait(), 0)

    def test_a_group_of_any_range_may_have_a_source_where_that_is_allowed(self):
        chosen = self.receiver(5007, "--source", "127.0.0.2", "--allow-any-source-range")
        self.send(5007, "wrong")
        self.send(5007, "right", "--source", "127.0.0.2")
        chosen.expect("packet", payload="right")
        self.assertEqual(len(chosen.seen("packet")), 1)

    def test_other_groups_ports_and_sources_are_not_received(self):
        receiver = self.receiver(5006)
        chosen = self.start("recv", "232.1.1.1", 5006, *LO, "--source", "127.0.0.2")
        chosen.expect("joined", sources=["127.0.0.2"])
        self.send(5006, "other group", group="239.1.1.2")
        self.send(5007, "other port")
        self.send(5006, "other source", group="232.1.1.1")
        self.send(5006, "right")
        self.send(5006, "right", "--source", "127.0.0.2", group="232.1.1.1")
        for each in (receiver, chosen):
            each.expect("packet", payload="right")
            each.end()
            self.assertEqual(len(each.seen("packet")), 1, each.describe())

    def test_several_receivers_share_group_and_port(self):
        receivers = [self.receiver(5008, "--count", "2") for _ in range(3)]
        self.send(5008, "hello", "--count", "2")
        self.assertEqual([each.wait() for each in receivers], [0, 0, 0])

    def test_what_was_sent_is_reported(self):
        receiver = self.receiver(5009, "--count", "3")
        sender = self.start("send", GROUP, 5009, "hello", *LO, "--count", 3, "--bind",
                            "127.0.0.1:40002")
        self.assertEqual(sender.wait(), 0)
        sent = {"event": "sent", "destination": f"{GROUP}:5009", "source": "127.0.0.1:40002",
                "bytes": 5}
        self.assertEqual(sender.events, 3 * [sent] + [
            {"event": "summary", "packets": 3, "bytes": 15, "errors": 0}])
        self.assertEqual(receiver.wait(), 0)

    def test_payloads_arrive_as_they_are(self):
        latin = subprocess.run(["printf", r"\351t\351"], capture_output=True, check=True).stdout
        receiver = self.receiver(5010)
        self.send(5010, "")
        self.assertEqual(receiver.expect("packet", times=1)["payload"], "")
        self.send(5010, 'Grüße "\\\t\u2028')
        self.assertEqual(receiver.expect("packet", times=2)["payload"], 'Grüße "\\\t\u2028')
        self.send(5010, "-", feed=latin + b"\n")
        packet = receiver.expect("packet", times=3)
        self.assertEqual(base64.b64decode(packet["payload_base64"]), latin)
        self.assertNotIn("payload", packet)
        self.send(5010, "-", feed=b"\0\n")
        self.assertEqual(receiver.expect("packet", times=4)["payload"], "\0")

    def test_bytes_that_only_look_like_utf8_come_as_base64(self):
        receiver = self.receiver(5011)
        payloads = (b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82")
        for n, payload in enumerate(payloads, start=1):
            self.send(5011, "-", feed=payload + b"\n")
            packet = receiver.expect("packet", times=n)
            self.assertEqual(base64.b64decode(packet.get("payload_base64", "")), payload)

    def test_a_payload_may_begin_with_a_dash(self):
        receiver = self.receiver(5012)
        ended = self.run_command("send", *LO, "--quiet", "--", GROUP, 5012, "-x")
        self.assertEqual((ended.status, ended.errors), (0, ""))
        receiver.expect("packet", payload="-x")

    def test_lines_of_standard_input_are_datagrams_of_their_own(self):
        receiver = self.receiver(5013, "--count", "4")
        self.send(5013, "-", feed=b"one\n\n two \nlast without end")
        self.assertEqual(receiver.wait(), 0)
        self.assertEqual([each["payload"] for each in receiver.seen("packet")],
                         ["one", "", " two ", "last without end"])

    def test_a_line_is_sent_before_the_next_one_is_there(self):
        receiver = self.receiver(5014)
        sender = self.start("send", GROUP, 5014, "-", *LO, feed=True)
        sender.write("first\n")
        receiver.expect("packet", payload="first")
        sender.write("second\n")
        receiver.expect("packet", payload="second")
        self.assertEqual(sender.end(signal.SIGINT)["packets"], 2)

    def test_a_closed_standard_input_is_an_empty_one(self):
        receiver = self.receiver(5015)
        command = f'exec "$ROLLCAST" send {GROUP} 5015 - --interface lo --json <&-'
        ended = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=5)
        self.assertIn(b'"packets":0', ended.stdout)
        self.send(5015, "end")
        receiver.expect("packet", payload="end")
        self.assertEqual(len(receiver.seen("packet")), 1, receiver.describe())

    def test_size_repeats_the_payload(self):
        receiver = self.receiver(5016)
        self.send(5016, "abc", "--size", "8")
        receiver.expect("packet", payload="abcabcab", size=8)
        self.send(5016, "", "--size", "2")
        receiver.expect("packet", payload="\0\0", size=2)
        self.send(5016, "abc", "--size", "3")
        receiver.expect("packet", payload="abc", size=3)

    def test_a_line_longer_than_the_size_is_not_cut(self):
        receiver = self.receiver(5017, "--count", "2")
        self.send(5017, "-", "--size", "4", feed=b"abcdef\nab\n")
        self.assertEqual(receiver.wait(), 0)
        self.assertEqual([each["payload"] for each in receiver.seen("packet")], ["abcdef", "abab"])

    def test_the_largest_payload_arrives_whole(self):
        receiver = self.receiver(5018, "--count", "1", "--buffer", "400000")
        self.send(5018, "a", "--size", "65507")
        self.assertEqual(receiver.wait(), 0)
        packet = receiver.expect("packet", size=65507, truncated=False)
        self.assertEqual(packet["payload"], "a" * 65507)

    def test_an_input_line_that_is_too_long_is_an_error_and_the_others_are_sent(self):
        receiver = self.receiver(5019)
        lines = b"a" * 65508 + b"\nfine\n"
        ended = self.run_command("send", GROUP, 5019, "-", *LO, "--json", feed=lines)
        self.assertEqual(ended.status, 1)
        self.assertRegex(ended.errors, r"\Arollcast: [^\n]*65507[^\n]*\n\Z")
        self.assertIn('{"event":"summary","packets":1,"bytes":4,"errors":1}', ended.output)
        receiver.expect("packet", payload="fine")

    def test_the_interval_lies_between_the_datagrams(self):
        receiver = self.receiver(5020, "--count", "4")
        self.send(5020, "tick", "--count", "4", "--interval", "50.5")
        self.assertEqual(receiver.wait(), 0)
        times = [each["received_at"] for each in receiver.seen("packet")]
        self.assertTrue(all(b - a >= 0.05 for a, b in zip(times, times[1:])), times)

    def test_a_rate_is_kept_on_average(self):
        receiver = self.receiver(5030, "--count", "200")
        self.send(5030, "tick", "--count", "200", "--rate", "400")
        self.assertEqual(receiver.wait(), 0)
        times = [each["received_at"] for each in receiver.seen("packet")]
        self.assertGreater(times[-1] - times[0], 0.39)

    def test_batches_arrive_as_single_datagrams_in_order(self):
        receiver = self.receiver(5031, "--batch", "16", "--count", "50")
        lines = "".join(f"line {number}\n" for number in range(50)).encode()
        sender = self.start("send", GROUP, 5031, "-", *LO, "--batch", 7, feed=True)
        sender.write(lines)
        sender.process.stdin.close()
        self.assertEqual((sender.wait(), receiver.wait()), (0, 0))
        self.assertEqual([each["payload"] for each in receiver.seen("packet")],
                         lines.decode().splitlines())
        self.assertEqual(len(sender.seen("sent")), 50)
        self.assertEqual(sender.events[-1]["packets"], 50)

    def test_numbered_payloads_show_what_is_missing(self):
        receiver = self.receiver(5032, "--quiet")
        self.send(5032, "x", "--count", "20", "--sequence", "--size", "64")
        payloads = ("#0000abcd:5 a", "#0000abcd:9 b", "#0000abcd:7 c", "#0000abcd:7 again",
                    "#abcd:", "#zz:1 no number", "# 1", "#0000abcd:99999999999999999999 no")
        self.send(5032, "-", feed="\n".join(payloads).encode())
        summary = receiver.end()
        self.assertEqual((summary["packets"], summary["missing"], summary["duplicates"]),
                         (28, 2, 1))
        self.assertEqual((summary["reordered"], summary["repeated"]), (1, 1))
        self.assertGreaterEqual(summary["jitter"], 0)

    def test_people_read_in_the_end_what_came_in_disorder_where_something_did(self):
        for numbers, told in (((0, 1, 2), "0 missing"), ((0, 2, 1), "0 missing, 1 reordered"),
                              ((0, 3, 3), "2 missing, 1 repeated"),
                              ((4, 1, 1), "2 missing, 1 reordered, 1 repeated")):
            with self.subTest(numbers):
                receiver = self.start_as_is(laboratory.command_line(
                    ["recv", GROUP, "5036", *LO, "--count", "3", "--quiet"]), text=True)
                self.assertTrue(receiver.stdout.readline().startswith("joined"))
                self.send(5036, "-", feed="".join(f"#1:{each} \n" for each in numbers).encode())
                self.assertEqual(receiver.stdout.readline(),
                                 f"3 packets, 15 bytes, 0 dropped, 0 filtered, {told}\n")

    def test_a_time_of_sending_is_that_of_the_moment(self):
        for port, waiting, options in ((5037, 1, ("--interval", "200")),
                                       (5038, 2, ("--rate", "10", "--batch", "2"))):
            with self.subTest(options):
                receiver = self.receiver(port, "--count", "4")
                self.send(port, "hello", "--count", "4", "--timestamps", *options)
                self.assertEqual(receiver.wait(), 0)
                times = []
                for number, packet in enumerate(receiver.seen("packet")):
                    self.assertRegex(packet["payload"], rf"\A#[0-9a-f]{{8}}:{number}:\d{{16}} hello\Z")
                    times.append(int(re.split("[: ]", packet["payload"])[2]) / 1e6)
                    self.assertLess(times[-1], packet["received_at"] + 0.01)
                before, after = times[waiting - 1:waiting + 1]
                self.assertGreater(after - before, 0.09, times)  # and not that before the wait

    def test_a_datagram_with_its_mark_has_to_fit(self):
        longest = 65507 - len("#1f3a9c07:18446744073709551615 ")
        for option, room in (("--sequence", longest), ("--timestamps", longest - len(":1764489600123456"))):
            with self.subTest(option):
                self.send(9, "a" * room, option)
                self.one_line(self.run_command("send", GROUP, 9, "a" * (room + 1), *LO, option), 2,
                              "65508", "65507", "number")
                self.send(9, "a", option, "--size", 65508 - room)
                self.one_line(self.run_command("send", GROUP, 9, "a", *LO, option, "--size",
                                               65507 - room), 2, "--size", str(65508 - room), "number")
                line = self.run_command("send", GROUP, 9, "-", *LO, option, feed=b"a" * 65500)
                self.assertEqual(line.status, 1)
                self.assertRegex(line.errors, r"\Arollcast: [^\n]*65507[^\n]* number [^\n]*\n\Z")

    def test_stats_are_lines_on_standard_error(self):
        receiver = self.start_as_is(
            laboratory.command_line(["recv", GROUP, "5033", *LO, "--stats", "0.2", "--quiet"]),
            stderr=subprocess.PIPE, text=True)
        self.assertTrue(receiver.stdout.readline().startswith("joined"))
        rates = r"\d+ packets/s, [\d.]+ k?bit/s, 0 dropped, 0 filtered, 0 truncated"
        self.assertRegex(receiver.stderr.readline(),
                         rf"\A\d\d:\d\d:\d\d  0\.00-\d\.\d\d s  {rates}\n\Z")
        self.send(5033, "x", "--count", "10", "--timestamps")
        seen = ""
        while "missing" not in seen:
            seen = receiver.stderr.readline()
        numbered = r", 0 missing, 0 reordered, 0 repeated(, jitter \d+\.\d{3} ms)?"
        self.assertRegex(seen, rf"\A\d\d:\d\d:\d\d  \d+\.\d\d-\d+\.\d\d s  {rates}{numbered}\n\Z")
        receiver.terminate()
        self.assertEqual(receiver.wait(laboratory.PATIENCE), 0)
        rates = rates.replace(r"\d+ packets", r"[\d.]+(?: [kMG])? packets").replace("k?", "[kMG]?")
        self.assertRegex(receiver.stderr.read().splitlines()[-1],
                         rf"\A\d\d:\d\d:\d\d  0\.00-\d+\.\d\d s in all  {rates}{numbered}\Z")

    def stats(self, command):
        """What has ended well told on standard error: each line since the one before, and the last."""
        self.assertEqual(command.wait(), 0)
        *lines, total = map(json.loads, command.errors.splitlines())
        self.assertEqual({each["event"] for each in lines} | {"stats"}, {"stats"})
        self.assertEqual(total["event"], "total")
        return lines, total

    def test_stats_add_up_to_the_total(self):
        receiver = self.receiver(5039, "--quiet", "--stats", "0.1")
        for numbers, so_far in (((1, 2, 4, 3, 3, 6, 9), 7), ((10, 7), 9)):
            marks = "".join(f"#0000abcd:{each} x\n" for each in numbers)
            self.send(5039, "-", "--source-port", "40004", feed=marks.encode())
            laboratory.wait_until(self, lambda n=so_far: n == sum(
                map(int, re.findall(r'"packets":(\d+)', receiver.errors))), why=receiver.describe)
        receiver.kill(signal.SIGINT)
        lines, total = self.stats(receiver)
        self.assertEqual([each["from"] for each in lines],
                         [0] + [each["to"] for each in lines[:-1]])
        for each in lines:
            self.assertAlmostEqual(each["seconds"], each["to"] - each["from"], places=6)
        self.assertEqual(total["from"], 0)
        self.assertGreaterEqual(total["to"], lines[-1]["to"])
        sums = {name: sum(each.get(name, 0) for each in lines)
                for name in ("packets", "bytes", "reordered", "repeated")}
        self.assertEqual(sums, {"packets": 9, "bytes": 9 * 13 + 1, "reordered": 2, "repeated": 1})
        self.assertEqual({name: total[name] for name in sums}, sums)
        self.assertEqual(total["missing"], 2)
        full = next(each for each in lines if "jitter" in each)
        self.assertEqual(list(total)[1:], list(full)[1:])
        self.assertEqual(receiver.events[-1]["jitter"], total["jitter"])

    def test_jitter_is_told_where_something_numbered_has_come(self):
        receiver = self.receiver(5040, "--quiet", "--stats", "0.1")
        self.send(5040, "x", "--count", "3", "--timestamps")
        receiver.expect_complaint('"jitter":')
        laboratory.wait_until(self, lambda: "jitter" not in receiver.errors.splitlines()[-1])
        receiver.kill(signal.SIGINT)
        lines, total = self.stats(receiver)
        self.assertNotIn("jitter", lines[-1])
        self.assertEqual(lines[-1]["missing"], 0)
        self.assertGreaterEqual(total["jitter"], 0)

    def test_jitter_is_how_much_the_times_on_the_way_differ(self):
        receiver = self.receiver(5043, "--count", "6")
        delays = (0, 3000, 1000, 9000, 0, 5000)  # microseconds
        base = int(time.time() * 1e6)
        self.send(5043, "-", feed="".join(f"#1:{number}:{base - delay} \n" for number, delay
                                          in enumerate(delays)).encode())
        self.assertEqual(receiver.wait(), 0)
        transits = [packet["received_at"] - int(re.split("[: ]", packet["payload"])[2]) / 1e6
                    for packet in receiver.seen("packet")]
        jitter = 0
        for before, after in zip(transits, transits[1:]):
            jitter += (abs(after - before) - jitter) / 16
        self.assertAlmostEqual(receiver.events[-1]["jitter"], jitter, delta=5e-6)
        self.assertGreater(jitter, 1e-3)

    def test_the_rate_in_all_is_that_from_the_first_to_the_last(self):
        receiver = self.receiver(5041, "--stats", "0.1")
        receiver.expect_complaint("stats")  # having waited before
        self.send(5041, "abc", "--count", "5", "--interval", "20")
        receiver.expect("packet", times=5)
        waits = receiver.errors.count("\n") + 2  # and after
        laboratory.wait_until(self, lambda: receiver.errors.count("\n") >= waits)
        receiver.kill(signal.SIGINT)
        _, total = self.stats(receiver)
        times = [each["received_at"] for each in receiver.seen("packet")]
        rate = 4 / (times[-1] - times[0])
        self.assertAlmostEqual(total["packets_per_second"] / rate, 1, places=4)
        self.assertAlmostEqual(total["bits_per_second"] / rate, 24, places=2)
        self.assertGreater(total["seconds"], times[-1] - times[0] + 0.1)

    def test_one_datagram_or_none_has_no_rate(self):
        for count in (0, 1):
            receiver = self.receiver(5042, "--stats", "100")
            if count:
                self.send(5042, "x", "--timestamps")
                receiver.expect("packet")
            receiver.kill(signal.SIGINT)
            lines, total = self.stats(receiver)
            self.assertEqual((lines, total["packets"], total["packets_per_second"],
                              total["bits_per_second"]), ([], count, 0, 0))
            self.assertNotIn("jitter", total)

    def test_a_sender_has_stats_and_a_total_as_well(self):
        sender = self.start("send", GROUP, 9, "x", *LO, "--count", 4, "--interval", 100, "--stats",
                            0.1)
        lines, total = self.stats(sender)
        self.assertEqual(lines[0]["from"], 0)
        self.assertEqual((total["from"], total["packets"], total["bytes"]), (0, 4, 4))
        self.assertLess(0, total["packets_per_second"])
        self.assertLess(total["packets_per_second"], 11)

    def test_options_that_contradict_each_other_or_what_can_be_are_refused(self):
        for words, why in ((("--rate", "5", "--interval", "3"), "--rate"),
                           (("--rate", "0"), "--rate"), (("--batch", "0"), "--batch"),
                           (("--batch", "1025"), "--batch"),
                           (("--sequence", "--size", "20"), "--size"),
                           (("--timestamps", "--size", "20"), "--size")):
            self.one_line(self.run_command("send", GROUP, 5034, "hello", *LO, *words), 2, why)
        self.one_line(self.run_command("recv", GROUP, 5034, *LO, "--stats", "0"), 2, "--stats")

    def test_quiet_prints_joined_and_summary_only(self):
        receiver = self.receiver(5022, "--quiet", "--count", "2")
        sender = self.start("send", GROUP, 5022, "hello", *LO, "--count", 2, "--quiet")
        self.assertEqual((sender.wait(), receiver.wait()), (0, 0))
        self.assertEqual([each["event"] for each in receiver.events], ["joined", "summary"])
        self.assertEqual([each["event"] for each in sender.events], ["summary"])
        self.assertEqual(receiver.events[-1], self.summary(2, 10))

    def test_a_timeout_ends_it_well_unless_a_count_was_asked_for(self):
        waiting = self.start("recv", GROUP, 5023, *LO, "--timeout", "0.2")
        wanting = self.start("recv", GROUP, 5023, *LO, "--timeout", "0.2", "--count", "1")
        sending = self.start("send", GROUP, 5024, "x", *LO, "--timeout", "0.2", "--count", "100",
                             "--interval", "50", "--quiet")
        self.assertEqual([each.wait() for each in (waiting, wanting, sending)], [0, 1, 1])
        for each in (waiting, wanting, sending):
            self.assertEqual(each.events[-1]["event"], "summary")
            self.assertGreater(time.monotonic() - each.spawned_at, 0.2)

    def test_signals_end_it_in_order(self):
        for port, number in ((5025, signal.SIGINT), (5026, signal.SIGTERM)):
            receiver = self.receiver(port, "--count", "5")
            self.send(port, "hello")
            receiver.expect("packet")
            self.assertEqual(receiver.end(number), self.summary(1, 5))
            sender = self.start("send", GROUP, port, "x", *LO, "--count", 9, "--interval", 60000)
            sender.expect("sent")
            self.assertEqual(sender.end(number)["packets"], 1)
            idle = self.start("send", GROUP, port, "-", *LO, feed=True)
            idle.write("one\n")
            idle.expect("sent")
            self.assertEqual(idle.end(number)["packets"], 1)

    def test_a_reader_that_goes_away_ends_it_as_it_ends_others(self):
        command = f'"$ROLLCAST" recv {GROUP} 5027 --interface lo --json; echo $? >&2'
        shell = self.start_as_is(["sh", "-c", command], stderr=subprocess.PIPE)
        self.assertIn(b"joined", shell.stdout.readline())
        shell.stdout.close()
        self.send(5027, "hello")
        errors = shell.stderr.read().decode()
        self.assertEqual(errors, "141\n")

    def test_who_wants_no_broken_pipe_is_told(self):
        command = f'trap "" PIPE; "$ROLLCAST" recv {GROUP} 5027 --interface lo; echo $? >&2'
        shell = self.start_as_is(["sh", "-c", command], stderr=subprocess.PIPE)
        self.assertIn(b"joined", shell.stdout.readline())
        shell.stdout.close()
        errors = shell.stderr.read().decode()
        self.assertRegex(errors, r"\Arollcast: standard output: [^\n]+\n1\n\Z")

    def test_an_output_that_is_closed_from_the_start_is_an_error(self):
        command = f'"$ROLLCAST" send {GROUP} 5027 x --interface lo >&-'
        ended = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False,
                               timeout=laboratory.PATIENCE)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"\Arollcast: standard output: [^\n]+\n\Z")

    def test_a_group_and_its_port_may_be_one_word(self):
        receiver = self.start("recv", f"{GROUP}:5035", *LO, "--count", 2)
        receiver.expect("joined", group=GROUP, port=5035)
        for words in ((f"{GROUP}:5035", "hello"), ("--count", "1", f"{GROUP}:5035", "hello")):
            self.assertEqual(self.run_command("send", *words, *LO).status, 0)
        self.assertEqual(receiver.wait(), 0)
        self.assertEqual([each["payload"] for each in receiver.seen("packet")], ["hello"] * 2)

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            ended = subprocess.run(
                laboratory.command_line(["send", GROUP, "5028", "x", *LO]), stdout=full,
                stderr=subprocess.PIPE, text=True, check=False, timeout=laboratory.PATIENCE)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"\Arollcast: standard output: [^\n]+\n\Z")

    def test_a_port_that_another_program_keeps_to_itself_is_named(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("0.0.0.0", 5029))
            self.one_line(self.run_command("recv", GROUP, 5029, *LO, "--timeout", 5), 1, "5029")
            self.one_line(self.run_command("send", GROUP, 9, "x", *LO, "--source-port", 5029), 1,
                          "5029")

    def test_without_a_route_the_option_that_helps_is_named(self):
        for command in (("recv", GROUP, 5030, "--timeout", 5), ("send", GROUP, 5030, "x")):
            self.one_line(self.run_command(*command), 1, GROUP, "--interface")

    def test_a_source_that_is_not_ours_is_named(self):
        for group, source in ((GROUP, "10.99.99.99"), (GROUP6, "fd99::99")):
            self.one_line(self.run_command("send", group, 5031, "x", "--source", source), 2,
                          f"--source {source}", "address of this machine")

    def test_people_read_one_line_per_packet_without_control_characters(self):
        command = laboratory.command_line(["recv", GROUP, "5032", *LO, "--count", "3"])
        receiver = self.start_as_is(command, text=True)
        self.assertEqual(receiver.stdout.readline(), f"joined {GROUP}:5032 on lo\n")
        self.send(5032, "-", "--source-port", "40003",
                  feed="Grüße\n\x1b[31mred\x9b2J\r\n".encode() + b"\xff\xfe\n")
        lines = receiver.stdout.read().splitlines()
        self.assertEqual(receiver.wait(laboratory.PATIENCE), 0)
        self.assertEqual(len(lines), 4, lines)
        self.assertRegex(lines[0], rf"127\.0\.0\.1:40003.*{re.escape(GROUP)}:5032.*lo.*Grüße$")
        self.assertIn("red", lines[1])
        for line in lines:
            self.assertNotRegex(line, r"[\x00-\x1f\x7f-\x9f]")
        self.assertRegex(lines[3], r"^3 packets, ")


if __name__ == "__main__":
    laboratory.main()
