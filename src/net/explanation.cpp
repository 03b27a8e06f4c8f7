// SPDX-License-Identifier: BSL-1.0
#include "net/explanation.hpp"

#include "error/explanation.hpp"

#include <rollcast/net/host_settings.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <vector>

namespace rollcast::net {

std::string existing(std::span<interface_info const> all)
{
    std::vector<std::string> names;
    for (auto const& each : all)
        names.push_back(each.name);
    return names.empty() ? "there are none" : "there are: " + detail::joined(names);
}

std::string existing()
{
    auto const all = list_interfaces();
    return all ? existing(*all) : std::string();
}

bool is_about_interface(error_code const& ec)
{
    return ec == error::unknown_interface || ec == error::ambiguous_interface ||
           ec == error::interface_address_mismatch || ec == error::interface_family_mismatch;
}

std::string owners(port_type port)
{
    std::vector<std::string> all;
    for (auto const& each : owners_of(port)) {
        auto const name = each.program.empty() ? "another user's program" : each.program;
        auto const text =
            each.process == 0 ? name : name + ", process " + std::to_string(each.process);
        if (std::ranges::find(all, text) == all.end())
            all.push_back(text);
    }
    auto const subject = "port " + std::to_string(port) + " is held by ";
    return all.empty() ? std::string() : subject + detail::joined(all);
}

std::string explain_port(std::string const& subject, port_type port, error_code const& ec)
{
    return detail::explanation(subject, ec,
                               ec == asio::error::address_in_use ? owners(port) : std::string());
}

} // namespace rollcast::net
