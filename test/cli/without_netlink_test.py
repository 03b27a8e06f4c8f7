# SPDX-License-Identifier: BSL-1.0
"""The command where the system denies it netlink sockets: what they are for is a nicety."""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

import laboratory

FORBIDDING = pathlib.Path(laboratory.__file__).with_name("without_netlink.py")
GROUP = "239.1.1.1"
LO = ("--interface", "lo")


class WithoutNetlinkTest(laboratory.CommandTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if subprocess.run([sys.executable, FORBIDDING, "true"], check=False).returncode == 77:
            raise unittest.SkipTest("the system calls of this machine are not known")
        command = os.environ["ROLLCAST"]
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.addClassCleanup(os.environ.__setitem__, "ROLLCAST", command)
        wrapper = pathlib.Path(folder.name) / "rollcast"
        wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FORBIDDING}" "{command}" "$@"\n', encoding="utf-8")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        os.environ["ROLLCAST"] = str(wrapper)

    def test_it_receives_and_sends(self):
        receiver = self.start("recv", GROUP, 5100, *LO, "--count", 1)
        self.assertEqual(receiver.expect("joined")["interfaces"], ["lo"])
        ended = self.run_command("send", GROUP, 5100, "hello", *LO, "--quiet")
        self.assertEqual((ended.status, ended.errors), (0, ""))
        self.assertEqual(receiver.expect("packet")["payload"], "hello")
        self.assertEqual(receiver.wait(), 0)

    def test_a_chart_finds_others(self):
        name = self.id()
        one, other = (self.start("chart", "--local", "--name", name, "--id", each, "--port", 8000 + each)
                      for each in (1, 2))
        one.expect("found", id=2)
        other.expect("found", id=1)
        self.assertEqual(one.end()["event"], "chart")
        other.expect("left", id=1)

    def test_what_is_missing_is_still_named(self):
        ended = self.run_command("recv", GROUP, 5101)
        self.assertEqual(ended.status, 1)
        self.assertIn("no route leads to the group", ended.errors)
        ended = self.run_command("recv", GROUP, 5101, "--interface", "eht0")
        self.assertIn("eht0: no such interface", ended.errors)


if __name__ == "__main__":
    laboratory.main()
