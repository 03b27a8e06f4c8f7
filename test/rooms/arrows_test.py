# SPDX-License-Identifier: BSL-1.0
"""The arrows between the rooms of this tree, and that a broken one is seen."""

import pathlib
import tempfile
import unittest

import arrows

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What a file says, and what must be said about it.
BROKEN = [
    ("src/receive/a.cpp", "#include <rollcast/send.hpp>", "receive does not know send"),
    ("src/send/a.cpp", '#include "receive/membership.hpp"', "send does not know receive"),
    ("include/rollcast/net/a.hpp", "#include <rollcast/chart/event.hpp>", "words does not know charted"),
    ("include/rollcast/metrics/a.hpp", "#include <rollcast/net/group.hpp>", "metrics does not know words"),
    ("src/metrics/a.cpp", "#include <rollcast/receive.hpp>", "metrics does not know receive"),
    ("src/metrics/a.cpp", '#include "os/process_usage.hpp"', "metrics does not know os"),
    ("src/metrics/a.cpp", "#include <rollcast/metrics_files.hpp>", "metrics does not know metrics_files"),
    ("src/os/a.hpp", "#include <rollcast/metrics/delta.hpp>", "os does not know metrics"),
    ("include/rollcast/net.hpp", "#include <rollcast/chart.hpp>", "net does not know chart"),
    ("src/error.cpp", "#include <rollcast/net/group.hpp>", "error does not know words"),
    ("src/detail/a.hpp", "#include <rollcast/net/group.hpp>", "detail does not know words"),
    ("src/chart/a.cpp", '#include "os/interfaces.hpp"', "chart does not know os"),
    ("src/announce/a.cpp", '#include "os/interfaces.hpp"', "announce does not know os"),
    ("src/os/a.hpp", "#include <rollcast/receive/subscription.hpp>", "os does not know receive"),
    ("src/os/a.hpp", "#include <rollcast/net/interface_watcher.hpp>", "os does not know net"),
    ("src/os/a.hpp", '#include "net/explanation.hpp"', "os does not know net"),
    ("src/os/a.hpp", '#include "os/console/terminal.hpp"', "os does not know console"),
    ("src/cli/a.cpp", '#include "chart/table.hpp"', "cli uses public headers and its own"),
    ("src/cli/a.cpp", "#include <rollcast/detail/initiate.hpp>", "cli does not know detail"),
    ("src/cli/a.cpp", '#include "os/interfaces.hpp"', "cli does not know os"),
    ("src/cli/a.cpp", "#include <termios.h>", "only src/os includes headers of the system"),
    ("include/rollcast/receive/a.hpp", '#include "receive/b.hpp"', "a public header includes nothing of src"),
    ("include/rollcast/receive/a.hpp", '#include "os/interfaces.hpp"', "a public header includes nothing of src"),
    ("src/net/a.cpp", "#include <sys/socket.h>", "only src/os includes headers of the system"),
    ("src/chart/a.cpp", "#ifdef __linux__", "conditional compilation belongs into src/os"),
    ("include/rollcast/net/a.hpp", "  # if 1", "conditional compilation belongs into src/os"),
    ("src/announce/a.cpp", "#include <boost/asio/steady_timer.hpp>", "announce knows of Asio only the addresses"),
    ("src/announce/a.cpp", "#include <rollcast/net/group.hpp>", "announce knows no socket"),
    ("src/protocol/a.cpp", "#include <rollcast/net/group.hpp>", "protocol knows no socket"),
    ("src/protocol/a.hpp", "#include <boost/asio/ip/udp.hpp>", "protocol knows of Asio only the addresses"),
    ("src/protocol/a.cpp", "#include <rollcast/chart/chart_config.hpp>", "protocol does not know configured"),
    ("src/protocol/a.cpp", '#include "carrier/carrier.hpp"', "protocol does not know carrier"),
    ("src/carrier/multicast/a.cpp", '#include "chart/shell.hpp"', "carrier does not know chart"),
    ("src/carrier/multicast/a.cpp", '#include "os/interfaces.hpp"', "carrier does not know os"),
    ("src/chart/a.cpp", "#include <rollcast/send.hpp>", "chart does not know send"),
    ("src/chart/a.cpp", "#include <rollcast/receive.hpp>", "chart does not know receive"),
    ("src/protocol/a.cpp", "#include <rollcast/send.hpp>", "protocol does not know send"),
    ("src/announce/a.cpp", '#include "protocol/member.hpp"', "announce does not know protocol"),
    ("src/net/a.cpp", "#include <rollcast/chart/event.hpp>", "net does not know charted"),
    ("src/protocol/a.cpp", "auto now = std::chrono::steady_clock::now();", "protocol knows no clock"),
    ("src/announce/a.cpp", "auto now = std::chrono::steady_clock::now();", "announce knows no clock"),
    ("src/detail/a.hpp", "using flag = asio::detail::awaitable_thread;", "Asio's details change"),
    ("include/rollcast/net/a.hpp", "boost::asio::experimental::detail::channel_service x;", "Asio's details change"),
    ("src/os/a.cpp", "#include <boost/asio/detail/socket_ops.hpp>", "Asio's details change"),
    ("test/receive/a.cpp", "auto const x = asio::detail::thread();", "Asio's details change"),
    ("examples/a.cpp", "boost::asio::detail::thread x;", "Asio's details change"),
    ("src/weather/a.cpp", "", "nobody knows a room weather"),
]

