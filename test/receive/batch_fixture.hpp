// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>

#include <boost/asio/ip/multicast.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include <netinet/udp.h>
#include <sys/socket.h>

namespace rollcast::test {

using asio::ip::udp;
using strings = std::vector<std::string>;

/// Texts of so many sizes, each of which tells its place.
inline strings texts(std::vector<std::size_t> const& sizes)
{
    strings result;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        result.emplace_back(sizes[i], static_cast<char>('a' + i % 26));
    return result;
}

inline strings part(strings const& of, std::size_t first, std::size_t last)
{
    return {of.begin() + static_cast<std::ptrdiff_t>(first),
            of.begin() + static_cast<std::ptrdiff_t>(last)};
}

inline strings all_of(batch const& from)
{
    strings result;
    for (auto const& packet : from)
        result.emplace_back(packet.text());
    return result;
}

inline subscription_config one_by_one()
{
    auto config = hearing(ipv4.any_source);
    config.coalesce = false;
    return config;
}

/// A subscription on `lo`, and a socket that sends to it, also in runs.
struct batch_fixture {
    asio::io_context context;
    udp::socket sender{context, udp::v4()};
    subscription sub = joined(hearing(ipv4.any_source));
    error_code ec;

    batch_fixture()
    {
        sender.set_option(
            asio::ip::multicast::outbound_interface(asio::ip::address_v4::loopback()));
        sender.connect({ipv4.any_source.address, ipv4.any_source.port});
    }

    subscription joined(subscription_config const& config)
    {
        subscription result(context.get_executor(), config);
        result.join();
        return result;
    }

    void send(strings const& each)
    {
        for (auto const& text : each)
            sender.send(asio::buffer(text));
    }

    /// In one piece, which the kernel takes apart again for those who do not ask for runs.
    void send_run(strings const& each)
    {
        segment(static_cast<int>(each.front().size()));
        std::string whole;
        for (auto const& text : each)
            whole += text;
        sender.send(asio::buffer(whole));
        segment(0);
    }

    void segment(int size)
    {
        BOOST_TEST_REQUIRE(::setsockopt(sender.native_handle(), IPPROTO_UDP, UDP_SEGMENT, &size,
                                        sizeof size) == 0);
    }

    std::size_t receive(batch& into) { return run(context, sub.recv_batch(into)); }
    std::string receive_one() { return std::string(run(context, sub.recv()).text()); }

    bool is_empty()
    {
        batch into;
        return sub.try_recv_batch(into, ec) == 0 && into.empty() && ec == asio::error::would_block;
    }
};

inline boost::test_tools::assertion_result carries_runs(boost::unit_test::test_unit_id)
{
    auto result = loopback_carries(ipv4);
    if (!result)
        return result;
    asio::io_context context;
    udp::socket probe(context, udp::v4());
    int const on = 1;
    auto const can = [&](int option) {
        return ::setsockopt(probe.native_handle(), IPPROTO_UDP, option, &on, sizeof on) == 0;
    };
    result = can(UDP_SEGMENT) && can(UDP_GRO);
    if (!result)
        result.message() << "this kernel has no runs of datagrams (UDP_SEGMENT and UDP_GRO)";
    return result;
}

} // namespace rollcast::test
