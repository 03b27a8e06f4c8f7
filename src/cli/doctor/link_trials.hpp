// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/doctor/findings.hpp"
#include "cli/doctor/self_test.hpp"
#include "cli/options.hpp"

#include <rollcast/net/host_settings.hpp>

#include <memory>
#include <vector>

namespace rollcast::cli {

/// Whether links carry multicast, found out by joining, sending and listening on each.
class link_trials {
public:
    link_trials(doctor_options const& options, std::vector<net::interface_info> const& interfaces,
                std::vector<net::group> const& groups, findings& into)
        : options_(options), interfaces_(interfaces), groups_(groups), into_(into)
    {
    }

    /// On the discovery port; where that is taken, on a backup port.
    asio::awaitable<void> run();

    /// Whether something came back, on an interface that is the loopback one or is not.
    bool has_worked(bool loopback) const;
    bool has_tried(bool loopback) const;
    bool has_worked_on(net::interface_info const& which) const;

private:
    asio::awaitable<void> try_port(net::port_type port);
    bool is_taken() const;
    void tell_port(std::vector<net::port_owner> const& owners, bool taken);
    void tell(self_test const& test);
    bool has_tried_v4_on(net::interface_info const& which) const;

    doctor_options const& options_;
    std::vector<net::interface_info> const& interfaces_;
    std::vector<net::group> const& groups_;
    findings& into_;
    std::vector<std::unique_ptr<self_test>> tests_;
};

} // namespace rollcast::cli
