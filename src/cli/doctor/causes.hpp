// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/group.hpp>

#include <string>

namespace rollcast::cli {

/// Why something does not work, and a command that would mend it, or show more; none where there
/// is no such command.
struct cause {
    std::string why{};
    std::string remedy{};
};

/// Of a group that cannot be joined on an interface.
cause cause_of_join(error_code const& ec, net::group const& group);

/// Of a group that cannot be sent to: by the interface of this name, or by that of the routes.
cause cause_of_send(error_code const& ec, net::group const& group, std::string const& interface);

} // namespace rollcast::cli
