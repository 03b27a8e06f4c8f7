# SPDX-License-Identifier: BSL-1.0
"""Hosts that lose 30 % of their datagrams: complete all the same, and nobody is called gone."""

import time

import laboratory

PERCENT = 30
WATCHED = 30  # seconds


class LossTest(laboratory.CommandTest):
    def test_loss_delays_but_never_lies(self):
        hosts = laboratory.Network(self, 3).hosts
        for each in hosts:
            laboratory.lose_udp(each, PERCENT)
        charts = [self.start("chart", "--id", number, "--port", 8000, host=host)
                  for number, host in enumerate(hosts, start=1)]
        began = max(each.expect("started").at for each in charts)
        found = [each.expect("found", id=other, within=10).at
                 for own, each in enumerate(charts, start=1) for other in {1, 2, 3} - {own}]
        print(f"{PERCENT} % loss: complete after {(max(found) - began) * 1000:.0f} ms", flush=True)
        watcher, writer = charts[0], self.start(
            "chart", "--id", 4, "--data", "-", host=hosts[1], feed=True)
        watcher.expect("found", id=4)
        writer.write("news\n")
        watcher.expect("updated", id=4, data="news", within=10)
        observer = self.start("chart", host=hosts[2])
        for each in range(1, 5):
            observer.expect("found", id=each, within=10)
        self.watch(charts + [writer, observer], until=began + WATCHED)
        lost = [laboratory.dropped(each) for each in hosts]
        self.assertTrue(all(lost), f"nothing was lost: {lost}")
        final = watcher.end()
        self.assertEqual({each["id"]: each["state"] for each in final["instances"]},
                         {2: "alive", 3: "alive", 4: "alive"})

    def watch(self, charts, until):
        while time.monotonic() < until:
            for each in charts:
                for event in ("gone", "left", "returned", "restarted", "id_conflict"):
                    each.expect_never(event)
            time.sleep(0.2)


if __name__ == "__main__":
    laboratory.main()
