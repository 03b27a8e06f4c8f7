// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <thread>

namespace rollcast::os {

/// A thread that takes no signals but those that keep jobs in the background off a terminal: what
/// it waits for in a system call is not interrupted, and handlers run elsewhere.
std::thread start_quiet_thread(std::function<void()> work);

/// Gives this process a signal as the system would by default, at once and on this thread, even if
/// it takes none otherwise. Returns when the process goes on, if it does.
void take_signal_here(int number);

} // namespace rollcast::os
