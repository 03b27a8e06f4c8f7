// SPDX-License-Identifier: BSL-1.0
#include "os/console/quiet_thread.hpp"

#include <csignal>
#include <utility>

namespace rollcast::os {
namespace {

/// Which signals this thread takes, until the end of its scope.
class signal_mask {
public:
    signal_mask(int how, sigset_t const& signals) { ::pthread_sigmask(how, &signals, &before_); }
    ~signal_mask() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signal_mask(signal_mask const&) = delete;
    signal_mask& operator=(signal_mask const&) = delete;

private:
    sigset_t before_{};
};

} // namespace

std::thread start_quiet_thread(std::function<void()> work)
{
    sigset_t all;
    sigfillset(&all);
    // These signals stop a job in the background that uses the terminal; blocked, they would not.
    sigdelset(&all, SIGTTIN);
    sigdelset(&all, SIGTTOU);
    signal_mask const mask(SIG_BLOCK, all); // which the new thread inherits
    return std::thread(std::move(work));
}

void take_signal_here(int number)
{
    struct sigaction by_default{}, before{};
    by_default.sa_handler = SIG_DFL;
    ::sigaction(number, &by_default, &before);
    {
        sigset_t only;
        sigemptyset(&only);
        sigaddset(&only, number);
        signal_mask const mask(SIG_UNBLOCK, only);
        ::raise(number);
    }
    ::sigaction(number, &before, nullptr);
}

} // namespace rollcast::os
