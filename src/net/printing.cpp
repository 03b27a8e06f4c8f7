// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/printing.hpp>

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
