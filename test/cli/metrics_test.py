# SPDX-License-Identifier: BSL-1.0
"""The files of metrics that rollcast recv and send write, and what they refuse to write."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "metrics_files"))
import heimdall_checker  # noqa: E402  (found by the path above)
import laboratory

GROUP = "239.1.1.1"
LO = ("--interface", "lo")


class MetricsTest(laboratory.CommandTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "node-7"
        self.folder.mkdir()

    def check(self, path):
        """The samples of a file and of the one beside it, which both are as they should be."""
        hardware = path.with_name(path.stem + "_hardware" + path.suffix)
        for each in (path, hardware):
            self.assertEqual(list(heimdall_checker.complaints(each)), [])
        self.assertGreater(len(heimdall_checker.samples(hardware)), 0)
        return heimdall_checker.samples(path)

    def header(self, path):
        with open(path, encoding="utf-8") as file:
            return heimdall_checker.parse(file.readline())

    def test_receiver_and_sender_write_what_the_format_asks_for(self):
        received, sent = self.folder / "rx.jsonl", self.folder / "tx.jsonl"
        receiver = self.start("recv", GROUP, 5100, *LO, "--quiet", "--metrics-file", received,
                              "--metrics-interval", "0.1")
        receiver.expect("joined")
        sender = self.start("send", GROUP, 5100, "hello", *LO, "--count", 50, "--rate", 100,
                            "--quiet", "--metrics-file", sent, "--metrics-interval", "0.1")
        self.assertEqual(sender.wait(), 0)
        receiver.end()
        for path, packets in ((received, "packets_received_total"), (sent, "packets_sent_total")):
            samples = self.check(path)
            self.assertGreater(len(samples), 3)
            self.assertEqual(samples[-1][packets], 50)
        self.assertEqual(self.header(received)["node_id"], "node-7")
        self.assertEqual(self.header(received)["flags"]["multicast_interface"], "lo")
        self.assertEqual(self.header(sent)["flags"]["pacing"], "fixed-interval")

    def test_the_same_run_again_goes_on_with_its_file(self):
        path = self.folder / "tx.jsonl"
        for _ in range(2):
            self.run_command("send", GROUP, 5101, "x", *LO, "--quiet", "--metrics-file", path)
        self.assertEqual(len(self.check(path)), 2)

    def test_a_file_of_another_run_is_left_alone(self):
        path = self.folder / "tx.jsonl"
        self.run_command("send", GROUP, 5102, "x", *LO, "--quiet", "--metrics-file", path)
        before = path.read_bytes()
        result = self.run_command("send", GROUP, 5103, "x", *LO, "--metrics-file", path)
        self.one_line(result, 1, "--metrics-file", "same header")
        self.assertEqual(path.read_bytes(), before)
        notes = self.folder / "notes.txt"
        notes.write_text("not metrics\n")
        self.one_line(self.run_command("recv", GROUP, 5103, *LO, "--metrics-file", notes), 1,
                      "notes.txt")
        self.assertEqual(notes.read_text(), "not metrics\n")

    def test_a_file_that_cannot_be_written_is_named(self):
        for path in (self.folder, self.folder / "missing" / "rx.jsonl", "/dev/full"):
            self.one_line(self.run_command("recv", GROUP, 5104, *LO, "--metrics-file", path), 1,
                          "--metrics-file", str(path))
        for word, words in (("--metrics-interval", ("--metrics-interval", "1")),
                            ("--metrics-file", ("--metrics-file", "")),
                            ("--metrics-interval", ("--metrics-file", "x", "--metrics-interval", "0"))):
            self.one_line(self.run_command("recv", GROUP, 5104, *LO, *words), 2, word)

    def test_a_run_that_comes_to_nothing_leaves_no_file(self):
        path = self.folder / "rx.jsonl"
        taken = self.folder / "rx_hardware.jsonl"
        taken.write_text("not metrics\n")
        self.one_line(self.run_command("recv", GROUP, 5106, *LO, "--metrics-file", path), 1,
                      "rx_hardware.jsonl")
        self.assertEqual(os.listdir(self.folder), ["rx_hardware.jsonl"])
        self.assertEqual(taken.read_text(), "not metrics\n")
        taken.unlink()
        laboratory.keep_port(self, 5107)
        self.one_line(self.run_command("recv", GROUP, 5107, *LO, "--metrics-file", path), 1,
                      "5107")
        self.assertEqual(os.listdir(self.folder), [])
        path.touch()  # made by somebody else, and empty so far
        self.one_line(self.run_command("recv", GROUP, 5107, *LO, "--metrics-file", path), 1,
                      "5107")
        self.assertEqual(os.listdir(self.folder), ["rx.jsonl"])

    def test_the_environment_asks_for_the_same(self):
        path = self.folder / "env.jsonl"
        environment = {**os.environ, "MCTX_METRICS_SUMMARY_SECS": "0.1",
                       "MCTX_METRICS_SUMMARY_FILE": str(path), "MCTX_METRICS_NODE_ID": "node 8",
                       "MCTX_METRICS_FLAGS_JSON": '{"site": "lab"}'}
        send = laboratory.command_line(["send", GROUP, "5105", "x", *LO, "--count", "5", "--rate",
                                        "20", "--quiet"])
        subprocess.run(send, env=environment, check=True, capture_output=True)
        self.assertGreater(len(self.check(path)), 1)
        header = self.header(path)
        self.assertEqual((header["node_id"], header["flags"]["site"]), ("node 8", "lab"))
        del environment["MCTX_METRICS_SUMMARY_FILE"]
        done = subprocess.run(send, env=environment, check=True, capture_output=True, text=True)
        self.assertRegex(done.stderr, r"\A(\d\d:\d\d:\d\d  [\d.]+-[\d.]+ s(  | in all  )\d+ packets/s, "
                         r"[^\n]*\n)+\Z")
        for name, value in (("MCTX_METRICS_SUMMARY_SECS", "often"),
                            ("MCTX_METRICS_FLAGS_JSON", "[1]")):
            named = re.escape(f"{name}={value}")
            done = subprocess.run(send, env={**environment, name: value}, check=False,
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertRegex(done.stderr, rf"\Arollcast: {named}: [^\n]+\n\Z")


if __name__ == "__main__":
    laboratory.main()
