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

/// Names a subscription within its receiver: from 1, in the order of adding. 0 is none.
using subscription_id = std::uint64_t;

/// A datagram as it arrived. Everything but the payload is a value. The payload is a view into the
/// storage of the subscription, or of the batch, that received it: valid until the next receive
/// with that, also one that finds nothing, or until its end. Keep bytes with `copy`.
struct packet {
    std::span<std::byte const> payload{};
    asio::ip::udp::endpoint source{};
    net::group group{};               ///< The group and port that the datagram was sent to.
    subscription_id subscription = 0; ///< Within its receiver; 0 without a receiver.
    bool truncated = false; ///< The datagram was longer than the storage; its end is lost.
    packet_metadata metadata{};

    /// The payload as characters, with the lifetime of the payload.
    std::string_view text() const noexcept
    {
        return {reinterpret_cast<char const*>(payload.data()), payload.size()};
    }
    std::vector<std::byte> copy() const { return {payload.begin(), payload.end()}; }
};

} // namespace rollcast
