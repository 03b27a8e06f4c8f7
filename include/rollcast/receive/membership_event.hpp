// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/packet.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <string>

namespace rollcast {

enum class membership_change {
    lost,     ///< The interface is gone, or the system has dropped the membership on it.
    rejoined, ///< An interface of that name is there again, and the group joined on it.
    moved,    ///< Nobody named an interface, and routes lead elsewhere now: it is joined there.
    /// The membership was to be renewed, but another one of this host holds the group there, so
    /// that the system tells the network nothing, and to do so oneself takes CAP_NET_RAW. Told
    /// once.
    unreported,
};
BOOST_DESCRIBE_ENUM(membership_change, lost, rejoined, moved, unreported)

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