ALLOWED = [
    ("src/net/a.cpp", '#include "os/interfaces.hpp"'),
    ("src/metrics_files/a.cpp", '#include "os/process_usage.hpp"\n#include <rollcast/metrics/delta.hpp>'),
    ("src/os/linux/a.cpp", "#include <sys/socket.h>\n#if 1\n#endif"),
    ("src/os/a.hpp", "#include <rollcast/net/packet.hpp>"),
    ("src/carrier/multicast/a.cpp", "#include <rollcast/receive.hpp>\n#include <rollcast/send.hpp>"),
    ("src/carrier/a.hpp", '#include "protocol/link.hpp"\n#include <rollcast/chart/chart_config.hpp>'),
    ("src/announce/a.cpp", "#include <sodium.h>\n#include <rollcast/net/endpoint.hpp> // no steady_clock::now"),
    ("src/protocol/a.cpp", "#include <rollcast/chart/event.hpp>\nusing time_point = std::chrono::steady_clock::time_point;"),
    ("src/chart/a.cpp", '#include "protocol/engine.hpp"'),
    ("src/cli/a.cpp", "#include <rollcast/rollcast.hpp>\n#include <fmt/format.h>\n#include <curses.h>"),
    ("src/cli/live/a.cpp", '#include "os/console/terminal.hpp"'),
    ("src/detail/a.hpp", "namespace rollcast::detail { using asio::awaitable; } // asio, detail"),
]

# What the indirect includes of the above lead to.
SCENERY = {
    "include/rollcast/net/endpoint.hpp": "#include <boost/asio/ip/address.hpp>",
    "include/rollcast/net/group.hpp": "#include <boost/asio/ip/udp.hpp>",
    "include/rollcast/net/interface_watcher.hpp": "#include <boost/asio/awaitable.hpp>",
}


def complaints_about(path, text):
    with tempfile.TemporaryDirectory() as root:
        for name, content in {**SCENERY, path: text}.items():
            file = pathlib.Path(root, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return list(arrows.Tree(root).complaints())


class Arrows(unittest.TestCase):
    def test_this_tree_keeps_them(self):
        tree = arrows.Tree(ROOT)
        self.assertIn("include/rollcast/error.hpp", tree.lines)
        self.assertIn("examples/01_receive.cpp", tree.users)
        self.assertEqual([], list(tree.complaints()))

    def test_every_broken_one_is_named(self):
        for path, text, complaint in BROKEN:
            with self.subTest(path=path, text=text):
                found = complaints_about(path, text)
                self.assertEqual(1, len(found), found)
                self.assertTrue(found[0].startswith(path), found[0])
                self.assertIn(complaint, found[0])

    def test_what_is_allowed_is_not_complained_about(self):
        for path, text in ALLOWED:
            with self.subTest(path=path, text=text):
                self.assertEqual([], complaints_about(path, text))


if __name__ == "__main__":
    unittest.main()
