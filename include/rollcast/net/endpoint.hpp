// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <string>
#include <string_view>

namespace rollcast::net {

/// "10.0.0.1:5000" or "[fe80::1%eth0]:5000".
std::string to_string(asio::ip::address const& address, asio::ip::port_type port);
std::string to_string(asio::ip::udp::endpoint const& endpoint);

/// Reads what `to_string` writes. Fails with `error::malformed`.
result<asio::ip::udp::endpoint> parse_endpoint(std::string_view text);

} // namespace rollcast::net
