# SPDX-License-Identifier: BSL-1.0
"""rollcast chart on a terminal: what the screen shows, and what is typed."""

import os
import re
import shlex
import signal
import subprocess
import termios

import laboratory
from terminal import Pty, Terminal

CLEARS = re.compile(rb"\x1b\[[0-3]?J")  # a part of the screen, or all of it


class LiveTest(laboratory.CommandTest):
    def table(self, *options, **window):
        window = Terminal.running(self, "chart", "--local", "--name", self.id(), "--id", 1,
                                  "--port", 8001, *options, **window)
        window.expect("EVENTS")
        return window

    def other(self, *options):
        command = self.start("chart", "--local", "--name", self.id(), *options)
        command.expect("started")
        return command

    def words(self, *options):
        """The command as it is typed."""
        return shlex.join([os.environ["ROLLCAST"], "chart", "--local", "--id", "1", "--name",
                           self.id(), *map(str, options)])

    def shell(self):
        """A shell that manages jobs and waits for commands."""
        window = Terminal(self, "exec bash --norc --noprofile -i")
        window.expect(r"[#$] *$")
        return window

    def stopped_table(self, line):
        """A shell in which a table was started by this line, and stopped again."""
        window = self.shell()
        window.type(line, "Enter")
        window.expect("EVENTS")
        window.type("C-z")
        window.expect("Stopped")
        return window

    def test_one_that_looks_on_says_so_and_does_not_count_itself(self):
        window = Terminal.running(self, "chart", "--local", "--name", self.id())
        window.expect(r"observer \d+ on lo, observing 239.255.42.98:8080")
        window.expect("^nobody is here")
        self.other("--id", 27)
        window.expect("^1 instance *$")
        Terminal.running(self, "chart", "--local", "--name", self.id() + "alone")
        two = Terminal.running(self, "chart", "--local", "--name", self.id() + "alone")
        two.expect("only observers here; give --port or --announce")

    def test_it_shows_who_is_there(self):
        window = self.table()
        window.expect("instance 1 on lo, meeting in 239.255.42.98:8080")
        window.expect("^only this instance")
        window.expect("ID +STATE +ENDPOINTS +DATA +AGE +SINCE")
        self.other("--id", 27, "--port", 8027, "--data", "v1.2 grün 漢字")
        row = window.expect(r"^ *27 +alive")
        self.assertRegex(row, r"127.0.0.1:8027\b.* v1.2 grün 漢字 +\d+s +\d\d:\d\d:\d\d$")
        window.expect("2 instances, this one included")
        window.expect(r"\d\d:\d\d:\d\d +found 27 at .*v1.2 grün 漢字")
        window.expect_coloured("alive", "green")

    def test_it_follows_what_changes(self):
        window = self.table("--detection-time", 2)
        other = self.start("chart", "--local", "--name", self.id(), "--id", 5, "--data", "-",
                           "--detection-time", 2, feed=True)
        window.expect("5 +alive")
        other.write("first\n")
        window.expect("5 +alive .*first")
        other.write("second\n")
        window.expect("5 +alive .*second")
        window.expect("updated 5 at .*second")
        other.kill(signal.SIGKILL)
        window.expect("5 +gone .*second")
        window.expect_coloured("gone", "red")
        window.expect("only this instance, 1 gone")
        window.expect(r"\d\d:\d\d:\d\d +suspect 5$")
        window.expect(r"\d\d:\d\d:\d\d +gone 5$")
        third = self.other("--id", 6)
        window.expect("6 +alive")
        third.end()
        window.expect("6 +left")

    def test_one_that_is_suspected_is_yellow(self):
        window = self.table("--detection-time", 12)
        other = self.other("--id", 5, "--detection-time", 12)
        window.expect("5 +alive")
        other.kill(signal.SIGSTOP)
        self.addCleanup(other.kill, signal.SIGCONT)
        window.expect("5 +suspect", within=30)
        window.expect_coloured("suspect", "yellow")
        other.kill(signal.SIGCONT)
        window.expect("5 +alive")
        window.expect("refuted 5")

    def test_ages_grow_by_themselves(self):
        window = self.table("--detection-time", 60)
        self.other("--id", 5, "--detection-time", 60)
        window.expect(" 5 +alive .* [2-9]s +")

    def test_it_fits_the_window(self):
        window = self.table()
        self.other("--id", 5, "--port", 8005, "--port", 8006, "--data", "x" * 300)
        window.expect("5 +alive .*8005, 127.0.0.1:8006.* x+…")
        for columns, rows in ((60, 12), (30, 8), (16, 4), (1, 1), (200, 50), (80, 24)):
            window.resize(columns, rows)
            laboratory.wait_until(self, lambda: self.fits(window, columns, rows), why=window.text)
        window.expect("EVENTS")

    def fits(self, window, columns, rows):
        """Whether each line stands where it should, so that none has gone on in the next one."""
        lines = window.lines()
        keys = "q quits   Up and Down scroll"[:columns - 1]
        return (lines[rows - 1].startswith(keys)
                and (rows < 4 or lines[0].startswith("rollcast chart"[:columns - 1]))
                and (rows < 4 or re.match("^ *ID +ST", lines[2]))
                and (rows < 8 or any("5  alive" in each for each in lines)))

    def test_a_long_chart_is_scrolled(self):
        window = self.table(rows=14)
        others = [self.other("--id", 100 + each) for each in range(12)]
        window.expect("1 to 5 of 12")
        window.expect("100 +alive")
        window.type("Down")
        window.expect("2 to 6 of 12")
        window.type("PageDown")
        window.expect("7 to 11 of 12")
        window.type("End")
        window.expect("8 to 12 of 12")
        window.expect("111 +alive")
        window.type("Up")
        window.expect("7 to 11 of 12")
        window.type("Home")
        window.expect("1 to 5 of 12")
        window.type("x", "Enter", "Left")  # mean nothing
        window.expect("1 to 5 of 12")
        self.assertEqual(len(others), 12)

    def test_q_and_ctrl_c_end_it_and_put_the_terminal_back(self):
        for key in ("q", "C-c"):
            window = self.table()
            other = self.other("--id", 5, "--port", 8005)
            window.expect("5 +alive")
            window.expect_never("before")
            window.type(key)
            window.expect("^status 0")
            window.expect("^1 known beside this one")
            window.expect("^ +5 alive at 127.0.0.1:8005")
            window.expect("^before")
            window.expect_never("EVENTS")
            window.type("typed")  # is echoed again
            window.expect("^typed")
            other.expect("left", id=1)
            other.dispose()

    def test_until_and_timeout_end_the_table_too(self):
        window = self.table("--until", 2)
        other = self.other("--id", 5)
        window.expect("^status 0")
        other.dispose()
        window = self.table("--until", 3, "--timeout", 5)
        window.expect("^status 1")

    def test_a_window_that_is_closed_says_goodbye(self):
        window = self.table("--detection-time", 60)
        other = self.other("--id", 5, "--detection-time", 60)
        window.expect("5 +alive")
        window.hang_up()
        other.expect("left", id=1)

    def test_it_is_stopped_and_goes_on_as_the_shell_wants(self):
        window = self.stopped_table(self.words("--detection-time", 30))
        window.expect_never("EVENTS")
        window.type("echo the shell lives", "Enter")
        window.expect("^the shell lives")
        window.type("fg", "Enter")
        window.expect("EVENTS")
        window.expect_never("the shell lives")
        self.other("--id", 5)
        window.expect("5 +alive")
        window.type("q")
        window.expect("1 known beside this one")

    def test_data_from_a_pipe_goes_on_after_a_stop(self):
        feed = "n=0; while sleep 0.1; do n=$((n+1)); echo line $n; done"
        command = self.words("--detection-time", 30, "--data", "-")
        window = self.shell()
        window.type(f"({feed}) | {command}", "Enter")
        window.expect("EVENTS")
        other = self.other("--id", 5, "--detection-time", 30)
        other.expect("found", id=1)
        for _ in range(3):
            window.type("C-z")
            window.expect("Stopped")
            window.type("fg", "Enter")
            window.expect("EVENTS")
            seen = len(other.seen("updated", id=1))
            other.expect("updated", id=1, times=seen + 3)

    def test_after_a_stop_the_shell_finds_its_screen_again(self):
        window = self.stopped_table(self.words())
        window.type("seq 91 95", "Enter")
        window.expect("^95$")
        window.type("fg", "Enter")
        window.expect("EVENTS")
        window.type("q")
        window.expect("^0 known beside this one")
        for line in ("Stopped", *map(str, range(91, 96))):
            window.expect(line)
        self.assertLess(window.lines().index("95"), window.lines().index("0 known beside this one"))

    def test_in_the_background_of_a_shell_it_writes_lines(self):
        window = self.shell()
        window.type(self.words("--timeout", 5) + " &", "Enter")
        window.expect("started 1 on lo")
        other = self.other("--id", 5)
        other.expect("found", id=1)
        window.expect("(^|[#$] )found 5")  # behind the prompt, unless that came in time
        window.expect_never("EVENTS")
        other.expect("left", id=1)

    def test_sent_to_the_background_it_leaves_the_terminal_to_the_shell(self):
        window = self.stopped_table(self.words("--detection-time", 60))
        window.type("bg", "Enter")
        window.type("echo the shell still lives", "Enter")
        window.expect("^the shell still lives")
        # It is stopped when it wants to draw.
        laboratory.wait_until(self, lambda: window.state_of("rollcast") == "T")
        window.expect_never("EVENTS")
        window.type("fg", "Enter")
        window.expect("EVENTS")
        window.type("q")
        window.expect("known beside this one")

    def test_quitting_leaves_the_terminal_in_order(self):
        window = self.table("--detection-time", 30)
        window.type("C-\\")
        window.expect("^status 131")
        window.expect("^before")
        window.expect_never("EVENTS")
        self.assertEqual(window.tmux("display-message", "-p", "#{cursor_flag}").strip(), "1")

    def test_without_a_shell_that_could_continue_it_is_not_stopped(self):
        window = Terminal(self, "exec " + self.words())
        window.expect("EVENTS")
        window.type("C-z")
        self.other("--id", 5)
        window.expect("5 +alive")

    def test_lines_where_a_table_is_not_wanted_or_not_possible(self):
        for options, environment in ((["--plain"], {}), ([], {"TERM": "dumb"}),
                                     ([], {"TERM": "no-such-terminal"})):
            with self.subTest(options=options, environment=environment):
                command = " ".join([os.environ["ROLLCAST"], "chart", "--local", "--id", "1",
                                    "--name", self.id(), *options])
                setting = " ".join(f"{name}={value}" for name, value in environment.items())
                window = Terminal(self, f"{setting} {command}; exec cat")
                time_of_day = "[0-9:]{8}  " if options else ""
                window.expect(f"^{time_of_day}started 1 on lo")
                window.expect_never("EVENTS|STATE")
                window.close()

    def test_json_on_a_terminal_is_json(self):
        window = Terminal.running(self, "chart", "--local", "--name", self.id(), "--json",
                                  "--timeout", 1)
        window.expect('^{"event":"started"')
        window.expect("^status 0")

    def test_data_that_is_typed_goes_to_the_others(self):
        window = Terminal.running(self, "chart", "--local", "--name", self.id(), "--id", 1,
                                  "--data", "-")
        window.expect("^started 1")
        other = self.other("--id", 5)
        window.expect("^found 5")
        window.type("quit?", "Enter")  # q is no key here
        other.expect("updated", id=1, data="quit?")
        window.expect("^quit[?]")

    def test_data_from_a_pipe_and_keys_from_the_terminal(self):
        command = " ".join([os.environ["ROLLCAST"], "chart", "--local", "--id", "1",
                            "--name", self.id(), "--data", "-"])
        too_much = "x" * 3000
        window = Terminal(
            self, f"(echo piped; echo {too_much}; sleep 100) | {command}; exec cat", columns=150)
        other = self.other("--id", 5)
        other.expect("found", id=1)
        window.expect("5 +alive")
        window.expect("data of 3000 bytes: .*kept the old")
        laboratory.wait_until(self, lambda: any(
            each.get("data") == "piped" for each in other.events))
        window.type("q")
        other.expect("left", id=1)

    def test_no_colours_where_they_are_not_wanted(self):
        window = self.table(NO_COLOR="1")
        self.other("--id", 5)
        window.expect("5 +alive")
        self.assertNotRegex("\n".join(window.lines(colours=True)), r"\x1b\[(\d+;)*3[0-7]m")

    def test_ascii_terminals_get_ascii(self):
        command = " ".join(["LC_ALL=C", os.environ["ROLLCAST"], "chart", "--local", "--id", "1",
                            "--name", self.id()])
        window = Terminal(self, f"{command}; exec cat")
        self.other("--id", 5, "--data", "grün" + "x" * 200)
        self.assertRegex(window.expect("5 +alive"), r"gr\?nx+~")


