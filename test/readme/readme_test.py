#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Starts the example of the README as often as it says, and looks at what it prints."""
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
                instance.kill()
                instance.communicate()


if __name__ == "__main__":
    EXAMPLE = sys.argv.pop(1)
    unittest.main()
