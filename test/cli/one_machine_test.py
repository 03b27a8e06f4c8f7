# SPDX-License-Identifier: BSL-1.0
"""The command on a machine that has nothing but lo, with and without a route for IPv6 multicast."""

import laboratory

LOCAL = ("ff31::8000:1234", "5000")
ROUTE = "ip -6 route add local ff00::/8 dev lo"


class OneMachineTest(laboratory.CommandTest):
    def setUp(self):
        self.host = laboratory.Host(self)

    def add_route(self):
        self.host.run(*ROUTE.split())

    def send(self, *arguments):
        return self.run_command("send", *arguments, host=self.host)

    def test_an_interface_local_group_is_heard_by_lo(self):
        self.add_route()
        receiver = self.start("recv", *LOCAL, "--source", "::1", "--interface", "lo", "--count", 1,
                              host=self.host)
        receiver.expect("joined", interfaces=["lo"])
        self.assertEqual(self.send(*LOCAL, "hello", "--interface", "lo").status, 0)
        self.assertEqual(receiver.wait(), 0, receiver.describe())
        receiver.expect("packet", payload="hello", source="::1", interface="lo")

    def test_without_the_route_the_sender_is_told_how_to_make_it(self):
        for group in (LOCAL, ("ff15::1", "5000")):
            with self.subTest(group[0]):
                refused = self.send(*group, "hello", "--interface", "lo")
                self.one_line(refused, 1, group[0], ROUTE)

    def test_the_route_is_what_the_sender_lacked(self):
        self.assertEqual(self.send(*LOCAL, "hello", "--interface", "lo").status, 1)
        self.add_route()
        self.assertEqual(self.send(*LOCAL, "hello", "--interface", "lo").status, 0)

    def test_without_an_interface_it_is_told_to_name_one(self):
        for command, rest in (("recv", ("--source", "::1")), ("send", ("hello",))):
            refused = self.run_command(command, *LOCAL, *rest, host=self.host)
            self.one_line(refused, 2, LOCAL[0], "--interface")

    def test_without_a_route_or_an_interface_it_is_told_what_leads_there(self):
        for command, rest in (("recv", ()), ("send", ("hello",))):
            refused = self.run_command(command, "ff15::1", "5000", *rest, host=self.host)
            self.one_line(refused, 1, "ff15::1", "route", "--interface")


if __name__ == "__main__":
    laboratory.main()
