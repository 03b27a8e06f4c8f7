// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/packet.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <string>

namespace rollcast {

/// What happened to a membership without a call of the program.
enum class membership_change {
    lost,     ///< The interface is gone, or the system has dropped the membership on it.
    rejoined, ///< An interface of that name is there again, and the group is joined on it.
    /// The configuration names no interface, and the routing table sends the group to another one
    /// now: the group is joined on that.
    moved,
    /// The membership was to be renewed, but another socket of this host holds the group on that
    /// interface, so that the system tells the network nothing; and for the program to do so itself
    /// takes CAP_NET_RAW. Told once for each interface.
    unreported,
};
BOOST_DESCRIBE_ENUM(membership_change, lost, rejoined, moved, unreported)

/// What became of a membership that was not left: on one interface, of one subscription.
struct membership_event {
    membership_change change = membership_change::lost;
    std::string interface{};          ///< The name; for `moved` the new interface.
    unsigned interface_index = 0;     ///< A re-created interface has a new one.
    subscription_id subscription = 0; ///< Within its receiver; 0 without a receiver.
    std::size_t missed = 0; ///< Events lost just before this one: of those unread 32 are kept.
};
BOOST_DESCRIBE_STRUCT(membership_event, (),
                      (change, interface, interface_index, subscription, missed))

} // namespace rollcast
