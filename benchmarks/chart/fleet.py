#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Real processes of `rollcast chart` in network namespaces on one bridge, and how they fare.

    sudo ROLLCAST=build/release/bin/rollcast benchmarks/chart/fleet.py [--hosts 20] [--each 10]
        [--detection-time 5] [--loss 30] [--steady 60] [--crash] [--partition 30] [--stop 3] [--stop 20]
        [--update 10] [--quiet 600]

Each part prints what it measured and what is aimed at; the exit status is 1 if an aim was missed.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import selectors
import signal
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[2] / "test" / "support"
sys.path.insert(0, str(TESTS))
sys.dont_write_bytecode = True
import laboratory  # noqa: E402  (found by the path above)

FALSE = ("gone", "left", "returned", "restarted", "id_conflict", "multicast_lost", "chart_full")


class Cleanup:
    """Takes the place of a test for the laboratory."""

    def __init__(self):
        self.actions = []

    def addCleanup(self, action, *arguments):  # the name unittest gives it
        self.actions.append((action, arguments))

    def fail(self, why):
        raise RuntimeError(why)

    def clean(self):
        while self.actions:
            action, arguments = self.actions.pop()
            action(*arguments)


class Fleet:
    """All the processes, and everything they said with the time it was read."""

    def __init__(self):
        self.processes = {}
        self.hosts = {}
        self.rest = {}
        self.events = collections.defaultdict(list)
        self.found = collections.defaultdict(set)
        self.data = collections.defaultdict(dict)
        self.last = {}
        self.selector = selectors.DefaultSelector()

    def start(self, number, host, arguments):
        process = subprocess.Popen(
            laboratory.command_line(["chart", "--id", str(number), "--data", "-", "--json", *arguments], host),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        os.set_blocking(process.stdout.fileno(), False)
        self.processes[number] = process
        self.hosts[number] = host
        self.rest[number] = b""
        self.selector.register(process.stdout, selectors.EVENT_READ, number)

    def read(self, seconds):
        """What they say in so many seconds; ends early when nobody runs."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.processes:
            for key, _ in self.selector.select(max(0, end - time.monotonic())):
                self._take(key.data, key.fileobj)

    def _take(self, number, stream):
        data = stream.read(1 << 20)
        if not data:
            self.selector.unregister(stream)
            return
        now = time.monotonic()
        *lines, self.rest[number] = (self.rest[number] + data).split(b"\n")
        for line in lines:
            event = json.loads(line)
            kind = event["event"]
            if kind in ("found", "returned", "restarted"):
                self.found[number].add(event["id"])
            elif kind in ("gone", "left"):
                self.found[number].discard(event["id"])
            if "data" in event:
                self.data[number][event["id"]] = event["data"]
            self.events[number].append((now, kind, event.get("id")))
            self.last[number] = now

    def read_until(self, condition, limit):
        """When the condition came true, or None."""
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                return None
            self.read(0.01)
        return time.monotonic()

    def signal(self, number, which):
        # `ip netns exec` has become the command itself, so this is its process.
        self.processes[number].send_signal(which)
        return time.monotonic()

    def told(self, kinds, since):
        return [(who, kind, about) for who, all_of in self.events.items()
                for at, kind, about in all_of if at >= since and kind in kinds]

    def complete(self):
        everybody = set(self.processes)
        return all(self.found[each] >= everybody - {each} for each in everybody)

    def end(self):
        for each in self.processes.values():
            each.kill()
        for each in self.processes.values():
            each.wait()
            each.stdout.close()
            each.stdin.close()


def count_datagrams(switch):
    """Counts what enters the bridge: the multicasts of the chart, and unicast UDP."""
    switch.nft("""
        add table bridge tally
        add chain bridge tally entering { type filter hook prerouting priority 0; }
        add rule bridge tally entering ip daddr 224.0.0.0/4 meta l4proto udp counter comment "multicast"
        add rule bridge tally entering ip6 daddr ff00::/8 meta l4proto udp counter comment "multicast"
        add rule bridge tally entering ether type { ip, ip6 } meta l4proto udp counter comment "every"
        """)


def datagrams(switch):
    rules = switch.run("nft", "list", "table", "bridge", "tally")
    tally = collections.Counter()
    for packets, name in re.findall(r"counter packets (\d+) bytes \d+ comment \"(\w+)\"", rules):
        tally[name] += int(packets)
    return tally["multicast"], tally["every"]


def received(host):
    """UDP datagrams that reached sockets of a host since it was made, by /proc/net."""
    text = host.run("cat", "/proc/net/snmp", "/proc/net/snmp6")
    rows = [line.split() for line in text.splitlines() if line.startswith("Udp:")]
    udp4 = int(rows[1][rows[0].index("InDatagrams")])
    udp6 = int(re.search(r"Udp6InDatagrams\s+(\d+)", text).group(1))
    return udp4 + udp6


class Report:
    def __init__(self):
        self.missed = 0

    def say(self, what, measured, aim, met):
        self.missed += not met
        print(f"{what:58} {measured:>22}   aim {aim:12} {'' if met else 'MISSED'}", flush=True)


def cut(hosts, from_others):
    """Nothing passes between these hosts and the others any more."""
    for host in hosts:
        addresses = ", ".join(each.ipv4 for each in from_others)
        links = ", ".join(address for each in from_others for address in (each.ipv6, each.local))
        host.nft(f"""
            add table inet cut
            add chain inet cut arrive {{ type filter hook input priority 0; }}
            add rule inet cut arrive ip saddr {{ {addresses} }} drop
            add rule inet cut arrive ip6 saddr {{ {links} }} drop
            """)


def mend(hosts):
    for host in hosts:
        host.nft("delete table inet cut")


def update(fleet, number, data):
    """In how many seconds all know its new data."""
    others = set(fleet.processes) - {number}
    told = time.monotonic()
    fleet.processes[number].stdin.write(data.encode() + b"\n")
    known = fleet.read_until(lambda: all(fleet.data[each].get(number) == data for each in others), 20)
    return known - told if known else float("inf")


def kill(fleet, victims, limit):
    """In how many seconds all others have called them gone."""
    for victim in victims:
        killed = fleet.signal(victim, signal.SIGKILL)
    for victim in victims:
        process = fleet.processes.pop(victim)
        process.wait()
        process.stdin.close()
    gone = fleet.read_until(
        lambda: not any(fleet.found[each] & victims for each in fleet.processes), 4 * limit)
    for victim in victims:
        fleet.found.pop(victim, None)
    return gone - killed if gone else float("inf")


def measure(options, cleanup, report):
    network = laboratory.Network(cleanup, options.hosts)
    count = options.hosts * options.each
    limit = options.detection_time
    count_datagrams(network.switch)
    if options.loss:
        for host in network.hosts:
            laboratory.lose_udp(host, options.loss)
    fleet = Fleet()
    cleanup.addCleanup(fleet.end)
    for number in range(1, count + 1):
        fleet.start(number, network.hosts[number % options.hosts],
                    ["--detection-time", str(limit), "--interface", "e1"])
    fleet.read_until(lambda: all(fleet.events[each] for each in fleet.processes), 60)
    began = max(each[0][0] for each in fleet.events.values())
    done = fleet.read_until(fleet.complete, 60)
    late = max(fleet.last.values()) - began if done else float("inf")
    report.say(f"{count} started together: complete after the last has begun", f"{late:.2f} s",
               "3 s", late <= 3)
    calm = time.monotonic()
    fleet.read(10)

    before = datagrams(network.switch)
    taken = [received(each) for each in network.hosts]
    at = time.monotonic()
    fleet.read(options.steady)
    passed = time.monotonic() - at
    after = datagrams(network.switch)
    rate = (after[0] - before[0]) / passed
    report.say(f"multicasts per second on the bridge, {options.steady:g} s", f"{rate:.2f}", "1",
               rate <= 1)
    taken = sum(received(each) for each in network.hosts) - sum(taken)
    # A multicast counts once for every instance that hears it. The targets of the table, which has D = 10 s.
    each = taken / count / passed
    aim = (2 if options.loss else 1.5) * 10 / limit
    report.say("datagrams received per instance per second", f"{each:.2f}", f"{aim:g}", each <= aim)
    wrong = fleet.told(FALSE, calm)
    report.say("false events so far", str(len(wrong)), "0", not wrong)

    if options.update:
        slowest = max(update(fleet, 1 + turn * 7 % count, f"turn {turn}") for turn in range(options.update))
        report.say(f"updated {options.update} times: known to all after, at worst", f"{slowest:.2f} s", "1 s",
                   slowest <= 1)

    if options.crash:
        took = kill(fleet, {count // 2}, limit)
        report.say("killed one: gone for all after", f"{took:.2f} s", f"{limit:g} s", took <= limit)
        took = kill(fleet, {each for each in fleet.processes if fleet.hosts[each] is network.hosts[3]}, limit)
        report.say("killed all of one host: gone for all after", f"{took:.2f} s", f"{2 * limit:g} s",
                   took <= 2 * limit)

    for seconds in options.stop:
        since = time.monotonic()
        paused = 1
        fleet.signal(paused, signal.SIGSTOP)
        fleet.read(seconds)
        fleet.signal(paused, signal.SIGCONT)
        resumed = time.monotonic()
        fleet.read(2 * limit)
        accused = [each for each in fleet.told(("gone", "suspect"), since) if each[2] != paused]
        lost = fleet.told(("gone",), since)
        back = fleet.complete()
        report.say(f"stopped one for {seconds:g} s: called gone, by so many", str(len(lost)),
                   "0" if seconds < limit else "all", (len(lost) == 0) == (seconds < limit))
        report.say("   others accused meanwhile", str(len(accused)), "0", not accused)
        report.say("   all complete again", str(back), "True", back)
        del resumed

    if options.partition:
        for host in network.hosts:
            host.local = host.link_local()
        half = len(network.hosts) // 2
        sides = network.hosts[:half], network.hosts[half:]
        members = [{number for number, host in fleet.hosts.items()
                    if host in side and number in fleet.processes} for side in sides]
        at = time.monotonic()
        cut(sides[0], sides[1])
        cut(sides[1], sides[0])
        apart = fleet.read_until(
            lambda: all(not fleet.found[each] & members[1 - side]
                        for side in (0, 1) for each in members[side]), options.partition)
        took = apart - at if apart else float("inf")
        report.say("partition: each side has called the other gone after", f"{took:.2f} s",
                   f"{2 * limit:g} s", took <= 2 * limit)
        fleet.read(max(0, at + options.partition - time.monotonic()))
        mend(network.hosts)
        healed = time.monotonic()
        whole = fleet.read_until(fleet.complete, 40)
        took = whole - healed if whole else float("inf")
        report.say("healed: all complete after", f"{took:.2f} s", "16 s", took <= 16)

    if options.quiet:
        since = time.monotonic()
        fleet.read(options.quiet)
        wrong = fleet.told(FALSE, since)
        report.say(f"false events in {options.quiet:g} s", str(len(wrong)), "0", not wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--each", type=int, default=10, help="instances on each host")
    parser.add_argument("--detection-time", type=float, default=5)
    parser.add_argument("--loss", type=int, default=0, help="percent of the datagrams each host drops")
    parser.add_argument("--steady", type=float, default=60, help="seconds")
    parser.add_argument("--update", type=int, default=0, help="how often somebody changes its data")
    parser.add_argument("--crash", action="store_true")
    parser.add_argument("--stop", type=float, action="append", default=[], help="seconds")
    parser.add_argument("--partition", type=float, default=0, help="seconds")
    parser.add_argument("--quiet", type=float, default=0, help="seconds without any event")
    options = parser.parse_args()
    os.environ.setdefault("ROLLCAST", "build/release/bin/rollcast")
    report = Report()
    cleanup = Cleanup()
    try:
        measure(options, cleanup, report)
    finally:
        cleanup.clean()
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
