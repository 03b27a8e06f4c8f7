// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/interfaces.hpp"

#include <vector>

namespace rollcast::os {

/// A socket on which the kernel reports changes of interfaces and addresses; not open where the
/// system denies such a socket to this program, which then hears of no change.
result<owned_socket> open_reports();

/// Has the socket report the topics that are wanted, and no more those that are not.
void change_topics(native_socket reports, report_topics before, report_topics wanted) noexcept;

/// What several reports come to together.
struct told_reports {
    bool of_interfaces = false; ///< Or addresses.
    bool of_routes = false;
    std::vector<queue_change> queues{};
    std::vector<unsigned> removed{}; ///< Interfaces.
};

/// Takes the reports that are queued on the socket.
told_reports take_reports(native_socket reports);

} // namespace rollcast::os
