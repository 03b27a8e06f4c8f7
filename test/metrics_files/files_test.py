# SPDX-License-Identifier: BSL-1.0
"""Files of metrics that the library wrote, read by somebody else: files_test.py WRITER."""

import fcntl
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import heimdall_checker as checker

WRITER = sys.argv.pop(1)
NAMES = ("receive.jsonl", "send.jsonl", "receive_hardware.jsonl", "send_hardware.jsonl")
SAMPLES_A_RUN = 4
TIME_LIMIT = 30


def run(*arguments):
    return subprocess.run([WRITER, *map(str, arguments)], capture_output=True, text=True, timeout=TIME_LIMIT)


class FilesTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name) / "node-0001"
        self.folder.mkdir()

    def write(self):
        done = run(self.folder)
        self.assertEqual((0, ""), (done.returncode, done.stderr))

    def lines(self, name):
        return (self.folder / name).read_text().splitlines()

    def header(self, name):
        return json.loads(self.lines(name)[0])

    def complaints(self):
        return [each for name in NAMES for each in checker.complaints(self.folder / name)]


class Written(FilesTest):
    def test_every_file_is_right(self):
        self.write()
        self.assertEqual([], self.complaints())
        for name in NAMES:
            self.assertEqual(SAMPLES_A_RUN, len(checker.samples(self.folder / name)), name)

    def test_headers_name_node_producer_and_artifact(self):
        self.write()
        expected = {
            "receive.jsonl": ("mcrx-network", "rollcast/recv", "receiver"),
            "receive_hardware.jsonl": ("process-hardware", "rollcast/recv", "receiver"),
            "send.jsonl": ("mctx-network", "rollcast/send", "sender"),
            "send_hardware.jsonl": ("process-hardware", "rollcast/send", "sender"),
        }
        for name, (artifact, producer, role) in expected.items():
            header = self.header(name)
            self.assertEqual(("node-0001", artifact, producer, role),
                             (header["node_id"], header["artifact_type"], header["producer"], header["flags"]["role"]))
        self.assertEqual("baseline", self.header("receive.jsonl")["flags"]["experiment"])

    def test_samples_tell_what_was_counted(self):
        self.write()
        for number, sample in enumerate(checker.samples(self.folder / "receive.jsonl"), 2):
            self.assertEqual((10 * number, 10), (sample["packets_received_total"], sample["packets_received_delta"]))
            self.assertGreater(sample["interval_secs"], 0)
        for number, sample in enumerate(checker.samples(self.folder / "send.jsonl"), 2):
            self.assertEqual((900 * number, 900), (sample["bytes_sent_total"], sample["bytes_sent_delta"]))
        for sample in checker.samples(self.folder / "send_hardware.jsonl"):
            self.assertEqual(1, sample["thread_count"])
            self.assertGreater(sample["rss_bytes"], 0)

    def test_a_second_run_goes_on_below_the_same_header(self):
        self.write()
        before = {name: self.lines(name) for name in NAMES}
        self.write()
        self.assertEqual([], self.complaints())
        for name in NAMES:
            self.assertEqual(before[name], self.lines(name)[: len(before[name])])
            self.assertEqual(2 * SAMPLES_A_RUN, len(checker.samples(self.folder / name)), name)

    def test_a_torn_file_is_refused_and_left_alone(self):
        self.write()
        path = self.folder / "send.jsonl"
        torn = path.read_bytes()[:-20]
        path.write_bytes(torn)
        done = run(self.folder)
        self.assertEqual(1, done.returncode)
        self.assertIn("does not continue", done.stderr)
        self.assertEqual(torn, path.read_bytes())


