// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net.hpp>
#include <rollcast/receive.hpp>
#include <rollcast/send.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/test/tools/assertion_result.hpp>
#include <boost/test/tree/decorator.hpp>

#include <string>
#include <string_view>

namespace rollcast::test {

inline net::group group(std::string_view text)
{
    return net::group::parse(text).value();
}

inline asio::ip::address address(char const* text)
{
    return asio::ip::make_address(text);
}

/// What a test of one IP version needs to know about it.
struct family {
    net::group any_source;
    net::group other_any_source;
    net::group source_specific;
    asio::ip::address loopback;
};

inline family const ipv4{group("239.1.1.1:5000"), group("239.1.1.2:5000"), group("232.1.1.1:5000"),
                         asio::ip::address_v4::loopback()};
inline family const ipv6{group("[ff15::1:1]:5000"), group("[ff15::1:2]:5000"),
                         group("[ff3e::8000:1]:5000"), asio::ip::address_v6::loopback()};

/// A configuration for `lo`, so that no test datagram leaves this machine.
inline subscription_config hearing(net::group const& group)
{
    auto config = subscription_config::any_source(group);
    config.interfaces = {"lo"};
    return config;
}

inline subscription_config hearing(net::group const& group, asio::ip::address const& source)
{
    auto config = hearing(group);
    config.sources = {source};
    return config;
}

/// A subscription on a socket that was bound to the group beforehand.
inline subscription adopt_fresh_socket(asio::io_context& context, subscription_config const& config)
{
    asio::ip::udp::socket socket(context, config.group.protocol());
    if (config.group.address.is_v6())
        socket.set_option(asio::ip::v6_only(true));
    socket.set_option(asio::socket_base::reuse_address(true));
    socket.bind(config.group.endpoint());
    return subscription::adopt(config, socket).value();
}

inline publication_config sending(net::group const& group)
{
    publication_config config;
    config.group = group;
    config.interface = "lo";
    return config;
}

/// Whether `lo` carries multicast here, with the reason if not; for `precondition`.
inline boost::test_tools::assertion_result loopback_carries(family const& version)
{
    asio::io_context context;
    publication probe(context.get_executor(), sending(version.any_source));
    error_code ec;
    probe.try_send(asio::buffer("probe"), ec);
    boost::test_tools::assertion_result result(!ec);
    if (ec)
        result.message() << "lo does not carry multicast to "
                         << version.any_source.address.to_string() << ": " << ec.message();
    return result;
}

inline boost::test_tools::assertion_result loopback_carries_ipv4(boost::unit_test::test_unit_id)
{
    return loopback_carries(ipv4);
}

/// Needs `ip -6 route add local ff00::/8 dev lo`.
inline boost::test_tools::assertion_result loopback_carries_ipv6(boost::unit_test::test_unit_id)
{
    return loopback_carries(ipv6);
}

} // namespace rollcast::test
