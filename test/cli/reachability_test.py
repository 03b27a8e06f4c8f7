# SPDX-License-Identifier: BSL-1.0
"""rollcast chart where not every address of a host can be reached by everybody."""

import laboratory

CHANGE = laboratory.PATIENCE
DETECTION = 3


class ReachabilityTest(laboratory.CommandTest):
    def network(self, addresses, families=(6,)):
        """Hosts on one wire with these IPv4 addresses, and no way to any other subnet."""
        network = laboratory.Network(self, len(addresses), families)
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

    def charts(self, network):
        """Charts of the hosts on this wire alone, which know each other."""
        all_charts = []
        for number, host in enumerate(network.hosts, start=1):
            chart = self.start("chart", "--id", number, "--port", 8000 + number,
                               "--detection-time", DETECTION, "--interface", "e1", host=host)
            chart.expect("started")
            all_charts.append(chart)
        for own, each in enumerate(all_charts, start=1):
            for other in set(range(1, len(all_charts) + 1)) - {own}:
                each.expect("found", within=CHANGE, id=other)
        return all_charts

    def end(self, charts):
        """Nothing was told that has not happened."""
        for each in reversed(charts):
            each.end()
        for each in charts:
            for event in ("suspect", "refuted", "gone", "returned", "updated", "interface_failed"):
                each.expect_never(event)

    def first_addresses(self, chart):
        """By id, what was handed out first when it was found."""
        return {each["id"]: each["endpoints"][0] for each in chart.seen("found")}

    def test_a_second_subnet_on_an_interface_is_used_by_those_who_share_it(self):
        network = self.network([("10.20.0.1/24", "192.168.5.1/24"), ("192.168.5.2/24",),
                                ("192.168.5.3/24",)], families=(4,))
        charts = self.charts(network)
        for own, chart in enumerate(charts, start=1):
            for number, endpoint in self.first_addresses(chart).items():
                if number != own:
                    self.assertEqual(endpoint, f"192.168.5.{number}:{8000 + number}")
        self.end(charts)

    def test_hosts_in_different_ipv4_subnets_use_their_link_local_addresses(self):
        network = self.network([("10.20.1.1/24",), ("10.20.2.1/24",)])
        charts = self.charts(network)
        for chart, other in zip(charts, (2, 1)):
            told = self.first_addresses(chart)[other]
            expected = network.hosts[other - 1].link_local()
            self.assertEqual(told, f"[{expected}%e1]:{8000 + other}", chart.describe())
        self.end(charts)

    def test_deprecated_addresses_do_not_stand_in_the_way(self):
        network = self.network([(), ()])
        for number, host in enumerate(network.hosts, start=1):
            for prefix in range(8):
                host.ip("-6", "addr", "add", f"fd{number}{prefix}::1/64", "dev", "e1", "nodad",
                        "preferred_lft", "0")
        charts = self.charts(network)
        for chart, other in zip(charts, (2, 1)):
            expected = network.hosts[other - 1].link_local()
            self.assertEqual(self.first_addresses(chart)[other],
                             f"[{expected}%e1]:{8000 + other}", chart.describe())
        self.end(charts)


if __name__ == "__main__":
    laboratory.main()
