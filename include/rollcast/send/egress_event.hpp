// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <string>

namespace rollcast {

enum class egress_change {
    lost,     ///< Nothing can leave by the interface: it is gone, down, or no cable is plugged in.
    restored, ///< It can again.
    moved,    ///< Nobody named an interface, and routes lead to another one now.
};
BOOST_DESCRIBE_ENUM(egress_change, lost, restored, moved)

/// What became of the way by which datagrams of a publication leave.
struct egress_event {
    egress_change change = egress_change::lost;
    std::string interface{};
    unsigned interface_index = 0;
    asio::ip::udp::endpoint source{}; ///< Datagrams leave from it now.
    std::size_t missed = 0; ///< Events before this one that nobody read in time; 32 are kept.
};
BOOST_DESCRIBE_STRUCT(egress_event, (), (change, interface, interface_index, source, missed))

} // namespace rollcast
