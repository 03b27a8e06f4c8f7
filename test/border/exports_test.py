# SPDX-License-Identifier: BSL-1.0
"""What a shared librollcast shows: what is public, and of Asio only what has to be one on both sides."""
import os
import pathlib
import re
import subprocess
import unittest

LIBRARY = os.environ["LIBRARY"]
OBJECTS = os.environ["OBJECTS"].split(":")
HEADERS = pathlib.Path(os.environ["HEADERS"])

# What a public header says at the beginning of a line: a class, or a function without a body in sight.
DECLARATION = re.compile(r"^(?:(?:class|struct) (?:\w+ )*?(\w+)(?: :.*)? \{|(?!using|inline|template|return)[a-zA-Z][\w:<>, &]* (\w+)\()", re.M)


def lines_of(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()


def symbols_of(*arguments):
    """Kind and name of what is defined there."""
    lines = lines_of("nm", "-C", "--defined-only", *arguments)
    return [match.groups() for line in lines if (match := re.match(r"[0-9a-f]+ (\w) (.*)", line))]


NAMESPACE = re.compile(r"^namespace (rollcast[\w:]*) \{$", re.M)
TYPE = re.compile(r"^(?:struct|class|enum class) (\w+)", re.M)


def declared_names():
    """Each name with its namespace."""
    headers = [header for header in HEADERS.glob("**/*.hpp") if "detail" not in header.parts]
    found = set()
    for header in headers:
        parts = NAMESPACE.split(header.read_text())
        for room, text in zip(parts[1::2], parts[2::2]):
            found |= {f"{room}::{name}" for names in DECLARATION.findall(text) for name in names if name}
    return found


def private_types():
    """Those that only the library's own headers have, in namespaces that are public as well."""
    texts = [header.read_text() for header in (HEADERS.parents[1] / "src/announce").glob("*.hpp")]
    return {name for text in texts for name in TYPE.findall(text)}


class Exports(unittest.TestCase):
    def setUp(self):
        self.names = [name for _, name in symbols_of("-D", LIBRARY)]

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

    def test_all_that_public_headers_declare_is_shown(self):
        public = declared_names()
        self.assertLessEqual({"rollcast::chart", "rollcast::subscription", "rollcast::net::list_interfaces",
                              "rollcast::category"}, public)
        private = re.compile(r"rollcast::(?:" + "|".join(sorted(private_types())) + r")\b")
        self.assertTrue(private.search("to_string(rollcast::announcement const&)"))
        defined = {name for kind, name in symbols_of(*OBJECTS) if kind == "T"}
        of_a_room = re.compile(r"(rollcast::(?:(?:net|announce|metrics)::)?\w+)(?!.*::state::)")
        missing = [name for name in sorted(defined - set(self.names))
                   if (match := of_a_room.match(name)) and match[1] in public and not private.search(name)]
        self.assertEqual(missing, [], "not marked ROLLCAST_EXPORT")

    def test_its_name_has_the_version_of_its_interface(self):
        dynamic = "\n".join(lines_of("readelf", "-d", LIBRARY))
        self.assertRegex(dynamic, r"SONAME.*\[librollcast\.so\.\d+\.\d+\]")


if __name__ == "__main__":
    unittest.main()
