#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Starts the example of the README as often as it says, and looks at what it prints."""
import signal
import subprocess
import sys
import unittest


class Readme(unittest.TestCase):
    def test_three_of_five_find_each_other(self):
        instances = [subprocess.Popen([EXAMPLE], stdout=subprocess.PIPE, text=True) for _ in range(3)]
        try:
            for instance in instances:
                for _ in range(2):
                    self.assertRegex(instance.stdout.readline(), r"^[0-9]+ is at 127\.0\.0\.1:8042$")
        finally:
            for instance in instances:
                instance.terminate()
        for instance in instances:
            instance.communicate(timeout=20)
            self.assertEqual(instance.returncode, 0)

    def test_a_mistyped_interface_is_named_and_ends_it(self):
        mistyped = subprocess.run([MISTYPED], capture_output=True, text=True, timeout=20)
        self.assertEqual((mistyped.returncode, mistyped.stdout), (1, ""))
        self.assertRegex(mistyped.stderr, r"\A.*\beht0\b.*no such interface.*\n\Z")

    def test_ctrl_c_ends_it_in_order(self):
        alone = subprocess.Popen([EXAMPLE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with self.assertRaises(subprocess.TimeoutExpired):
            alone.communicate(timeout=1)
        alone.send_signal(signal.SIGINT)
        self.assertEqual(alone.communicate(timeout=20), ("", ""))
        self.assertEqual(alone.returncode, 0)


if __name__ == "__main__":
    EXAMPLE, MISTYPED = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main()
