# SPDX-License-Identifier: BSL-1.0
"""What a shared librollcast shows: what is public, and of Asio only what has to be one on both sides."""
import os
import re
import subprocess
import unittest

LIBRARY = os.environ["LIBRARY"]


def lines_of(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()


class Exports(unittest.TestCase):
    def setUp(self):
        lines = lines_of("nm", "-DC", "--defined-only", LIBRARY)
        self.names = [re.sub(r"^[0-9a-f]* +\w ", "", line) for line in lines]

    def names_like(self, pattern):
        return [name for name in self.names if re.search(pattern, name)]

    def test_little_mentions_asio_or_detail(self):
        inside = self.names_like(r"asio|detail")
        self.assertLess(len(inside), 100, "\n".join(inside))

    def test_nothing_private_is_shown(self):
        self.assertEqual(self.names_like(r"::state::|^rollcast::(os|detail|receive|send)::"), [])

    def test_nothing_of_other_libraries_is_shown(self):
        shared = r"boost::asio::(detail::(call_stack|keyword_tss_ptr|posix_global_impl)<|.*category)|target_fns_table"
        foreign = [name for name in self.names if "rollcast" not in name and not re.search(shared, name)]
        self.assertEqual(foreign, [])

    def test_asio_finds_the_loop_of_a_thread_on_both_sides(self):
        self.assertTrue(self.names_like(r"keyword_tss_ptr<.*call_stack<.*thread_context.*::value_"))

    def test_what_is_public_is_shown(self):
        for name in "chart::chart(", "subscription::recv(", "publication::send(", "category()", "net::group::parse(":
            self.assertTrue([each for each in self.names if f"rollcast::{name}" in each], name)

    def test_its_name_has_the_version_of_its_interface(self):
        dynamic = "\n".join(lines_of("readelf", "-d", LIBRARY))
        self.assertRegex(dynamic, r"SONAME.*\[librollcast\.so\.\d+\.\d+\]")


if __name__ == "__main__":
    unittest.main()
