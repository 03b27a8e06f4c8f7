// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

// A service of somebody else that has the port of a group for its unicast.

using namespace rollcast;
using asio::ip::udp;
using test::address;
using test::hearing_on;
using test::sending_on;

namespace {

/// A program that shares its port as many do, and knows nothing of multicast.
class service {
public:
    service(asio::io_context& context, udp::endpoint const& at) : socket_(context, at.protocol())
    {
        socket_.set_option(udp::socket::reuse_address(true));
        if (at.protocol() == udp::v6())
            socket_.set_option(asio::ip::v6_only(true));
        socket_.bind(at);
        socket_.non_blocking(true);
    }

    /// Takes what has come; how many senders have been heard so far.
    std::size_t heard()
    {
        std::array<char, 64> into{};
        udp::endpoint from;
        error_code ec;
        while (socket_.receive_from(asio::buffer(into), from, 0, ec) > 0)
            senders_.insert(from);
        return senders_.size();
    }

private:
    udp::socket socket_;
    std::set<udp::endpoint> senders_{};
};

struct services : test::two_hosts {
    static constexpr net::port_type port = 5000;
    static constexpr net::port_type senders = 64;

    void keeps_its_unicast(subscription_config const& config);
    void keeps_its_unicast_at(asio::ip::address const& where, subscription_config const& config);

private:
    service opened_service(asio::ip::address const& where);
    void all_unicast_reaches(service& neighbour, bool v4);
    void send_unicast(udp::endpoint const& from, udp::endpoint const& to);
    void is_heard(subscription& sub);
    std::vector<asio::ip::address> host_addresses(bool v4) const;
};

std::string text_of(subscription_config const& config)
{
    auto text = to_string(config.group);
    for (auto const& each : config.interfaces)
        text += " on " + net::to_string(each);
    return text;
}

service services::opened_service(asio::ip::address const& where)
{
    return right.within([&] { return service(context, {where, port}); });
}

void services::send_unicast(udp::endpoint const& from, udp::endpoint const& to)
{
    auto sender = left.within([&] { return udp::socket(context, from); });
    sender.send_to(asio::buffer("unicast", 7), to);
}

void services::all_unicast_reaches(service& neighbour, bool v4)
{
    auto const from = address(v4 ? "10.9.1.1" : "fd09:1::1");
    auto const to = address(v4 ? "10.9.1.2" : "fd09:1::2");
    auto const before = neighbour.heard();
    BOOST_TEST_REQUIRE(before == 0U);
    for (net::port_type i = 0; i < senders; ++i)
        send_unicast({from, static_cast<net::port_type>(20000 + i)}, {to, port});
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (neighbour.heard() < senders && std::chrono::steady_clock::now() < deadline)
        test::run_ready(context);
    BOOST_TEST(neighbour.heard() == senders);
}

/// A subscription that heard nothing at all would leave the service alone, too.
void services::is_heard(subscription& sub)
{
    auto const& config = sub.config();
    for (auto const& link : config.interfaces) {
        send(left, sending_on(link, config.group), "to the group");
        BOOST_TEST(next(sub).text() == "to the group");
    }
    BOOST_TEST(is_empty(sub));
}

void services::keeps_its_unicast_at(asio::ip::address const& where,
                                    subscription_config const& config)
{
    BOOST_TEST_CONTEXT("it is at " << where << " before " << text_of(config))
    {
        auto neighbour = opened_service(where);
        auto sub = joined(right, config);
        all_unicast_reaches(neighbour, where.is_v4());
        is_heard(sub);
    }
    BOOST_TEST_CONTEXT("it is at " << where << " after " << text_of(config))
    {
        auto sub = joined(right, config);
        auto neighbour = opened_service(where);
        all_unicast_reaches(neighbour, where.is_v4());
        is_heard(sub);
    }
}

void services::keeps_its_unicast(subscription_config const& config)
{
    auto const any = config.group.address.is_v4() ? asio::ip::address(asio::ip::address_v4::any())
                                                  : asio::ip::address(asio::ip::address_v6::any());
    keeps_its_unicast_at(any, config);
    keeps_its_unicast_at(address(any.is_v4() ? "10.9.1.2" : "fd09:1::2"), config);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_services, services,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_service_keeps_its_unicast_beside_a_group)
{
    keeps_its_unicast(hearing_on("e1", test::ipv4.any_source));
    keeps_its_unicast(hearing_on("e1", test::ipv6.any_source));
}

BOOST_AUTO_TEST_CASE(a_service_keeps_its_unicast_beside_a_group_on_two_links)
{
    for (auto const& group : {test::ipv4.any_source, test::ipv6.any_source}) {
        auto config = hearing_on("e1", group);
        config.interfaces.emplace_back("e2");
        keeps_its_unicast(config);
    }
}

BOOST_AUTO_TEST_CASE(a_service_keeps_its_unicast_beside_a_source_specific_group)
{
    keeps_its_unicast(hearing_on("e1", test::ipv4.source_specific, "10.9.1.1"));
    keeps_its_unicast(hearing_on("e1", test::ipv6.source_specific, "fd09:1::1"));
}

BOOST_AUTO_TEST_CASE(a_service_keeps_its_unicast_beside_a_link_local_group)
{
    keeps_its_unicast(hearing_on("e1", test::group("[ff12::1:1]:5000")));
}

BOOST_AUTO_TEST_CASE(a_service_keeps_its_unicast_beside_a_link_local_group_on_two_links)
{
    auto config = hearing_on("e1", test::group("[ff12::1:1]:5000"));
    config.interfaces.emplace_back("e2");
    keeps_its_unicast(config);
}

BOOST_AUTO_TEST_SUITE_END()
