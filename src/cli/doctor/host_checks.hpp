// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/doctor/findings.hpp"

#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <utility>
#include <vector>

namespace rollcast::cli {

namespace asio = boost::asio;

bool has_address(net::interface_info const& on, bool v4);

/// What can be seen of a host by looking: nothing is joined, and nothing is sent.
class host_checks {
public:
    /// `named` are interfaces that the user asked for; any trouble with one is a failure then.
    host_checks(asio::any_io_executor executor, std::vector<net::interface_info> const& interfaces,
                bool named, findings& into)
        : executor_(std::move(executor)), interfaces_(interfaces), named_(named), into_(into)
    {
    }

    void look_at_links();
    void look_at_buffers();
    void look_at_route(net::group const& group);

private:
    void look_at_link(net::interface_info const& which);
    void look_at_addresses(net::interface_info const& which);
    void look_at_filter(net::interface_info const& which);

    asio::any_io_executor executor_;
    std::vector<net::interface_info> const& interfaces_;
    bool named_;
    findings& into_;
};

} // namespace rollcast::cli
