// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <optional>

namespace rollcast::os {

/// What a report of the error queue is about.
enum class report_kind {
    other,     ///< An error that the failed call has returned, too.
    network,   ///< A router or host about an earlier datagram (ICMP).
    launch,    ///< A datagram that the egress queue dropped for its launch time.
    departure, ///< When a datagram left.
};

/// What the kernel keeps beside a socket that asked for it (IP_RECVERR, SO_TXTIME,
/// SO_TIMESTAMPING).
struct queued_report {
    report_kind kind = report_kind::other;
    asio::ip::udp::endpoint destination{};
    asio::ip::address reporter{};
    error_code error{};
    std::uint32_t mtu = 0;
    std::optional<net::launch_time> launch{};
    std::uint32_t number = 0; ///< Of a departure: which datagram of the socket, from 0.
    net::kernel_time at{};
    net::time_source source = net::time_source::none;
};

/// The oldest report. As long as there are any, the socket counts as ready, and a call that sends
/// may fail with the latest error, with nothing sent.
std::optional<queued_report> take_queued_report(native_socket socket) noexcept;

} // namespace rollcast::os
