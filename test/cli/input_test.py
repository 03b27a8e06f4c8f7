# SPDX-License-Identifier: BSL-1.0
"""Commands that read standard input: every line of it, and none of them keeps the program from ending."""

import os
import pathlib
import pty
import signal
import subprocess
import tempfile
import termios
import threading
import time

import laboratory

GROUP = "239.1.1.1"
SOON = 5  # seconds for what takes none, on a machine that is busy with other things


class InputTest(laboratory.CommandTest):
    def setUp(self):
        # What waits for a lock of stdio at the end hangs with this, as it does by itself from glibc 2.41 on.
        self.environment = {**os.environ, "LD_PRELOAD": os.environ["ROLLCAST_LOCKING_LIBRARY"]}
        options = self.environment.get("ASAN_OPTIONS", "")
        self.environment["ASAN_OPTIONS"] = f"{options}:verify_asan_link_order=0"

    def readers(self):
        return {"chart": ["chart", "--local", "--name", self.id(), "--data", "-", "--plain"],
                "send": ["send", GROUP, "5080", "-", "--interface", "lo"]}

    def run_it(self, words, stdin, **streams):
        return self.start_as_is(laboratory.command_line(words), stdin=stdin,
                                stderr=subprocess.PIPE, env=self.environment, **streams)

    def wait_for_reader(self, process):
        """Until the thread that reads is there."""
        tasks = pathlib.Path(f"/proc/{process.pid}/task")
        laboratory.wait_until(self, lambda: len(list(tasks.iterdir())) > 1)

    def ends_well(self, process):
        self.wait_for_reader(process)
        process.terminate()
        self.assertEqual(process.wait(SOON), 0, process.stderr.read())
        self.assertEqual(process.stderr.read(), b"")

    def test_it_ends_while_a_pipe_stays_open(self):
        for name, words in self.readers().items():
            with self.subTest(name):
                reading, writing = os.pipe()
                self.addCleanup(os.close, writing)
                process = self.run_it(words, reading)
                os.close(reading)
                self.ends_well(process)

    def test_it_ends_while_a_terminal_stays_open_and_leaves_it_as_it_was(self):
        for name, words in self.readers().items():
            with self.subTest(name):
                master, slave = pty.openpty()
                self.addCleanup(os.close, master)
                self.addCleanup(os.close, slave)
                before = termios.tcgetattr(slave)
                process = self.run_it(words, slave)
                self.wait_for_reader(process)
                self.assertTrue(os.get_blocking(slave), "every program on it would feel that")
                self.ends_well(process)
                self.assertEqual(termios.tcgetattr(slave), before)

    def test_it_ends_while_somebody_else_has_taken_the_input(self):
        """Both are woken by one line, and one of them reads it; the other has to wait in the read."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(os.close, writing)
        three = [self.run_it(self.readers()["send"] + ["--quiet"], reading) for _ in range(3)]
        for each in three:
            self.wait_for_reader(each)
        for _ in range(50):
            os.write(writing, b"x\n")
        for each in three:
            each.terminate()
        for each in three:
            self.assertEqual(each.wait(SOON), 0)

    def test_a_job_in_the_background_that_reads_the_terminal_stops(self):
        """And goes on, and ends, in the foreground."""
        script = tempfile.NamedTemporaryFile("w", suffix=".sh")
        self.addCleanup(script.close)
        words = " ".join(["send", GROUP, "5080", "-", "--interface", "lo", "--quiet"])
        script.write(f"""
            set -m
            "$ROLLCAST" {words} &
            while ! grep -q '^State:.T' /proc/$!/status; do sleep 0.02; done
            echo stopped
            (sleep 0.5; kill -TERM $!) &
            fg %1
            echo ended $?
            """)
        script.flush()
        pid, master = pty.fork()
        if pid == 0:
            os.execvpe("bash", ["bash", script.name], self.environment)
        self.addCleanup(os.close, master)
        self.addCleanup(os.waitpid, pid, 0)
        self.addCleanup(os.kill, pid, signal.SIGKILL)
        seen = []

        def read():
            try:
                while got := os.read(master, 4096):
                    seen.append(got)
            except OSError:
                pass  # nobody has the terminal any more

        threading.Thread(target=read, daemon=True).start()
        laboratory.wait_until(self, lambda: b"ended 0" in b"".join(seen), why=lambda: repr(seen))
        self.assertIn(b"stopped", b"".join(seen))

    def received(self, feed, count, *options):
        """What arrives of what is fed, as the payloads."""
        receiver = self.start("recv", GROUP, 5081, "--interface", "lo", "--count", count,
                              "--timeout", laboratory.PATIENCE)
        receiver.expect("joined")
        sent = self.run_command("send", GROUP, 5081, "-", "--interface", "lo", *options, feed=feed)
        self.assertEqual(receiver.wait(), 0, sent.errors)
        return sent, [each["payload"] for each in receiver.seen("packet")]

    def test_every_line_is_one_whatever_is_in_it(self):
        feed = b"one\n\ntwo\0zero\r\n" + "ü".encode() + b"\n" + b"z" * 9000 + b"\nlast"
        sent, payloads = self.received(feed, 6)
        self.assertEqual((sent.status, sent.errors), (0, ""))
        self.assertEqual(payloads, ["one", "", "two\0zero\r", "ü", "z" * 9000, "last"])

    def test_a_line_without_end_takes_no_memory_without_end(self):
        feed = b"x" * 50_000_000 + b"\nshort\n"
        sent, payloads = self.received(feed, 1, "--quiet")
        self.assertEqual((sent.status, payloads), (1, ["short"]))
        self.assertRegex(sent.errors, r"\Arollcast: [^\n]*65507[^\n]*\n\Z")
        process = self.start_as_is(laboratory.command_line(
            ["send", GROUP, "5082", "-", "--interface", "lo"]), stdin=subprocess.PIPE)
        for _ in range(300):
            process.stdin.write(b"x" * 1_000_000)
        memory = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        self.assertLess(int(memory.split("VmRSS:")[1].split()[0]), 200_000)

    def test_files_that_end_at_once_end_it_at_once(self):
        for redirection in ("</dev/null", "<&-"):
            done = subprocess.run(
                ["sh", "-c", f'"$ROLLCAST" send {GROUP} 5083 - --interface lo {redirection}'],
                capture_output=True, timeout=laboratory.PATIENCE, check=False,
                env=self.environment)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b"0 packets", done.stdout)
        with tempfile.TemporaryFile() as file:
            file.write(b"a\nb\nc")
            file.seek(0)
            done = subprocess.run(laboratory.command_line(
                ["send", GROUP, "5083", "-", "--interface", "lo", "--quiet"]), stdin=file,
                capture_output=True, timeout=laboratory.PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, b"3 packets, 3 bytes, 0 errors\n"))

    def test_the_end_of_the_input_keeps_the_last_data_and_the_chart(self):
        words = ("--local", "--name", self.id())
        other = self.start("chart", *words, "--id", 1, "--port", 1)
        other.expect("started")
        typed = self.start("chart", *words, "--id", 2, "--data", "-", feed=True)
        typed.write("last words")
        typed.process.stdin.close()
        # It may be found with them.
        laboratory.wait_until(self, lambda: any(each.get("data") == "last words"
                                                for each in other.events))
        time.sleep(0.2)
        self.assertIsNone(typed.process.poll())
        other.expect_never("left")


if __name__ == "__main__":
    laboratory.main()
