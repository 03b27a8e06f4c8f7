// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/interfaces.hpp"

#include <vector>

namespace rollcast::os {

/// A socket on which the kernel reports changes of interfaces and addresses; not open where the
/// system denies it to this program, which then hears of none.
result<owned_socket> open_reports();

/// Has it report what else is wanted, and no more what is not.
void change_topics(native_socket reports, report_topics before, report_topics wanted) noexcept;

/// What a number of reports came to.
struct told_reports {
    bool of_interfaces = false; ///< Or addresses.
    bool of_routes = false;
    std::vector<queue_change> queues{};
    std::vector<unsigned> removed{}; ///< Interfaces.
};

/// Takes the reports that are there.
told_reports take_reports(native_socket reports);

} // namespace rollcast::os
