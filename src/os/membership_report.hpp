// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <span>

namespace rollcast::os {

/// Tells routers and switches of a membership (a report of IGMPv3 or MLDv2) as the kernel does when
/// a group is joined; for where another program holds the group, and the kernel has nothing to
/// tell. Takes the right to make raw sockets (CAP_NET_RAW). Without sources: datagrams of any
/// source.
error_code report_membership(asio::ip::address const& group, unsigned interface_index,
                             std::span<asio::ip::address const> sources);

/// The same where routers ask by version 2 of IGMP, which knows no sources.
error_code report_membership_as_igmp_v2(asio::ip::address const& group, unsigned interface_index);

} // namespace rollcast::os
