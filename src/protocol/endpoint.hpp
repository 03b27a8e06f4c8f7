// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>

#include <tuple>
#include <utility>

namespace rollcast::detail {

/// Where an instance hears unicast. To the protocol it is a value that is compared and handed back;
/// unlike Asio's it brings no socket with it.
class endpoint {
public:
    endpoint() = default;
    endpoint(asio::ip::address address, net::port_type port) noexcept
        : address_(std::move(address)), port_(port)
    {
    }

    asio::ip::address const& address() const noexcept { return address_; }
    void address(asio::ip::address const& value) noexcept { address_ = value; }
    net::port_type port() const noexcept { return port_; }
    void port(net::port_type value) noexcept { port_ = value; }

    friend bool operator==(endpoint const&, endpoint const&) = default;
    friend bool operator<(endpoint const& a, endpoint const& b) noexcept
    {
        return std::tie(a.address_, a.port_) < std::tie(b.address_, b.port_);
    }

private:
    asio::ip::address address_{};
    net::port_type port_ = 0;
};

} // namespace rollcast::detail
