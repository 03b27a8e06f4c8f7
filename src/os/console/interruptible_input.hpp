// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <span>

namespace rollcast::os {

/// Reads what comes by a stream such as standard input, on a thread that waits for it.
///
/// It goes past stdio: a thread in a read of stdio holds the lock of the stream, for which `exit`
/// waits (glibc 2.41). The stream stays as it is: it may be a terminal, which must not become
/// non-blocking since it is shared with the shell.
class interruptible_input {
public:
    explicit interruptible_input(std::FILE* stream);
    ~interruptible_input();
    interruptible_input(interruptible_input const&) = delete;
    interruptible_input& operator=(interruptible_input const&) = delete;

    /// Waits for some bytes; 0 at the end of the stream. One thread at a time, which
    /// `start_quiet_thread` has to have started.
    ///
    /// Errors: the system's, or `operation_aborted` once `interrupt` was called.
    std::size_t read(std::span<char> into, error_code& ec);

    /// Ends the read that waits and every later one; returns when none is under way. Any thread.
    void interrupt();

private:
    struct wake_up;

    std::size_t read_some(std::span<char> into, error_code& ec);
    bool wait(error_code& ec);
    bool is_interrupted();

    int const stream_;
    std::unique_ptr<wake_up> wake_up_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool interrupted_ = false;
    bool reading_ = false;
};

} // namespace rollcast::os
