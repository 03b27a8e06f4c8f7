# SPDX-License-Identifier: BSL-1.0
"""Lets the doctor look at a network, and checks what is true of whatever it says."""

import time

import laboratory


class Examination(laboratory.CommandTest):
    def examine(self, host, *options, status=0):
        """The checks of a run, and its verdict."""
        doctor = self.start("doctor", *options, host=host)
        self.assertEqual(doctor.wait(), status, doctor.describe())
        self.assertLess(time.monotonic() - doctor.spawned_at, 10)
        self.assertEqual(doctor.errors, "")
        *checks, verdict = doctor.events
        self.assertEqual(verdict["event"], "verdict", doctor.describe())
        for each in checks:
            self.assertEqual(set(each),
                             {"event", "check", "interface", "status", "detail", "remedy"})
            self.assertTrue(each["detail"], each)
            # What is said and what is meant by it agree.
            if each["status"] == "ok":
                self.assertEqual(each["remedy"], "", each)
                self.assertNotRegex(each["detail"], "cannot|nothing comes back|fail", each)
            if each["status"] == "fail":
                self.assertNotIn("comes back", each["detail"].replace("nothing comes back", ""))
        remedies = [(each["remedy"], each["check"], each["interface"], each["detail"])
                    for each in checks if each["remedy"]]
        self.assertEqual(len(set(remedies)), len(remedies), remedies)
        for remedy, *_, detail in remedies:
            self.assertNotIn(remedy, detail)
        return checks, verdict["status"]

    def troubles(self, checks):
        return [each for each in checks if each["status"] in ("warn", "fail")]

    def the_trouble(self, checks, check, interface=""):
        """The only one there is."""
        found = self.troubles(checks)
        self.assertEqual([(each["check"], each["interface"]) for each in found],
                         [(check, interface)])
        return found[0]
