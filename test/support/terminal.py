# SPDX-License-Identifier: BSL-1.0
"""Runs the rollcast command on a terminal: on one of tmux, which tells what its screen shows, or on
a bare one, which shows the bytes."""

import os
import pathlib
import pty
import re
import select
import shlex
import subprocess
import tempfile
import termios
import time

import laboratory

COLOURS = {"red": 31, "green": 32, "yellow": 33}


class Terminal:
    """A window with a shell's work in it, until the test ends."""

    def __init__(self, test, command, columns=100, rows=24, **environment):
        laboratory.need("tmux")
        self.test = test
        self.folder = tempfile.TemporaryDirectory(prefix="rollcast-terminal",
                                                  ignore_cleanup_errors=True)
        test.addCleanup(self.folder.cleanup)
        # None of the user's own settings, and characters of more than one byte.
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": self.folder.name,
                            "HOME": self.folder.name, "SHELL": "/bin/bash", "HISTFILE": ""}
        self.environment.pop("NO_COLOR", None)
        self.environment.update(environment)
        self.tmux("-f", os.devnull, "new-session", "-d", "-x", columns, "-y", rows, command)
        test.addCleanup(self.close)

    @classmethod
    def running(cls, test, *arguments, **options):
        """The command itself; how it ended stands below what it has left on the screen."""
        command = shlex.join(laboratory.command_line([str(each) for each in arguments]))
        return cls(test, f"echo before; {command}; echo status $?; exec cat", **options)

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-u", *map(str, arguments)], env=self.environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def lines(self, colours=False):
        options = ["-e"] if colours else []
        return [each.rstrip() for each in self.tmux("capture-pane", "-p", *options).split("\n")]

    def text(self):
        return "\n".join(self.lines())

    def expect(self, pattern, within=laboratory.PATIENCE):
        """Waits until a line of the screen has this, and gives the line."""
        found = []

        def seen():
            found[:] = [each for each in self.lines() if re.search(pattern, each)]
            return bool(found)

        laboratory.wait_until(self.test, seen, within,
                              lambda: f"no line with {pattern}:\n{self.text()}")
        return found[0]

    def expect_coloured(self, word, colour):
        """Waits until the word stands there in this colour."""
        pattern = rf"\x1b\[(\d+;)*{COLOURS[colour]}m(\x1b\[49m)? *{word}"
        laboratory.wait_until(
            self.test, lambda: re.search(pattern, "\n".join(self.lines(colours=True))),
            why=lambda: f"no {colour} {word}:\n{self.text()}")

    def expect_never(self, pattern):
        self.test.assertNotRegex(self.text(), pattern)

    def type(self, *keys):
        self.tmux("send-keys", *keys)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", columns, "-y", rows)

    def state_of(self, name):
        """The letter of the process of this name that the window's shell has started."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        children = pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        for each in children:
            # What stands behind the name in parentheses.
            told, _, rest = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(") ")
            if told.endswith(f"({name}"):
                return rest[0]
        self.test.fail(f"no process {name} in the window:\n{self.text()}")

    def hang_up(self):
        self.tmux("kill-server")

    def close(self):
        subprocess.run(["tmux", "kill-server"], env=self.environment, capture_output=True,
                       check=False)


class Pty:
    """A bare terminal, whose bytes are seen as they come."""

    def __init__(self, test, *arguments, stdout=None, columns=80):
        self.test = test
        self.master, self.slave = pty.openpty()
        test.addCleanup(os.close, self.master)
        test.addCleanup(os.close, self.slave)
        termios.tcsetwinsize(self.slave, (24, columns))
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            laboratory.command_line([str(each) for each in arguments]), stdin=self.slave,
            stdout=stdout or self.slave, stderr=self.slave, env={**os.environ, "TERM": "xterm"})
        test.addCleanup(self.process.wait)
        test.addCleanup(self.process.kill)
        if self.process.stdout:
            test.addCleanup(self.process.stdout.close)
        self.seen = b""

    def read(self, seconds):
        """All that comes within this time."""
        deadline = time.monotonic() + seconds
        start = len(self.seen)
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                self.seen += os.read(self.master, 65536)
        return self.seen[start:]

    def expect(self, text, within=laboratory.PATIENCE):
        start = len(self.seen)
        laboratory.wait_until(self.test, lambda: text in self.read(0.05) or
                              text in self.seen[start:], within, lambda: repr(self.seen[start:]))
