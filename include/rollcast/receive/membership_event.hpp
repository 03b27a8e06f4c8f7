// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/packet.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <string>

namespace rollcast {

enum class membership_change {
    lost,     ///< The interface is gone, and with it the membership on it.
    rejoined, ///< An interface of that name is there again, and the group joined on it.
};
BOOST_DESCRIBE_ENUM(membership_change, lost, rejoined)

/// What became of a membership that nobody left.
struct membership_event {
    membership_change change = membership_change::lost;
    std::string interface{};
    unsigned interface_index = 0;     ///< A re-created interface has a new one.
    subscription_id subscription = 0; ///< Within its receiver; 0 for one without.
    std::size_t missed = 0; ///< Events before this one that nobody read in time; 32 are kept.
};
BOOST_DESCRIBE_STRUCT(membership_event, (),
                      (change, interface, interface_index, subscription, missed))

} // namespace rollcast