class Locked(FilesTest):
    def hold(self):
        path = self.folder / "receive.jsonl"
        holder = subprocess.Popen([WRITER, "--hold", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.__exit__, None, None, None)
        self.addCleanup(holder.kill)
        self.assertEqual("held\n", holder.stdout.readline())
        return holder, path

    def test_a_second_process_may_not_write_until_the_first_has_ended(self):
        for end in (lambda holder: holder.stdin.close(), lambda holder: holder.kill()):
            holder, path = self.hold()
            before = path.read_bytes()
            refused = run(self.folder)
            self.assertEqual(1, refused.returncode)
            self.assertIn("another writer", refused.stderr)
            self.assertEqual(before, path.read_bytes())
            end(holder)
            holder.wait(TIME_LIMIT)
            self.write()

    def test_the_lock_is_one_that_other_programs_know(self):
        _, path = self.hold()
        with open(path, "rb") as file, self.assertRaises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


# What is done to the text of a file that is right, and what must then be said about it.
DAMAGES = [
    ("receive.jsonl", lambda text: text[:-1], "does not end"),
    ("receive.jsonl", lambda text: "", "no header"),
    ("receive.jsonl", lambda text: text.split("\n", 1)[1], "keys of the header"),
    ("receive.jsonl", lambda text: text + text, "a sample has"),
    ("receive.jsonl", lambda text: text.replace("heimdall-jsonl-v1", "heimdall-jsonl-v2"), "the schema"),
    ("receive.jsonl", lambda text: text.replace("mcrx-network", "mcrx"), "the artifact type"),
    ("receive.jsonl", lambda text: text.replace('"created_at":', '"created_at":null,"d":', 1), "keys of the header"),
    ("receive.jsonl", lambda text: text.replace('"node-0001"', '""'), "node_id"),
    ("receive.jsonl", lambda text: text.replace('"ssm"', '"smm"'), "join_mode"),
    ("receive.jsonl", lambda text: text.replace('"source_addr"', '"source_add"'), "source_addr"),
    ("receive.jsonl", lambda text: text.replace('"bytes_per_sec"', '"bytes_per_second"'), "missing"),
    ("receive.jsonl", lambda text: text.replace('"ts":', '"tt":1,"ts":'), "alphabetical"),
    ("receive.jsonl", lambda text: text.replace('"ts":', '"ts":1,"ts":'), "twice"),
    ("receive.jsonl", lambda text: text.replace('"ts":', '"ts":NaN,"tt":'), "no JSON"),
    ("receive.jsonl", lambda text: text.replace('"ts":', '"ts":-'), "not a count"),
    ("receive.jsonl", lambda text: text.replace('_delta":10,', '_delta":10.5,'), "not a count"),
    ("receive.jsonl", lambda text: text.replace('_delta":10,', '_delta":11,'), "packets_per_sec"),
    ("receive.jsonl", lambda text: text.replace('"join_count_delta":0', '"join_count_delta":3'), "more than its total"),
    ("receive.jsonl", lambda text: text.replace("}\n", "}}\n"), "Extra data"),
    ("send.jsonl", lambda text: text.replace('"pacing"', '"pacingg"'), "pacing"),
    ("send.jsonl", lambda text: text.replace('"multicast_port":5000', '"multicast_port":"5000"'), "multicast_port"),
    ("send_hardware.jsonl", lambda text: text.replace('"cpu_total_secs":', '"cpu_total_secs":7'), "cpu_total_secs"),
    ("send_hardware.jsonl", lambda text: text.replace('"cpu_util_percent":', '"cpu_util_percent":777'), "cpu_util"),
    ("send_hardware.jsonl", lambda text: text.replace('"rss_bytes"', '"rss"'), "rss_bytes"),
]


class Checker(FilesTest):
    def test_every_damage_is_seen(self):
        self.write()
        for name, damage, complaint in DAMAGES:
            with self.subTest(complaint=complaint, name=name):
                text = (self.folder / name).read_text()
                damaged = self.folder / "damaged.jsonl"
                damaged.write_text(damage(text))
                self.assertNotEqual(text, damaged.read_text())
                self.assertIn(complaint, "\n".join(checker.complaints(damaged)))


if __name__ == "__main__":
    unittest.main()