class BareTerminalTest(laboratory.CommandTest):
    def table(self, *options):
        terminal = Pty(self, "chart", "--local", "--name", self.id(), "--id", 1, *options)
        terminal.expect(b"EVENTS")
        return terminal

    def other(self, *options):
        command = self.start("chart", "--local", "--name", self.id(), *options)
        command.expect("started")
        return command

    def test_only_what_has_changed_is_written(self):
        terminal = self.table()
        others = [self.other("--id", each) for each in range(5, 9)]
        terminal.expect(b"found 8")
        terminal.read(0.5)
        quiet = terminal.read(3)
        self.assertIn(b"\x1b[", quiet)  # ages grow
        others[0].end()
        busy = terminal.read(2)
        self.assertIn(b"left", busy)
        for written in (quiet, busy):
            self.assertNotRegex(written, CLEARS)
        self.assertLess(len(quiet), 1000)
        self.assertLess(len(busy), 1000)

    def test_a_terminal_that_takes_nothing_does_not_silence_the_chart(self):
        terminal = self.table("--detection-time", 2)
        other = self.other("--id", 5, "--detection-time", 2)
        terminal.expect(b"found 5")
        termios.tcflow(terminal.slave, termios.TCOOFF)
        third = self.other("--id", 6)
        laboratory.pass_detection_times(self, other, 3, options=("--detection-time", 2))
        for each in (other, third):
            each.expect_never("gone", id=1)
        termios.tcflow(terminal.slave, termios.TCOON)
        terminal.expect(b"found 6")

    def test_a_terminal_that_nobody_reads_does_not_silence_the_chart(self):
        terminal = self.table("--detection-time", 2)
        other = self.start("chart", "--local", "--name", self.id(), "--id", 5, "--data", "-",
                           "--detection-time", 2, feed=True)
        third = self.other("--id", 6, "--detection-time", 2)
        other.expect("found", id=1)
        third.expect("found", id=5)
        for number in range(40):
            data = f"{number} " * 100
            other.write(data + "\n")
            third.expect("updated", id=5, data=data)
            termios.tcsetwinsize(terminal.slave, (60 + number % 2, 240))
            terminal.process.send_signal(signal.SIGWINCH)
        laboratory.pass_detection_times(self, other, 3, options=("--detection-time", 2))
        for event in ("suspect", "gone"):
            other.expect_never(event, id=1)
        terminal.process.terminate()
        other.expect("left", id=1)

    def test_without_a_controlling_terminal_it_reads_its_keys_too(self):
        terminal = self.table()
        os.write(terminal.master, b"q")
        terminal.expect(b"known beside this one")
        self.assertEqual(terminal.process.wait(laboratory.PATIENCE), 0)

    def test_it_leaves_the_terminal_as_it_was(self):
        terminal = self.table()
        self.assertNotEqual(termios.tcgetattr(terminal.slave), terminal.before)
        os.write(terminal.master, b"q")
        terminal.expect(b"known beside this one")
        self.assertEqual(terminal.process.wait(laboratory.PATIENCE), 0)
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)
        self.assertIn(b"\x1b[?1049h", terminal.seen)  # a screen of its own, and back
        self.assertIn(b"\x1b[?1049l", terminal.seen)

    def test_the_terminal_is_shared_with_others_as_it_was(self):
        terminal = self.table()
        os.write(terminal.master, b"\x1b[B")
        terminal.read(0.5)
        self.assertTrue(os.get_blocking(terminal.slave))


