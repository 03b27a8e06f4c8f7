// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/cancellation_signal.hpp>

namespace rollcast::cli {

namespace asio = boost::asio;

/// Ends a command in order, and remembers why; never from within the command's own coroutine.
class stop {
public:
    enum class reason { none, signal, timeout, key, unread };

    void now(reason why)
    {
        if (why_ == reason::none)
            why_ = why;
        cancel_.emit(asio::cancellation_type::all);
    }

    bool is_by_timeout() const noexcept { return why_ == reason::timeout; }

    /// Nobody reads any more what we say.
    bool is_for_want_of_reader() const noexcept { return why_ == reason::unread; }

    asio::cancellation_slot slot() noexcept { return cancel_.slot(); }

private:
    reason why_ = reason::none;
    asio::cancellation_signal cancel_;
};

} // namespace rollcast::cli
