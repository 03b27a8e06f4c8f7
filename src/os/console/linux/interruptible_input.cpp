// SPDX-License-Identifier: BSL-1.0
#include "os/console/interruptible_input.hpp"

#include "os/linux/last_error.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rollcast::os {
namespace {

/// A signal that is ignored by default, and that this library does not use otherwise: a handler for
/// it changes nothing for the program.
constexpr int nudge = SIGURG;
constexpr auto between_nudges = std::chrono::milliseconds(5);

void do_nothing(int) {}

/// Lets this thread, which takes no signals otherwise, be called back from a system call.
void take_nudges()
{
    struct sigaction action{};
    action.sa_handler = do_nothing; // without SA_RESTART
    ::sigaction(nudge, &action, nullptr);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, nudge);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

} // namespace

struct interruptible_input::wake_up {
    ~wake_up()
    {
        if (event >= 0)
            ::close(event);
    }
    wake_up() = default;
    wake_up(wake_up const&) = delete;
    wake_up& operator=(wake_up const&) = delete;

    int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); ///< Readable when it is time to end.
    pthread_t reader{};
};

interruptible_input::interruptible_input(std::FILE* stream)
    : stream_(::fileno(stream)), wake_up_(std::make_unique<wake_up>())
{
}

interruptible_input::~interruptible_input() = default;

bool interruptible_input::is_interrupted()
{
    std::lock_guard const lock(mutex_);
    return interrupted_;
}

std::size_t interruptible_input::read(std::span<char> into, error_code& ec)
{
    {
        std::lock_guard const lock(mutex_);
        wake_up_->reader = ::pthread_self();
        reading_ = true;
    }
    take_nudges();
    auto const size = read_some(into, ec);
    std::lock_guard const lock(mutex_);
    reading_ = false;
    changed_.notify_all();
    return size;
}

std::size_t interruptible_input::read_some(std::span<char> into, error_code& ec)
{
    while (wait(ec)) {
        auto const size = ::read(stream_, into.data(), into.size());
        if (size >= 0)
            return static_cast<std::size_t>(size);
        // The terminal's state has changed, another process has read first, or `interrupt` nudged.
        if (errno == EINTR || errno == EAGAIN)
            continue;
        ec = last_error();
        return 0;
    }
    return 0;
}

/// Waits until there is something to read, the end of the stream or an error; false with an error.
bool interruptible_input::wait(error_code& ec)
{
    for (;;) {
        if (is_interrupted()) {
            ec = asio::error::operation_aborted;
            return false;
        }
        // A read of no bytes fails at once where the stream can never be read, and stops a job in
        // the background that wants to read the terminal, as a read without the wait would.
        if (::read(stream_, nullptr, 0) < 0 && errno != EINTR && errno != EAGAIN) {
            ec = last_error();
            return false;
        }
        std::array<pollfd, 2> asked{{{stream_, POLLIN, 0}, {wake_up_->event, POLLIN, 0}}};
        auto const ready = ::poll(asked.data(), asked.size(), -1);
        if (ready > 0 && asked[0].revents != 0 && asked[1].revents == 0)
            return true;
    }
}

void interruptible_input::interrupt()
{
    std::unique_lock lock(mutex_);
    interrupted_ = true;
    std::uint64_t const one = 1;
    (void)!::write(wake_up_->event, &one, sizeof one);
    // Another process that reads the same stream may have been faster than the read after the wait:
    // that read waits by itself then, and only a signal ends it.
    while (!changed_.wait_for(lock, between_nudges, [this] { return !reading_; }))
        ::pthread_kill(wake_up_->reader, nudge);
}

} // namespace rollcast::os
