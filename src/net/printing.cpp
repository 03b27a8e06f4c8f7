// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net.hpp>

#include "detail/printing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>
#include <vector>

namespace rollcast::net {

std::string to_string(asio::ip::address const& value)
{
    return value.to_string();
}

std::string to_string(unusable_address const& value)
{
    return value.address.to_string() +
           (value.duplicate ? ", another host's, too" : ", still being checked");
}

std::string to_string(interface_address const& value)
{
    return fmt::format("{}/{}", value.address.to_string(), value.prefix_length);
}

std::string to_string(interface_info const& value)
{
    std::vector<std::string> addresses;
    for (auto const& each : value.addresses)
        addresses.push_back(to_string(each));
    return fmt::format("{} ({}), {}: {}", value.name, value.index, value.up ? "up" : "down",
                       addresses.empty() ? "no address"
                                         : fmt::format("{}", fmt::join(addresses, ", ")));
}

std::string to_string(port_owner const& value)
{
    auto const name = value.program.empty() ? std::string("another user's program") : value.program;
    auto const process =
        value.process == 0 ? std::string() : fmt::format(", process {}", value.process);
    return fmt::format("{}{}, at {}", name, process, value.address.to_string());
}

std::string to_string(port_range const& value)
{
    if (value.is_any())
        return "any";
    return value.first == value.last ? std::to_string(value.first)
                                     : fmt::format("{}-{}", value.first, value.last);
}

ROLLCAST_PRINTED_ENUM(scope)
ROLLCAST_PRINTED_ENUM(reverse_path_filter)
ROLLCAST_PRINTED_ENUM(time_source)
ROLLCAST_PRINTED_ENUM(launch_clock)
ROLLCAST_STREAMED(interface_address)
ROLLCAST_STREAMED(unusable_address)
ROLLCAST_STREAMED(interface_info)
ROLLCAST_STREAMED(port_owner)
ROLLCAST_STREAMED(port_range)
ROLLCAST_STREAMED(group)
ROLLCAST_STREAMED(flow)
ROLLCAST_STREAMED(network_interface)

} // namespace rollcast::net

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

std::string to_string(packet const& value)
{
    return fmt::format("{} > {}, {} byte{}{}", net::to_string(value.source), to_string(value.group),
                       value.payload.size(), value.payload.size() == 1 ? "" : "s",
                       value.truncated ? ", truncated" : "");
}

ROLLCAST_PRINTED_ENUM(port_sharing)
std::ostream& operator<<(std::ostream& out, metadata_mask value)
{
    return out << to_string(value);
}
ROLLCAST_STREAMED(packet)
ROLLCAST_PRINTED(packet_metadata)

} // namespace rollcast
