// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

#include <string>

namespace rollcast::net {

/// The source that sends to a group and port: what a publication announces, and what a
/// source-specific receiver needs to subscribe to it, a channel in the words of RFC 4607.
///
///     auto config = subscription_config::source_specific({flow.group, flow.port}, flow.source);
struct flow {
    asio::ip::address source;
    asio::ip::address group;
    net::port_type port = 0;

    friend bool operator==(flow const&, flow const&) = default;
};
BOOST_DESCRIBE_STRUCT(flow, (), (source, group, port))

/// "10.0.0.1 > 232.1.1.1:5000"
ROLLCAST_EXPORT std::string to_string(flow const& value);

} // namespace rollcast::net
