// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive.hpp>

#include "detail/printing.hpp"

#include <fmt/format.h>

#include <ostream>

namespace rollcast {

std::string to_string(membership_event const& value)
{
    auto const missed =
        value.missed == 0 ? std::string() : fmt::format(", {} missed", value.missed);
    return fmt::format("{} {} ({}){}", to_string(value.change), value.interface,
                       value.interface_index, missed);
}

std::string to_string(sequenced const& value)
{
    auto const last = value.number + value.missing - 1;
    switch (value.kind) {
    case sequence_kind::gap:
        return value.missing == 1 ? fmt::format("{} is missing", value.number)
                                  : fmt::format("{} to {} are missing", value.number, last);
    case sequence_kind::restart:
        return fmt::format("begins anew with {}", value.number);
    case sequence_kind::datagram:
        break;
    }
    auto const size = value.packet.payload.size();
    return fmt::format("{} by line {}, {} byte{}", value.number, value.line, size,
                       size == 1 ? "" : "s");
}

std::string to_string(receiver::drained const& value)
{
    return fmt::format("{} packet{}{}", value.packets, value.packets == 1 ? "" : "s",
                       value.more ? ", and more" : "");
}

ROLLCAST_PRINTED(arbiter_config)
ROLLCAST_PRINTED(arbiter_counters)
ROLLCAST_PRINTED(line_counters)
ROLLCAST_PRINTED_ENUM(sequence_kind)
ROLLCAST_STREAMED(sequenced)
ROLLCAST_PRINTED_ENUM(membership_change)
ROLLCAST_STREAMED(membership_event)
ROLLCAST_STREAMED(receiver::drained)
ROLLCAST_PRINTED(subscription_config)

} // namespace rollcast
