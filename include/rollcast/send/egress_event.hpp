// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <string>

namespace rollcast {

/// What can become of the way by which datagrams of a publication leave.
enum class egress_change {
    lost,     ///< Nothing can leave by the interface: it is gone, down, or no cable is plugged in.
    restored, ///< Datagrams can leave by the interface again.
    moved,    ///< No interface was configured, and routes lead to another one now.
};
BOOST_DESCRIBE_ENUM(egress_change, lost, restored, moved)

/// A change of the way by which datagrams of a publication leave, see
/// `publication::egress_changed`.
struct egress_event {
    egress_change change = egress_change::lost;
    std::string interface{};          ///< The one lost, restored, or moved to, by its name.
    unsigned interface_index = 0;     ///< The same by its index.
    asio::ip::udp::endpoint source{}; ///< Address and port that datagrams leave from now.
    /// Events before this one that were lost because the program did not read them in time; the
    /// newest 32 are kept.
    std::size_t missed = 0;
};
BOOST_DESCRIBE_STRUCT(egress_event, (), (change, interface, interface_index, source, missed))

} // namespace rollcast
