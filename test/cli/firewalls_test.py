# SPDX-License-Identifier: BSL-1.0
"""rollcast chart behind firewalls: of the own host, and those whose rules go by ports."""

import pathlib
import re
import time

import laboratory

DETECTION = 4
BEAT = DETECTION / 4
WALL_STANDS = 3 * BEAT
SLACK = 2  # for a machine that is busy with other things

def no_multicast(hook):
    """Rules that drop what is to leave for the group there."""
    return f"""
        table inet wall {{
            chain out {{
                type filter hook {hook} priority 0;
                oifname "e1" ip daddr 224.0.0.0/4 udp dport 8080 drop
                oifname "e1" ip6 daddr ff00::/8 udp dport 8080 drop
            }}
        }}
        """


NOTHING_OUTGOING = """
    table inet wall {
        chain out {
            type filter hook output priority 0;
            meta l4proto udp drop
        }
    }
    """

NO_INCOMING_MULTICAST = """
    table inet wall {
        chain in {
            type filter hook input priority 0;
            iifname "e1" udp dport 8080 drop
        }
    }
    """

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "firewalls.md"


def by_ports():
    """The rules of the document."""
    return re.search(r"^```\n(table .*?)^```", DOCUMENT.read_text(), re.M | re.S)[1]


class FirewallsTest(laboratory.NetworkTest):
    detection_time = DETECTION

    def expect_failed(self, command, why, since):
        failed = command.expect("interface_failed", interface="e1")
        self.assertLess(failed.at - since, BEAT + SLACK, command.describe())
        self.assertIn(why, failed["why"])
        self.assertEqual(len(command.seen("interface_failed")), 1, command.describe())

    def behind_a_wall(self, rules, why):
        """A chart behind these rules that tells why, once, and another one; the rules are gone then, and both are well."""
        walled, free = laboratory.Network(self, 2).hosts
        walled.nft(rules)
        one, other = self.chart(walled, 1), self.chart(free, 2)
        self.expect_failed(one, why, one.events[0].at)
        # Nothing tells how often it is tried again; the reason stays the same.
        time.sleep(WALL_STANDS)
        walled.run("nft", "delete", "table", "inet", "wall")
        one.expect("interface_up", within=BEAT + SLACK, interface="e1")
        one.expect("found", id=2)
        other.expect("found", id=1)
        for each in (one, other):
            each.expect_never("gone")
        self.assertEqual(len(one.seen("interface_failed")), 1, one.describe())
        return other

    def test_outgoing_multicast_that_is_forbidden_is_told_and_so_is_its_end(self):
        other = self.behind_a_wall(no_multicast("output"), "forbids it")
        self.assertLessEqual(len(other.seen("interface_failed")), 1, other.describe())

    def test_multicast_that_may_not_leave_is_told_and_so_is_its_end(self):
        # Where what stays on the host does not come by.
        self.behind_a_wall(no_multicast("postrouting"), "forbids it")

    def test_incoming_multicast_that_is_dropped_is_told_and_so_is_its_end(self):
        other = self.behind_a_wall(NO_INCOMING_MULTICAST, "nothing is heard")
        other.expect_never("interface_failed")

    def test_where_nothing_can_be_sent_list_fails_and_an_observer_says_so(self):
        host, = laboratory.Network(self, 1).hosts
        host.nft(NOTHING_OUTGOING)
        listed = self.run_command("list", host=host)
        self.assertEqual((listed.status, listed.output), (1, "nobody was heard\n"))
        self.assertRegex(listed.errors, r"\Arollcast: list: \d+ of \d+ datagrams could not be sent; ")
        self.assertEqual(self.run_command("list", "--json", host=host).status, 1)
        chart = self.start("chart", "--timeout", 1.4, host=host)
        self.assertEqual(chart.wait(), 0)
        self.assertRegex(chart.errors, r"\Arollcast: chart: [^\n]*could not be sent[^\n]*\n\Z")

    def test_where_nothing_is_wrong_nothing_is_told_however_lonely_it_is(self):
        charts = [self.chart(laboratory.Network(self, 1).hosts[0], 1)]
        charts += [self.chart(host, number)
                   for number, host in enumerate(laboratory.Network(self, 2).hosts, start=1)]
        charts[1].expect("found", id=2)
        time.sleep(2 * DETECTION)
        for each in charts:
            each.expect_never("interface_failed")
            each.expect_never("interface_up")

    def test_with_ports_of_its_own_a_chart_lives_behind_rules_that_go_by_ports(self):
        hosts = laboratory.Network(self, 2).hosts
        for each in hosts:
            each.nft(by_ports())
        ports = ("--unicast-port", "40000-40015")
        charts = [self.chart(hosts[0], 1, *ports), self.chart(hosts[0], 2, *ports),
                  self.chart(hosts[1], 3, *ports)]
        for number, each in enumerate(charts, start=1):
            for other in {1, 2, 3} - {number}:
                each.expect("found", id=other)
        time.sleep(2 * DETECTION)
        for each in charts:
            for event in ("gone", "suspect", "multicast_lost", "interface_failed"):
                each.expect_never(event)
            self.assertEqual(each.end()["counters"]["send_errors"], 0)

    def test_ports_that_are_taken_are_named(self):
        host = laboratory.Network(self, 1).hosts[0]
        self.chart(host, 1, "--unicast-port", 40000)
        refused = self.run_command("chart", "--id", 2, "--unicast-port", 40000, host=host)
        self.one_line(refused, 1, "every unicast port is taken", "range")


if __name__ == "__main__":
    laboratory.main()
