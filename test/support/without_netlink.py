#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs a command that may not open netlink sockets, as under `RestrictAddressFamilies=AF_INET AF_INET6` of systemd.

    without_netlink.py COMMAND [ARGUMENT]...

Exits 77, which ctest calls skipped, on a machine whose system calls it does not know.
"""

import ctypes
import os
import platform
import socket
import struct
import sys

NUMBERS_OF_SOCKET = {"x86_64": 41, "aarch64": 198}  # the system call
EAFNOSUPPORT = 97
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # of a filter
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NUMBER, FIRST_ARGUMENT = 0, 16  # where they are in what a filter looks at
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2


def forbid_netlink():
    steps = [(LOAD, 0, 0, NUMBER),
             (JUMP_IF_EQUAL, 0, 3, NUMBERS_OF_SOCKET[platform.machine()]),
             (LOAD, 0, 0, FIRST_ARGUMENT),
             (JUMP_IF_EQUAL, 0, 1, socket.AF_NETLINK),
             (RETURN, 0, 0, FAIL | EAFNOSUPPORT),
             (RETURN, 0, 0, ALLOW)]
    code = b"".join(struct.pack("HBBI", *each) for each in steps)
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("H6xP", len(steps), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, MODE_FILTER, program, 0, 0)):
        if libc.prctl(*arguments) != 0:
            sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    if platform.machine() not in NUMBERS_OF_SOCKET:
        print(f"skipped: the system calls of {platform.machine()} are not known", file=sys.stderr)
        sys.exit(77)
    forbid_netlink()
    os.execvp(sys.argv[1], sys.argv[1:])
