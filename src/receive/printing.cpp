// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/printing.hpp>

#include "detail/printing.hpp"

#include <fmt/format.h>

#include <ostream>

namespace rollcast {

std::string to_string(metadata_mask value)
{
    if (value == metadata_mask::none || value == metadata_mask::all)
        return value == metadata_mask::none ? "none" : "all";
    std::string text;
    for (auto const& [bit, name] : {std::pair(metadata_mask::hop_limit, "hop_limit"),
                                    std::pair(metadata_mask::traffic_class, "traffic_class"),
                                    std::pair(metadata_mask::receive_time, "receive_time")})
        if (contains(value, bit))
            text += (text.empty() ? "" : "|") + std::string(name);
    return text.empty() ? std::to_string(static_cast<unsigned>(value)) : text;
}

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

std::string to_string(packet const& value)
{
    return fmt::format("{} > {}, {} byte{}{}", net::to_string(value.source), to_string(value.group),
                       value.payload.size(), value.payload.size() == 1 ? "" : "s",
                       value.truncated ? ", truncated" : "");
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
ROLLCAST_PRINTED_ENUM(port_sharing)
std::ostream& operator<<(std::ostream& out, metadata_mask value)
{
    return out << to_string(value);
}
ROLLCAST_PRINTED_ENUM(membership_change)
ROLLCAST_STREAMED(membership_event)
ROLLCAST_STREAMED(packet)
ROLLCAST_PRINTED(packet_metadata)
ROLLCAST_STREAMED(receiver::drained)
ROLLCAST_PRINTED(subscription_config)

} // namespace rollcast
