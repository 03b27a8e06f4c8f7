// SPDX-License-Identifier: BSL-1.0
// Loaded before a program, does what `exit` of glibc 2.41 and later does by itself: it waits for
// the lock of standard input. A thread that sits in stdio has it, and the program never ends.
#include <cstdio>

namespace {

struct at_exit {
    ~at_exit() { ::flockfile(stdin); }
};

at_exit const lock;

} // namespace