class ProgressTest(laboratory.CommandTest):
    def send(self, *options, **streams):
        return Pty(self, "send", "239.1.1.1", 5000, "x", "--interface", "lo", *options, **streams)

    def test_a_long_send_tells_how_far_it_is(self):
        terminal = self.send("--count", 4000, "--rate", 1000, "--quiet")
        terminal.expect(b" s left")
        told = re.search(rb"\r(\d+) of 4000, (\d+) %, (\d+)/s, (\d+) s left", terminal.seen)
        self.assertTrue(told, terminal.seen)
        done, percent, rate, left = map(int, told.groups())
        self.assertAlmostEqual(done / 40, percent, delta=1)
        self.assertAlmostEqual(left, (4000 - done) / rate, delta=1)
        terminal.expect(b"4000 packets, 4000 bytes, 0 errors\r\n")
        # The line is gone before the summary comes.
        self.assertRegex(terminal.seen, rb"\r {20,}\r4000 packets")
        self.assertEqual(terminal.process.wait(laboratory.PATIENCE), 0)

    def test_standard_output_in_a_pipe_keeps_free_of_it(self):
        terminal = self.send("--count", 300, "--rate", 150, stdout=subprocess.PIPE)
        terminal.expect(b" of 300, ")
        output = terminal.process.stdout.read().decode()
        self.assertEqual(len(output.splitlines()), 301)
        self.assertNotIn(" of 300, ", output)

    def test_what_is_short_or_says_enough_shows_none(self):
        for options in (["--count", 3, "--quiet"], ["--count", 200, "--rate", 100],
                        ["--count", 200, "--rate", 100, "--quiet", "--stats", 0.5]):
            terminal = self.send(*options)
            terminal.expect(b" packets, ")
            self.assertNotIn(b" left", terminal.seen)
            self.assertNotRegex(terminal.seen, rb" of \d+, ")

    def test_a_narrow_window_keeps_it_on_one_line(self):
        terminal = self.send("--count", 3000, "--rate", 1000, "--quiet", columns=12)
        terminal.expect(b"3000 packets")
        for line in re.findall(rb"\r([^\r]*)", terminal.seen)[:-2]:
            self.assertLess(len(line), 12)

    def test_an_error_stands_on_a_line_of_its_own(self):
        terminal = self.send("--count", 2000, "--rate", 200, "--quiet")
        terminal.expect(b" s left")
        laboratory.nft("""
            add table ip closed
            add chain ip closed out { type filter hook output priority 0; }
            add rule ip closed out udp dport 5000 drop
            """)
        self.addCleanup(laboratory.system, "nft", "delete", "table", "ip", "closed")
        terminal.expect(b"rollcast: 239.1.1.1:5000: ")
        self.assertRegex(terminal.seen, rb"\r +\rrollcast: 239.1.1.1:5000: ")


if __name__ == "__main__":
    laboratory.main()
