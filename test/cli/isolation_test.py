# SPDX-License-Identifier: BSL-1.0
"""rollcast chart where clients do not hear each other, as behind an access point that isolates them."""

import signal
import time

import laboratory

CHANGE = laboratory.PATIENCE
DETECTION = 3
CLIENTS = 8
SETTLING = 25  # seconds, until everybody has found out whom it cannot reach
REST = 30
MOST_RECEIVED = 6  # datagrams a second, at rest


class IsolationTest(laboratory.NetworkTest):
    detection_time = DETECTION

    def setUp(self):
        super().setUp()
        self.network = laboratory.with_isolated_clients(self, CLIENTS, families=(4,))
        self.charts = [self.chart(host, number, "--interface", "e1")
                       for number, host in enumerate(self.network.hosts, start=1)]
        self.hub, *self.clients = self.charts
        for number, client in enumerate(self.clients, start=2):
            self.hub.expect("found", within=CHANGE, id=number)
            client.expect("found", within=CHANGE, id=1)

    def test_nobody_is_called_gone_and_little_is_said(self):
        time.sleep(SETTLING)
        before = [host.received() for host in self.network.hosts]
        time.sleep(REST)
        after = [host.received() for host in self.network.hosts]
        rates = [(b - a) / REST for a, b in zip(before, after)]
        self.assertLessEqual(max(rates), MOST_RECEIVED, f"received a second: {rates}")
        for each in self.charts:
            for event in ("suspect", "refuted", "gone", "returned", "updated", "left"):
                each.expect_never(event)
        self.hub.expect_never("unreachable")
        for client in self.clients:
            # Once the others have been found out, nobody is handed out that cannot be reached.
            self.assertEqual([each["id"] for each in client.end()["instances"]], [1])

    def test_the_crash_of_a_client_is_told_by_the_hub_and_nobody_else_is_missed(self):
        time.sleep(SETTLING)
        self.clients[2].kill(signal.SIGKILL)
        self.hub.expect("gone", within=2 * DETECTION, id=4)
        for number in (2, 3, 5):
            self.hub.expect_never("gone", id=number)


if __name__ == "__main__":
    laboratory.main()
