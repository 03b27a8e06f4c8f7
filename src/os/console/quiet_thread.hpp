// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <thread>

namespace rollcast::os {

/// Starts a thread that takes no signals but those that keep jobs in the background off a terminal:
/// its system calls are not interrupted, and handlers run in other threads.
std::thread start_quiet_thread(std::function<void()> work);

/// Gives this process a signal as the system would by default, at once and on this thread, even if
/// the thread takes no signals otherwise. Returns when the process goes on, if it does.
void take_signal_here(int number);

} // namespace rollcast::os
