# SPDX-License-Identifier: BSL-1.0
"""rollcast chart with ports that have names: what the others see of them, and what is refused."""

import laboratory


class NamedPortsTest(laboratory.CommandTest):
    def chart(self, *options):
        command = self.start("chart", "--local", "--name", self.id(), *options)
        command.expect("started")
        return command

    def refused(self, *ports, names):
        options = [word for port in ports for word in ("--port", port)]
        ended = self.run_command("chart", "--local", "--timeout", 1, *options)
        self.one_line(ended, 2, *names)

    def test_names_are_told_beside_the_endpoints(self):
        first = self.chart("--id", 1)
        self.chart("--id", 2, "--port", "http=8042", "--port", 8041, "--port", "grün=08043")
        found = first.expect("found", id=2)
        self.assertEqual(found["ports"], {"http": 8042, "grün": 8043})
        local = [each for each in found["endpoints"] if each.startswith("127.0.0.1")]
        self.assertEqual(local, [f"127.0.0.1:{port}" for port in (8041, 8042, 8043)])
        final = first.end()["instances"]
        self.assertEqual([each["ports"] for each in final], [{"http": 8042, "grün": 8043}])

    def test_without_names_there_is_nothing_of_them(self):
        first = self.chart("--id", 1)
        self.chart("--id", 2, "--port", 8042)
        self.assertNotIn("ports", first.expect("found", id=2))
        self.assertNotIn("ports", first.end()["instances"][0])

    def test_a_restart_with_other_names_tells_them(self):
        first = self.chart("--id", 1)
        second = self.chart("--id", 2, "--port", "http=8042")
        first.expect("found", id=2)
        second.end()
        first.expect("left", id=2)
        self.chart("--id", 2, "--port", "web=8042")
        self.assertEqual(first.expect("found", id=2, ports={"web": 8042})["ports"], {"web": 8042})

    def test_text_shows_the_names(self):
        name = ("--local", "--name", self.id())
        other = self.chart("--id", 2, "--port", "http=8042", "--port", "8041")
        told = self.run_command("chart", *name, "--id", 1, "--until", 2, "--timeout", 20)
        self.assertEqual(told.status, 0, told)
        self.assertRegex(told.output, r"(?m)^found 2 at 127\.0\.0\.1:8041, 127\.0\.0\.1:8042 \(http\)")
        self.assertRegex(told.output, r"(?m)^  2 alive at 127\.0\.0\.1:8041, 127\.0\.0\.1:8042 \(http\)")
        other.end()

    def test_what_is_no_port_or_no_name_is_refused_with_the_value(self):
        for port in ("http=0", "http=65536", "http=", "http=x", "http=-1"):
            self.refused(port, names=["--port", "1 to 65535"])
        self.refused("=8042", names=["--port", '""', "1 to 16 bytes"])
        self.refused("two words=8042", names=["--port", '"two words"', "1 to 16 bytes"])
        self.refused("0123456789abcdefg=8042", names=["--port", "0123456789abcdefg", "1 to 16 bytes"])
        self.refused("http=1", "http=2", names=["--port", '"http"', "two service ports"])


if __name__ == "__main__":
    laboratory.main()
