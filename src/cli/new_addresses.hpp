// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace rollcast::cli {

namespace asio = boost::asio;

/// A machine that starts, or whose cable was just plugged in, cannot use its IPv6 addresses while
/// it looks whether they are another's, for about a second.
class new_addresses {
public:
    /// Whether what failed for that is worth trying again, after a moment: not where no address is
    /// new, or has been for longer than that takes.
    asio::awaitable<bool> have_come(error_code const& failure);

    /// Complains of those that another host has too.
    static void complain_of_duplicates();

private:
    std::chrono::steady_clock::time_point const begun_ = std::chrono::steady_clock::now();
};

} // namespace rollcast::cli
