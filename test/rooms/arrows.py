# SPDX-License-Identifier: BSL-1.0
"""Reads the includes of a tree and names those that point the wrong way between its rooms."""

import pathlib
import re

DOORS = {"net", "receive", "send", "announce", "chart", "metrics", "metrics_files"}

# Which rooms the files of a room may include, beside their own.
ARROWS = {
    "export": set(),
    "error": set(),
    "rethrow": {"error"},
    "detail": {"error"},
    # Values of networks, which the system tells and is told in.
    "words": {"error"},
    # The ground: what the system does, in its own words and those above.
    "os": {"error", "detail", "words"},
    # What of the system the command asks for itself, because the library has no use for it.
    "console": {"error", "detail", "os"},
    "metrics": {"error", "detail"},
    # What the process uses and who may write a file only the system knows.
    "metrics_files": {"error", "detail", "os", "metrics"},
    "net": {"error", "detail", "words", "os"},
    "receive": {"error", "rethrow", "detail", "metrics", "words", "net", "os"},
    "send": {"error", "rethrow", "detail", "metrics", "words", "net", "os"},
    "announce": {"error", "detail", "words"},
    # The words in which the protocol tells what it knows, and the application reads it.
    "charted": {"error", "words", "announce"},
    # Those in which the application says what it wants of a chart, and is told what is in the way.
    "configured": {"error", "words", "charted"},
    "protocol": {"error", "detail", "metrics", "words", "announce", "charted"},
    "carrier": {"error", "detail", "words", "net", "receive", "send", "charted", "configured", "protocol"},
    "testing": {"error", "detail", "words", "charted", "configured", "protocol", "carrier", "chart"},
    "chart": {"error", "rethrow", "detail", "metrics", "words", "net", "announce", "charted", "configured", "protocol",
              "carrier"},
    "cli": {"error", "everything", "words", "charted", "configured", "console"} | DOORS,
    "everything": {"error", "rethrow"} | (DOORS - {"metrics_files"}),
    "fmt": {"everything", "error", "net"},
}

# Rooms that are no folder of their own: the public values of net, which know no executor, and of chart.
WORDS = re.compile(r"^include/rollcast/net/(?!interface_watcher)")
CHARTED = {"include/rollcast/chart/event.hpp", "include/rollcast/chart/instance.hpp"}
CONFIGURED = {"include/rollcast/chart/chart_config.hpp"}
CONSOLE = re.compile(r"^src/os/console/")

# Rooms that know the headers of the system.
SYSTEM = {"os", "console"}

# Rooms that compute: bytes, words and the time of the caller go in and come out.
WITHOUT_SOCKETS = {"announce", "protocol"}

# How a shared library shows a name: whoever defines something public says so, and only this may ask what is being built.
EXPORT = "include/rollcast/export.hpp"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif|else)\b")
DETAILS_OF_ASIO = re.compile(r"\basio\s*::\s*(\w+\s*::\s*)?detail\b|\bboost/asio/(\w+/)?detail/")
CLOCK = re.compile(r"\b(\w+_clock::now|clock_gettime|gettimeofday)\b|\btime\(")
PORTABLE_C_HEADER = re.compile(r"^(fmt/.*|sodium|curses)\.h$")
ASIO_ADDRESS = re.compile(r"^boost/asio/ip/address\w*\.hpp$")
ASIO_VALUE = re.compile(r"^boost/asio/ip/(address\w*|basic_endpoint)\.hpp$")


def room_of(path):
    """A door, such as include/rollcast/net.hpp, belongs to its room; rollcast.hpp to everything."""
    if path in CHARTED:
        return "charted"
    if path in CONFIGURED:
        return "configured"
    if WORDS.match(path):
        return "words"
    if CONSOLE.match(path):
        return "console"
    first = re.sub(r"^(include/rollcast|src)/", "", path).split("/")[0].rsplit(".", 1)[0]
    return "everything" if first == "rollcast" else first


class Tree:
    """The files below include/rollcast and src, with what each includes; and those that use them."""

    def __init__(self, root):
        root = pathlib.Path(root)
        found = [*root.glob("include/rollcast/**/*.[hc]pp"), *root.glob("src/**/*.[hc]pp")]
        self.lines = {file.relative_to(root).as_posix(): file.read_text().splitlines() for file in sorted(found)}
        users = [*root.glob("test/**/*.[hc]pp"), *root.glob("examples/*.cpp"), *root.glob("benchmarks/**/*.[hc]pp")]
        self.users = {file.relative_to(root).as_posix(): file.read_text().splitlines() for file in sorted(users)}
        self.includes = {
            path: [(number, *match.groups()) for number, line in enumerate(lines, 1) if (match := INCLUDE.match(line))]
            for path, lines in self.lines.items()
        }

    def own(self, bracket, target):
        """The path in the tree that an include means, or None if it means something else."""
        if bracket == '"':
            return f"src/{target}"
        return f"include/{target}" if target.startswith("rollcast/") else None

    def reachable(self, path):
        """The file and all files of the tree that it includes, however indirectly."""
        reached, waiting = set(), [path]
        while waiting:
            current = waiting.pop()
            if current not in reached and current in self.includes:
                reached.add(current)
                waiting += [own for _, *include in self.includes[current] if (own := self.own(*include))]
        return reached

    def complaints(self):
        """Yields one line for every broken rule."""
        for path, lines in [*self.lines.items(), *self.users.items()]:
            for number, line in enumerate(lines, 1):
                if DETAILS_OF_ASIO.search(line):
                    yield f"{path}:{number}: Asio's details change with every version of it"
        for path in self.lines:
            if room_of(path) not in ARROWS:
                yield f"{path}: nobody knows a room {room_of(path)}"
                continue
            yield from self.text_complaints(path)
            for number, bracket, target in self.includes[path]:
                for why in self.include_complaints(path, bracket, target):
                    yield f"{path}:{number}: {target}: {why}"
            if room_of(path) in WITHOUT_SOCKETS:
                yield from self.socket_complaints(path)

    def text_complaints(self, path):
        for number, line in enumerate(self.lines[path], 1):
            if CONDITIONAL.match(line) and room_of(path) not in SYSTEM and path != EXPORT:
                yield f"{path}:{number}: conditional compilation belongs into src/os"
            if room_of(path) in WITHOUT_SOCKETS and CLOCK.search(line.split("//")[0]):
                yield f"{path}:{number}: {room_of(path)} knows no clock"

    def include_complaints(self, path, bracket, target):
        room, own = room_of(path), self.own(bracket, target)
        if own is None:
            if room not in SYSTEM and target.endswith(".h") and not PORTABLE_C_HEADER.match(target):
                yield "only src/os includes headers of the system"
            if room in WITHOUT_SOCKETS and target.startswith("boost/asio") and not ASIO_ADDRESS.match(target):
                yield f"{room} knows of Asio only the addresses"
            return
        if path.startswith("include/") and bracket == '"':
            yield "a public header includes nothing of src"
        if own == EXPORT:
            return
        other = room_of(own)
        if other != room and other not in ARROWS[room]:
            yield f"{room} does not know {other}"
        elif room == "cli" and bracket == '"' and other not in ("cli", "console"):
            yield "cli uses public headers and its own"

    def socket_complaints(self, path):
        """Also what such a room includes indirectly has no socket, no timer and no executor."""
        for reached in sorted(self.reachable(path) - {path}):
            for number, bracket, target in self.includes[reached]:
                if target.startswith("boost/asio") and not ASIO_VALUE.match(target):
                    yield f"{path}: {room_of(path)} knows no socket, but reaches {target} by {reached}:{number}"
