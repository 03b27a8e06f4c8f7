# SPDX-License-Identifier: BSL-1.0
"""rollcast chart where not every address of a host can be reached by everybody."""

import time

import laboratory

CHANGE = laboratory.PATIENCE
DETECTION = 3
REST = 35  # seconds, in which the detection time passes ten times


class ReachabilityTest(laboratory.NetworkTest):
    detection_time = DETECTION

    def charts(self, network):
        """Charts of the hosts on this wire alone, which know each other."""
        all_charts = [self.chart(host, number, "--interface", "e1")
                      for number, host in enumerate(network.hosts, start=1)]
        for own, each in enumerate(all_charts, start=1):
            for other in set(range(1, len(all_charts) + 1)) - {own}:
                each.expect("found", within=CHANGE, id=other)
        return all_charts

    def rest(self, charts):
        """Nothing is told that has not happened; what was charted in the end, by id."""
        time.sleep(REST)
        ends = [each.end() for each in reversed(charts)]
        for each in charts:
            for event in ("suspect", "refuted", "gone", "returned", "updated", "interface_failed"):
                each.expect_never(event)
        return list(reversed(ends))

    def first_addresses(self, chart):
        """By id, what was handed out first when it was found."""
        return {each["id"]: each["endpoints"][0] for each in chart.seen("found")}

    def test_a_second_subnet_on_an_interface_is_used_by_those_who_share_it(self):
        network = laboratory.subnets(self, [("10.20.0.1/24", "192.168.5.1/24"), ("192.168.5.2/24",),
                                ("192.168.5.3/24",)], families=(4,))
        charts = self.charts(network)
        for own, chart in enumerate(charts, start=1):
            for number, endpoint in self.first_addresses(chart).items():
                if number != own:
                    self.assertEqual(endpoint, f"192.168.5.{number}:{8000 + number}")
        self.rest(charts)

    def test_hosts_in_different_ipv4_subnets_use_their_link_local_addresses(self):
        network = laboratory.subnets(self, [("10.20.1.1/24",), ("10.20.2.1/24",)])
        charts = self.charts(network)
        for chart, other in zip(charts, (2, 1)):
            told = self.first_addresses(chart)[other]
            expected = network.hosts[other - 1].link_local()
            self.assertEqual(told, f"[{expected}%e1]:{8000 + other}", chart.describe())
        self.rest(charts)

    def test_deprecated_addresses_do_not_stand_in_the_way(self):
        network = laboratory.with_deprecated_addresses(self)
        charts = self.charts(network)
        for chart, other in zip(charts, (2, 1)):
            expected = network.hosts[other - 1].link_local()
            self.assertEqual(self.first_addresses(chart)[other],
                             f"[{expected}%e1]:{8000 + other}", chart.describe())
        self.rest(charts)


if __name__ == "__main__":
    laboratory.main()
