// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <rollcast/net/group.hpp>
#include <rollcast/receive/metadata.hpp>

#include <boost/asio/ip/udp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rollcast {

/// Names a subscription within its receiver.
using subscription_id = std::uint64_t;

/// A datagram as it arrived. Everything but the payload is a value; the payload is a view into
/// the subscription's storage and valid until its next receive.
struct packet {
    std::span<std::byte const> payload{};
    asio::ip::udp::endpoint source{};
    net::group group{};               ///< Where it was sent to, as the datagram itself says.
    subscription_id subscription = 0; ///< Within its receiver; 0 for one without.
    bool truncated = false;           ///< It was longer than the storage, and its end is lost.
    packet_metadata metadata{};

    std::string_view text() const noexcept
    {
        return {reinterpret_cast<char const*>(payload.data()), payload.size()};
    }
    std::vector<std::byte> copy() const { return {payload.begin(), payload.end()}; }
};

} // namespace rollcast
