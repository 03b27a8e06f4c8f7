# SPDX-License-Identifier: BSL-1.0
"""Drives the rollcast command as a script would, on loopback and between network namespaces.

A test file ends with `laboratory.main()`; its cases derive from `CommandTest`, which ends every
process and removes every namespace that a case started, however the case ends.
"""

import collections
import ipaddress
import itertools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 15  # seconds for what should come at once, on a machine that is busy with other things
serial = itertools.count(1)


class Event(dict):
    """A line of JSON, with the moment it was read as `at`."""

    def __init__(self, line, at):
        super().__init__(json.loads(line))
        self.at = at


class Command:
    """A running rollcast with --json; its events are read as they come, in any number."""

    def __init__(self, test, arguments, host=None, feed=None):
        self.test = test
        self.arguments = arguments
        self.events = []
        self.errors = ""
        self.changed = threading.Condition()
        self.ended = False
        self.spawned_at = time.monotonic()
        self.process = subprocess.Popen(
            command_line(arguments, host), bufsize=0,
            stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.readers = [threading.Thread(target=each, daemon=True)
                        for each in (self._read_events, self._read_errors)]
        for each in self.readers:
            each.start()

    def _read_events(self):
        for line in iter(self.process.stdout.readline, b""):
            event = Event(line, time.monotonic())
            with self.changed:
                self.events.append(event)
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _read_errors(self):
        for line in iter(self.process.stderr.readline, b""):
            with self.changed:
                self.errors += line.decode()
                self.changed.notify_all()

    def seen(self, event, **fields):
        """The events of this kind and with these fields, so far."""
        with self.changed:
            return [each for each in self.events if matches(each, event, fields)]

    def expect(self, event, within=PATIENCE, times=1, **fields):
        """Waits for an event, or for the n-th of its kind, and fails the test without it."""
        deadline = time.monotonic() + within
        with self.changed:
            while True:
                found = [each for each in self.events if matches(each, event, fields)]
                if len(found) >= times:
                    return found[times - 1]
                left = deadline - time.monotonic()
                if self.ended or left <= 0:
                    break
                self.changed.wait(left)
        how = "before it ended" if self.ended else f"within {within} s"
        self.test.fail(f"no {event} {fields or ''} {how}; {self.describe()}")

    def expect_complaint(self, text, within=PATIENCE):
        """Waits until it has said so on stderr."""
        with self.changed:
            if not self.changed.wait_for(lambda: text in self.errors, within):
                self.test.fail(f"no complaint {text!r} within {within} s; {self.describe()}")

    def expect_never(self, event, **fields):
        found = self.seen(event, **fields)
        self.test.assertEqual(found, [], f"this should not happen; {self.describe()}")

    def write(self, text):
        self.process.stdin.write(text if isinstance(text, bytes) else text.encode())

    def kill(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return time.monotonic()

    def wait(self, within=PATIENCE):
        """The exit status, once it has ended by itself."""
        try:
            status = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.test.fail(f"still running after {within} s; {self.describe()}")
        for each in self.readers:
            each.join(within)
        return status

    def end(self, number=signal.SIGTERM, within=PATIENCE):
        """Ends it in order; it has to do so well and without a word on stderr."""
        self.kill(number)
        status = self.wait(within)
        self.test.assertEqual((status, self.errors), (0, ""), self.describe())
        return self.events[-1]

    def dispose(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for each in self.readers:
            each.join(PATIENCE)
        for each in (self.process.stdin, self.process.stdout, self.process.stderr):
            if each:
                each.close()

    def describe(self):
        said = "\n  ".join(json.dumps(each) for each in self.events[-12:])
        return f"rollcast {' '.join(self.arguments)[:200]} said\n  {said}\n  {self.errors}"


Result = collections.namedtuple("Result", "status output errors")


class CommandTest(unittest.TestCase):
    longMessage = True

    def start(self, *arguments, host=None, feed=None):
        command = Command(self, [str(each) for each in arguments] + ["--json"], host, feed)
        self.addCleanup(command.dispose)
        return command

    def run_command(self, *arguments, host=None, feed=b"", within=PATIENCE):
        """Runs it to its end as it stands: text unless --json is among the arguments."""
        done = subprocess.run(command_line([str(each) for each in arguments], host), input=feed,
                              capture_output=True, timeout=within, check=False)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start_as_is(self, command, **streams):
        """A process that is read by hand; it is killed at the end of the test if it still runs."""
        process = subprocess.Popen(command, stdout=subprocess.PIPE, **streams)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for each in (process.stdout, process.stderr):
            if each:
                self.addCleanup(each.close)
        return process

    def one_line(self, result, status, *words):
        """A failure is one line on stderr that names these words, and nothing on stdout."""
        self.assertEqual((result.status, result.output), (status, ""), result.errors)
        self.assertRegex(result.errors, r"\Arollcast: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, result.errors)


class NetworkTest(CommandTest):
    """Charts of hosts, by numbers; `detection_time` is in seconds."""

    def chart(self, host, number, *options, feed=None):
        command = self.start("chart", "--id", number, "--port", 8000 + number, "--detection-time",
                             self.detection_time, *options, host=host, feed=feed)
        command.expect("started")
        return command


class Host:
    """A network namespace with lo up, until the test ends."""

    def __init__(self, test, name="host"):
        self.test = test
        self.name = f"rc{os.getpid()}-{next(serial)}{name}"
        self.wrapper = []  # what comes before each command that runs here
        system("ip", "netns", "add", self.name)
        test.addCleanup(system, "ip", "netns", "del", self.name)
        self.ip("link", "set", "lo", "up")

    def run(self, *command, feed=None):
        return system(*inside(self), *command, feed=feed)

    def pretend(self, file, content):
        """What runs here from now on reads this in a file that only the whole machine could write."""
        need("unshare")
        with tempfile.NamedTemporaryFile("w", delete=False) as other:
            other.write(content)
        self.test.addCleanup(os.unlink, other.name)
        self.wrapper = ["unshare", "--mount", "sh", "-c",
                        f'mount --bind {other.name} {file} && exec "$@"', "sh"]
        try:
            self.run("true")
        except RuntimeError as failure:
            raise unittest.SkipTest(f"no file can be put over {file}: {failure}") from None

    def ip(self, *arguments):
        return system("ip", "-n", self.name, *arguments)

    def link_local(self):
        shown = self.ip("-6", "-json", "addr", "show", "dev", "e1", "scope", "link")
        return next(each["local"] for each in json.loads(shown)[0]["addr_info"] if "local" in each)

    def nft(self, rules):
        nft(rules, self)

    def received(self):
        """UDP datagrams of both IP versions that have come here."""
        names, values = [line.split() for line in self.run("cat", "/proc/net/snmp").splitlines()
                         if line.startswith("Udp:")]
        counts = dict(zip(names[1:], map(int, values[1:])))
        six = self.run("sh", "-c", "cat /proc/net/snmp6 2>/dev/null || :").splitlines()
        counts.update((name, int(value)) for name, value in map(str.split, six))
        return sum(counts.get(version + each, 0) for version in ("", "Udp6")
                   for each in ("InDatagrams", "NoPorts", "InErrors"))


class Network:
    """Hosts on a bridge, each with an interface `e1`, its addresses, and a route to everywhere."""

    def __init__(self, test, hosts, families=(4, 6)):
        if 6 in families and not pathlib.Path("/proc/sys/net/ipv6").exists():
            raise unittest.SkipTest("this kernel has no IPv6")
        self.switch = Host(test, "switch")
        self.switch.ip("link", "add", "bridge", "type", "bridge")
        self.switch.ip("link", "set", "bridge", "up")
        self.hosts = [self._connect(test, number, families) for number in range(1, hosts + 1)]
        if 6 in families:
            for host in self.hosts:
                wait_until(test, lambda h=host: "fe80::" in h.ip("-6", "addr", "show", "dev", "e1"))

    def attach(self, host, number):
        """Another one, without an address but for the link-local one."""
        host.ip("link", "add", "e1", "type", "veth", "peer", "name", f"p{number}",
                "netns", self.switch.name)
        self.switch.ip("link", "set", f"p{number}", "master", "bridge", "up")
        host.ip("link", "set", "e1", "up")

    def _connect(self, test, number, families):
        host = Host(test, f"h{number}")
        host.ip("link", "add", "e1", "type", "veth", "peer", "name", f"p{number}",
                "netns", self.switch.name)
        self.switch.ip("link", "set", f"p{number}", "master", "bridge", "up")
        # Without duplicate address detection, which would keep the address from use for 2 s.
        value, ipv6 = (0, "accept_dad") if 6 in families else (1, "disable_ipv6")
        setting = f"/proc/sys/net/ipv6/conf/e1/{ipv6}"
        host.run("sh", "-c", f"[ ! -e {setting} ] || echo {value} >{setting}")
        host.ip("link", "set", "e1", "up")
        host.ipv4 = f"10.9.0.{number}"
        host.ipv6 = f"fd09::{number}"
        if 4 in families:
            host.ip("addr", "add", f"{host.ipv4}/24", "dev", "e1")
            host.ip("route", "add", "default", "dev", "e1")
        if 6 in families:
            host.ip("addr", "add", f"{host.ipv6}/64", "dev", "e1", "nodad")
        return host


def subnets(test, addresses, families=(6,)):
    """Hosts on one wire with these IPv4 addresses, and no way to any other subnet."""
    network = Network(test, len(addresses), families)
    for host, own in zip(network.hosts, addresses):
        if 4 in families:
            host.ip("addr", "flush", "dev", "e1", "scope", "global")
        else:
            host.ip("-6", "addr", "flush", "dev", "e1", "scope", "global")
        # What comes from a subnet without a route is dropped, as many systems do.
        host.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1", "net.ipv4.conf.e1.rp_filter=1")
        for each in own:
            host.ip("addr", "add", each, "dev", "e1")
    return network


def with_deprecated_addresses(test):
    """Two hosts on one wire that have eight such addresses each, and link-local ones."""
    network = subnets(test, [(), ()])
    for number, host in enumerate(network.hosts, start=1):
        for prefix in range(8):
            host.ip("-6", "addr", "add", f"fd{number}{prefix}::1/64", "dev", "e1", "nodad",
                    "preferred_lft", "0")
    return network


def with_isolated_clients(test, clients, families):
    """A network of which only the first host hears the others, and they hear only it."""
    network = Network(test, 1 + clients, families)
    for number in range(2, 2 + clients):
        network.switch.run("bridge", "link", "set", "dev", f"p{number}", "isolated", "on")
    return network


def nft(rules, host=None):
    """Adds rules on this host, or where the test itself runs."""
    need("nft")
    try:
        system(*inside(host), "nft", "-f", "-", feed=rules)
    except RuntimeError as failure:
        if "not supported" in str(failure) or "No such file" in str(failure):
            raise unittest.SkipTest(f"this kernel has no such rules: {failure}") from None
        raise


def lose_udp(host, percent):
    """Drops so many of the UDP datagrams that come to the host's e1."""
    host.nft(f"""
        add table netdev loss
        add chain netdev loss arrive {{ type filter hook ingress device "e1" priority 0; }}
        add rule netdev loss arrive meta l4proto udp numgen random mod 100 < {percent} counter drop
        """)


def packets(host, family, table):
    """What the counters of this table's rules say, in their order."""
    rules = json.loads(host.run("nft", "-j", "list", "table", family, table))["nftables"]
    parts = [part for each in rules for part in each.get("rule", {}).get("expr", [])]
    return [part["counter"]["packets"] for part in parts if "counter" in part]


def dropped(host):
    """How many datagrams `lose_udp` has dropped there."""
    return sum(packets(host, "netdev", "loss"))


def matches(candidate, event, fields):
    return candidate["event"] == event and all(candidate.get(k) == v for k, v in fields.items())


def inside(host):
    """What to put before a command that is to run on this host."""
    return ["ip", "netns", "exec", host.name, *host.wrapper] if host else []


def command_line(arguments, host=None):
    return inside(host) + [os.environ["ROLLCAST"], *arguments]


def system(*command, feed=None):
    done = subprocess.run(command, input=feed, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def wait_until(test, condition, within=PATIENCE, why=str):
    """Waits for what nobody tells of; `why` says what there is instead."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            test.fail(f"not true within {within} s; {why()}")
        time.sleep(0.01)


def pass_detection_times(test, witness, times, options):
    """Waits as long as the witness needs to call so many crashed ones gone, one after the other."""
    for number in range(900, 900 + times):
        crashed = test.start("chart", "--local", "--name", test.id(), "--id", number, *options)
        witness.expect("found", id=number)
        crashed.kill(signal.SIGKILL)
        witness.expect("gone", id=number)


KEEPER = """
import socket, sys
keeper = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
keeper.bind(("", int(sys.argv[1])))
print("bound", flush=True)
sys.stdin.read()
"""


def keep_port(test, port, host=None):
    """A program that has a port and does not share it, until the test ends."""
    keeper = test.start_as_is([*inside(host), "python3", "-c", KEEPER, str(port)],
                              stdin=subprocess.PIPE, text=True)
    test.addCleanup(keeper.stdin.close)
    test.assertEqual(keeper.stdout.readline(), "bound\n")
    return keeper


def address_of(endpoint):
    """10.0.0.2:80 and [fe80::1%e1]:80 without their ports and scopes."""
    host = endpoint[1:].partition("]")[0] if "]" in endpoint else endpoint.partition(":")[0]
    return ipaddress.ip_address(host.partition("%")[0])


def multicast_works_on_lo(version):
    """Whether lo takes multicast of this IP version, as it does with the route of in_namespace."""
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            if version == 4:
                probe.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                                 socket.inet_aton("127.0.0.1"))
            else:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, 1)
            probe.sendto(b"", ("239.255.255.255" if version == 4 else "ff15::ffff", 9))
    except OSError:
        return False
    return True


def need(*programs):
    """Skips the test, with the reason, where a program is not installed."""
    for each in programs:
        if not shutil.which(each):
            raise unittest.SkipTest(f"{each} is not installed")


def main():
    """Runs the tests of a file, in a network namespace; 77 tells ctest that one was skipped."""
    if "ROLLCAST" not in os.environ:
        sys.exit("the path of the rollcast command is expected in $ROLLCAST")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if any(name != "lo" and is_up(name) for _, name in socket.if_nameindex()):
        launcher = str(HERE / "in_namespace")
        os.execv(launcher, [launcher, "--laboratory", sys.executable, *sys.argv])
    result = unittest.main(exit=False, verbosity=2).result
    if not result.wasSuccessful():
        sys.exit(1)
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}", file=sys.stderr)
    sys.exit(77 if result.skipped else 0)


def is_up(interface):
    flags = int(pathlib.Path(f"/sys/class/net/{interface}/flags").read_text(), 16)
    return bool(flags & 1)
