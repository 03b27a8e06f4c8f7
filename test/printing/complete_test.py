# SPDX-License-Identifier: BSL-1.0
"""Every public enum and struct prints: it is in the list of include/rollcast/fmt.hpp, or named here with the reason."""

import pathlib
import re
import unittest

HEADERS = pathlib.Path(__file__).resolve().parents[2] / "include" / "rollcast"
TYPE = re.compile(r"^(?:enum class|struct) (?:ROLLCAST_\w+ )?(\w+)(?=[^;\n]*\{)", re.MULTILINE)

SILENT = {
    "subscription_parts": "it holds sockets",
    "publication_parts": "it holds a socket",
    "growth": "its specialisations are in the list, as deltas",
    "replay_present_t": "a tag, without a value",
    "rethrow_t": "a completion handler",
}


def without_details(text):
    """Leaves out what lies in a namespace detail, and what is a template or one of its specialisations."""
    text = re.sub(r"namespace (?:\w+::)*detail \{.*?^\} // namespace (?:\w+::)*detail$", "", text, flags=re.S | re.M)
    return re.sub(r"^template <.*>\n(?:    requires.*\n)?(?=struct (?!growth))struct \w+", "", text, flags=re.M)


class CompleteTest(unittest.TestCase):
    def test_every_public_enum_and_struct_prints(self):
        listed = re.search(r"mp_list<(.*?)>;", (HEADERS / "fmt.hpp").read_text(), re.S)[1]
        printed = {name.rsplit("::", 1)[-1] for name in re.findall(r"[\w:]+", listed)}
        for header in sorted(HEADERS.rglob("*.hpp")):
            if header.parent.name == "detail" or header.name.startswith("typed") or header.name == "fmt.hpp":
                continue  # typed data is the application's own
            for name in TYPE.findall(without_details(header.read_text())):
                with self.subTest(header=header.name, type=name):
                    self.assertTrue(name in printed or name in SILENT,
                                    f"{name} does not print; see CONTRIBUTING.md")
                    self.assertFalse(name in printed and name in SILENT)


if __name__ == "__main__":
    unittest.main()
