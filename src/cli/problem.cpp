// SPDX-License-Identifier: BSL-1.0
#include "cli/problem.hpp"

#include <boost/asio/error.hpp>

namespace rollcast::cli {

bool is_usage(error_code const& ec) noexcept
{
    bool const ours = ec.category() == category();
    return ours && ec != error::no_multicast_route && ec != error::no_usable_interface &&
           ec != error::stopped;
}

std::string explain(error_code const& ec)
{
    if (ec == error::no_multicast_route)
        return "no route leads to the group; name an interface with --interface";
    if (ec == error::interface_required)
        return ec.message() + " with --interface";
    if (ec == error::source_required)
        return ec.message() + " with --source";
    if (ec == asio::error::address_in_use)
        return "taken by a program that does not share it; choose another port or end that program";
    if (ec == asio::error::network_unreachable)
        return ec.message() + "; is the interface up, and has it a route for multicast?";
    return ec.message();
}

} // namespace rollcast::cli
