// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/doctor/findings.hpp"
#include "cli/doctor/roll_call.hpp"

#include <rollcast/net/network_interface.hpp>

#include <memory>
#include <vector>

namespace rollcast::cli {

/// What calling the roll on all links has come to.
class answers {
public:
    explicit answers(std::vector<std::unique_ptr<roll_call>> const& calls) : calls_(calls) {}

    /// The check `instances`.
    finding told() const;

    /// Whether somebody was heard, where we can be heard as well.
    bool has_met(bool loopback) const;
    bool has_met_on(net::interface_info const& which) const;

private:
    std::vector<std::unique_ptr<roll_call>> const& calls_;
};

} // namespace rollcast::cli
