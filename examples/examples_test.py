#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs every example as its first line says, and looks at what it prints."""
import os
import signal
import socket
import subprocess
import time
import unittest

DIRECTORY = os.environ["EXAMPLES"]


def start(name, *arguments):
    return subprocess.Popen([os.path.join(DIRECTORY, name), *arguments], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


class Examples(unittest.TestCase):
    def finish(self, program):
        output, _ = program.communicate(timeout=20)
        self.assertEqual(program.returncode, 0)
        return output

    def send(self, group, text):
        return self.finish(start("03_send", group, text, "lo"))

    def test_a_sent_text_is_received(self):
        receiver = start("01_receive", "239.1.1.1:5000", "lo")
        self.assertEqual(receiver.stdout.readline(), "joined\n")
        for text in "one", "two", "three":
            self.assertIn("sent %d bytes from 127.0.0.1:" % len(text), self.send("239.1.1.1:5000", text))
        self.assertRegex(self.finish(receiver), "sent one by .*\n.*sent two by .*\n.*sent three by")

    def test_a_source_specific_receiver_hears_its_source_only(self):
        other = start("02_receive_source_specific", "232.1.1.1:5001", "127.0.0.2", "lo")
        receiver = start("02_receive_source_specific", "232.1.1.1:5001", "127.0.0.1", "lo")
        for each in other, receiver:
            self.assertEqual(each.stdout.readline(), "joined\n")
        self.send("232.1.1.1:5001", "hello")
        self.assertRegex(self.finish(receiver), "127.0.0.1:[0-9]+ sent hello")
        self.assertIsNone(other.poll())
        other.kill()
        other.communicate()

    def test_a_service_is_tested_in_no_time(self):
        self.assertRegex(self.finish(start("12_test_a_service")),
                         r"^after 0\.\d+ s 3 follows 1\nafter \d\.\d+ s 3 follows 2\nafter \d\.\d+ s 3 follows 1\n$")

    def test_three_of_five_make_a_majority(self):
        ports = "8001", "8002", "8003"
        instances = [start("04_chart", port) for port in ports]
        for own, instance in zip(ports, instances):
            output = self.finish(instance)
            for port in ports:
                self.assertEqual(port != own, "127.0.0.1:" + port in output, output)

    def test_a_receive_ends_when_its_time_is_up(self):
        receiver = start("05_receive_with_time_limit", "239.1.1.1:5002", "lo")
        self.assertEqual(self.finish(receiver), "joined\nnothing came\n")

    def test_typed_data_arrives_as_it_was(self):
        alice, bob = (start("06_chart_with_typed_data", name) for name in ("alice", "bob"))
        self.assertEqual(self.finish(alice), "bob has a load of 0.25\n")
        self.assertEqual(self.finish(bob), "alice has a load of 0.25\n")

    def test_a_line_reaches_the_other_end_of_the_chat(self):
        alice, bob = start("07_chat", "alice"), start("07_chat", "bob")
        self.assertEqual(alice.stdout.readline(), "* bob is here\n")
        self.assertEqual(bob.stdout.readline(), "* alice is here\n")
        alice.stdin.write("hello\n")
        alice.stdin.flush()
        self.assertEqual(bob.stdout.readline(), "hello\n")
        self.finish(alice)
        self.assertEqual(bob.stdout.readline(), "* alice has gone\n")
        self.finish(bob)

    def test_the_chat_tells_who_was_there_before(self):
        alice = start("07_chat", "alice")
        for name in "bob", "carol":
            late = start("07_chat", name)
            self.assertEqual(late.stdout.readline(), "* alice is here\n")
            self.finish(late)
        self.finish(alice)

    def test_a_batch_arrives_line_by_line(self):
        receiver = start("01_receive", "239.1.1.1:5003", "lo")
        self.assertEqual(receiver.stdout.readline(), "joined\n")
        batch = start("08_send_batch", "239.1.1.1:5003", "lo")
        output, _ = batch.communicate("one\ntwo\nthree\n", timeout=20)
        self.assertEqual(output, "sent 3 of 3 datagrams, 11 bytes\n")
        self.assertRegex(self.finish(receiver), "sent one by .*\n.*sent two by .*\n.*sent three by")

    def test_a_batch_names_what_could_not_be_sent(self):
        batch = start("08_send_batch", "239.1.1.1:5004", "lo")
        output, _ = batch.communicate("x" * 65508 + "\nsmall\n", timeout=20)
        self.assertIn("line 1: ", output)
        self.assertIn("sent 1 of 2 datagrams, 5 bytes\n", output)

    def test_a_text_goes_to_every_group(self):
        groups = "239.1.1.1:5005", "239.1.1.2:5005"
        receivers = [start("01_receive", group, "lo") for group in groups]
        for receiver in receivers:
            self.assertEqual(receiver.stdout.readline(), "joined\n")
        for _ in range(3):
            output = self.finish(start("09_fan_out", "hello", "lo", *groups))
            self.assertEqual(output, "".join("%s: sent 5 bytes\n" % group for group in groups))
        for receiver in receivers:
            self.assertEqual(self.finish(receiver).count("sent hello by"), 3)

    def test_a_server_asks_all_its_peers_and_says_goodbye(self):
        servers = [start("10_async_server") for _ in range(3)]
        ports = [int(each.stdout.readline().split()[-1]) for each in servers]
        answer = ""
        deadline = time.monotonic() + 20
        while answer.count(": I am ") < 2 and time.monotonic() < deadline:
            with socket.create_connection(("127.0.0.1", ports[0]), 5) as client:
                client.sendall(b"all\n")
                answer = client.makefile().read()
        self.assertRegex(answer, r"\AI am \d+\n(\d+: I am \d+\n){2}\Z")
        for each in servers:
            each.terminate()
            output, _ = each.communicate(timeout=20)
            self.assertEqual((output, each.returncode), ("goodbye\n", 0))

    def test_ctrl_c_ends_what_runs_on(self):
        for name in "04_chart", "06_chart_with_typed_data", "07_chat", "10_async_server":
            program = start(name)
            time.sleep(0.5)
            program.send_signal(signal.SIGINT)
            self.finish(program)

    def test_an_error_is_one_line_and_status_1(self):
        for arguments in (["01_receive"], ["01_receive", "239.1.1.1:5000", "eht0"], ["03_send"],
                          ["02_receive_source_specific", "232.1.1.1:5000", "127.0.0.1", "eht0"],
                          ["05_receive_with_time_limit", "239.1.1.1:5000", "eht0"], ["08_send_batch"],
                          ["09_fan_out", "hello", "eht0", "239.1.1.1:5000"], ["11_redundant_feed"],
                          ["11_redundant_feed", "239.1.1.1:5000", "239.1.1.2:5000%eht0"]):
            failed = subprocess.run([os.path.join(DIRECTORY, arguments[0]), *arguments[1:]], text=True,
                                    stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
            self.assertEqual(failed.returncode, 1, arguments)
            self.assertRegex(failed.stderr, r"\A[^\n]+\n\Z", arguments)

    def test_two_lines_make_one_feed(self):
        lines = "239.1.1.1:5011%lo", "239.1.1.2:5011%lo"
        receiver = start("11_redundant_feed", *lines)
        self.assertEqual(receiver.stdout.readline(), "joined\n")
        self.finish(start("11_redundant_feed", *lines, "send", "250"))
        seen = []
        while len(seen) < 250:
            seen.append(receiver.stdout.readline())
        receiver.send_signal(signal.SIGINT)
        rest = self.finish(receiver)
        numbers = [int(line.split()[0]) for line in seen]
        self.assertEqual(numbers, list(range(1, 251)))
        for number, line in zip(numbers, seen):
            if number % 100 == 0:
                self.assertEqual(line, f"{number} is missing\n")
            else:
                self.assertRegex(line, rf"^{number} by line [01], \d+ bytes: {number} of 250$")
        self.assertIn("by line 1", seen[9])
        self.assertIn("by line 0", seen[10])
        self.assertRegex(rest, "line 0: .*datagrams: 225.*\nline 1: .*datagrams: 223.*\n.*missing: 2")


if __name__ == "__main__":
    unittest.main()
