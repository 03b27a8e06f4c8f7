// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/ip/address.hpp>

/// The scope id of IPv6 addresses: each host numbers its links itself.
namespace rollcast::detail {

/// The address as this host has to use it: link-local ones need the link.
inline boost::asio::ip::address on_link(boost::asio::ip::address const& address, unsigned index)
{
    if (!address.is_v6() || !address.to_v6().is_link_local())
        return address;
    auto scoped = address.to_v6();
    scoped.scope_id(index);
    return scoped;
}

/// The address as other hosts see it, without scope id.
inline boost::asio::ip::address unscoped(boost::asio::ip::address const& address)
{
    return address.is_v4() ? address : boost::asio::ip::address_v6(address.to_v6().to_bytes());
}

/// Whether other hosts see the same address in both; makes no copy of them, since this is asked for
/// each datagram.
inline bool is_same_host(boost::asio::ip::address const& a, boost::asio::ip::address const& b)
{
    if (a.is_v4() || b.is_v4())
        return a.is_v4() && b.is_v4() && a.to_v4() == b.to_v4();
    return a.to_v6().to_bytes() == b.to_v6().to_bytes();
}

} // namespace rollcast::detail
