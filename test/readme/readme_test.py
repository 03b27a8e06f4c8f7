#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Starts the example of the README as often as it says, and looks at what it prints."""
import subprocess
import sys
import unittest


class Readme(unittest.TestCase):
    def test_three_of_five_find_each_other(self):
        instances = [subprocess.Popen([EXAMPLE], stdout=subprocess.PIPE, text=True) for _ in range(3)]
        for instance in instances:
            output, _ = instance.communicate(timeout=20)
            self.assertEqual(instance.returncode, 0)
            self.assertRegex(output, r"\A([0-9]+ is at 127\.0\.0\.1:8042\n){1,2}\Z")


if __name__ == "__main__":
    EXAMPLE = sys.argv.pop(1)
    unittest.main()
