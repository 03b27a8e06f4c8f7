// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/unread_events.hpp"
#include "os/owned_socket.hpp"

#include <rollcast/send/send_report.hpp>

#include <cstdint>
#include <deque>
#include <optional>

namespace rollcast::send {

/// What came of datagrams that had left, as far as the kernel told it and the program has not read
/// it yet; bounded.
class aftermath {
public:
    static constexpr std::size_t most_errors = 32; ///< Beyond it the oldest error is dropped.
    static constexpr std::size_t most_times = 4096;

    /// How many reports were new.
    struct news {
        std::uint64_t errors = 0;
        std::uint64_t times = 0;
        bool interrupts = false; ///< A send may have failed for a report, with nothing sent.
    };

    /// Takes what the kernel keeps beside this socket.
    /// @param destination  Where the socket sends to, which reports of the egress queue do not
    /// name.
    news take_from(os::native_socket socket, asio::ip::udp::endpoint const& destination);

    std::optional<network_error> pop_error();
    std::optional<send_time> pop_time() { return times_.pop(); }

private:
    void add(network_error const& told);

    std::deque<network_error> errors_;
    detail::unread_events<send_time, most_times> times_;
};

} // namespace rollcast::send
