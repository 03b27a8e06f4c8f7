// SPDX-License-Identifier: BSL-1.0
#include "os/descriptors.hpp"
#include "send/mouth.hpp"
#include "send/narrow_link.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

using namespace rollcast;
using test::hearing_on;
using test::ipv4;
using test::ipv6;

namespace {

/// The left host speaks by one mouth on both links.
struct one_mouth : test::two_hosts {
    std::string const large = std::string(1400, 'x');
    std::array<char, 64> storage{};

    /// However much that is, so that nothing is dropped.
    void hold_back_what_leaves_by_e1()
    {
        left.command("tc qdisc add dev e1 root tbf rate 16kbit burst 4kb limit 10mb");
    }

    net::interface_info info(test::network_namespace const& host, char const* name)
    {
        return host.within([&] { return *net::resolve(net::network_interface(name)); });
    }

    send::mouth opened_mouth(net::group const& group)
    {
        send::mouth mouth(context.get_executor(), group.address);
        BOOST_TEST_REQUIRE(!left.within([&] { return mouth.open({}, 1); }).failed());
        return mouth;
    }

    error_code say(send::mouth& mouth, net::group const& group, char const* link,
                   std::string const& text)
    {
        auto const by = info(left, link).index;
        return left.within([&] { return mouth.say(asio::buffer(text), group.endpoint(), {}, by); });
    }

    error_code fill(send::mouth& mouth, net::group const& group, char const* link)
    {
        error_code ec;
        for (int i = 0; i < 2000 && !ec; ++i)
            ec = say(mouth, group, link, large);
        return ec;
    }

    /// What the right host sends to this address.
    send::mouth::heard hear(send::mouth& mouth, asio::ip::address const& at)
    {
        auto heard = asio::co_spawn(context, mouth.hear(asio::buffer(storage)), asio::use_future);
        test::run_ready(context);
        right.within([&] {
            asio::ip::udp::endpoint const to(at, mouth.port());
            asio::ip::udp::socket socket(context, to.protocol());
            socket.send_to(asio::buffer("for you", 7), to);
        });
        test::run_until(context, [&] { return test::is_ready(heard); });
        return heard.get();
    }

    void one_that_is_stuck_silences_no_other(net::group const& group);
};

/// Whatever is held back on link 1 takes all room there is for the mouth.
void one_mouth::one_that_is_stuck_silences_no_other(net::group const& group)
{
    hold_back_what_leaves_by_e1();
    auto sub = joined(right, hearing_on("e2", group));
    auto mouth = opened_mouth(group);
    BOOST_TEST(fill(mouth, group, "e1") == asio::error::would_block);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!say(mouth, group, "e2", "through").failed());
        auto const heard = next(sub);
        BOOST_TEST(heard.text() == "through");
        BOOST_TEST(heard.source.port() == mouth.port());
    }
    BOOST_TEST(say(mouth, group, "e1", large) == asio::error::would_block);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(mouth_on_links, one_mouth,
                         *boost::unit_test::precondition(test::can_limit_a_rate))

BOOST_AUTO_TEST_CASE(one_that_is_stuck_silences_no_other_of_ipv4)
{
    one_that_is_stuck_silences_no_other(ipv4.any_source);
}

BOOST_AUTO_TEST_CASE(one_that_is_stuck_silences_no_other_of_ipv6)
{
    one_that_is_stuck_silences_no_other(ipv6.any_source);
}

BOOST_AUTO_TEST_CASE(what_comes_is_heard_though_a_link_has_a_way_of_its_own)
{
    hold_back_what_leaves_by_e1();
    auto mouth = opened_mouth(ipv4.any_source);
    BOOST_TEST(fill(mouth, ipv4.any_source, "e1") == asio::error::would_block);
    BOOST_TEST(!say(mouth, ipv4.any_source, "e2", "through").failed());
    auto const there = info(left, "e2");
    for (auto const& each : there.addresses) {
        if (!each.address.is_v4())
            continue;
        auto const heard = hear(mouth, each.address);
        BOOST_TEST(heard.bytes == 7U);
        BOOST_TEST(heard.destination == each.address);
        BOOST_TEST(heard.interface_index == there.index);
    }
}

BOOST_AUTO_TEST_CASE(beside_one_that_is_stuck_any_number_of_links_goes_on_by_four_further_sockets)
{
    hold_back_what_leaves_by_e1();
    std::vector<std::string> links{"e2"};
    for (unsigned each = 3; each <= 7; ++each) {
        links.push_back("e" + std::to_string(each));
        test::join_by_cable(each, {left, links.back(), 1}, {right, links.back(), 2});
    }
    auto mouth = opened_mouth(ipv4.any_source);
    auto const before = os::free_descriptors();
    BOOST_TEST(fill(mouth, ipv4.any_source, "e1") == asio::error::would_block);
    for (int round = 0; round < 2; ++round)
        for (auto const& each : links)
            BOOST_TEST(!say(mouth, ipv4.any_source, each.c_str(), "x").failed());
    BOOST_TEST(os::free_descriptors() == before - 4);
}

BOOST_AUTO_TEST_CASE(the_way_of_a_link_goes_with_it)
{
    hold_back_what_leaves_by_e1();
    auto mouth = opened_mouth(ipv4.any_source);
    auto const before = os::free_descriptors();
    BOOST_TEST(fill(mouth, ipv4.any_source, "e1") == asio::error::would_block);
    BOOST_TEST(os::free_descriptors() == before - 1);
    mouth.forget(info(left, "e1").index);
    BOOST_TEST(os::free_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(what_is_for_this_host_alone_does_not_leave_it)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    // Where nobody here is a member Linux does not look at the TTL.
    auto const own = joined(left, hearing_on("e1", ipv4.any_source));
    auto mouth = opened_mouth(ipv4.any_source);
    BOOST_TEST(!mouth.limit_hops(0).failed());
    BOOST_TEST(!say(mouth, ipv4.any_source, "e1", "for myself").failed());
    BOOST_TEST(!mouth.limit_hops(1).failed());
    BOOST_TEST(!say(mouth, ipv4.any_source, "e1", "for all").failed());
    BOOST_TEST(next(sub).text() == "for all");
}

BOOST_AUTO_TEST_CASE(what_cannot_leave_for_want_of_a_carrier_is_not_said)
{
    auto mouth = opened_mouth(ipv4.any_source);
    BOOST_TEST(!say(mouth, ipv4.any_source, "e1", "x").failed());
    right.ip("link set e1 down");
    BOOST_TEST(say(mouth, ipv4.any_source, "e1", "x") == asio::error::network_down);
    BOOST_TEST(!mouth.limit_hops(0).failed());
    BOOST_TEST(!say(mouth, ipv4.any_source, "e1", "for myself").failed());
}

BOOST_AUTO_TEST_CASE(a_link_local_address_that_was_asked_has_its_scope)
{
    auto mouth = opened_mouth(ipv6.any_source);
    auto const there = info(left, "e2");
    auto const out = info(right, "e2").index;
    for (auto const& each : there.addresses) {
        if (!each.address.is_v6() || !each.address.to_v6().is_link_local())
            continue;
        auto at = each.address.to_v6();
        at.scope_id(out);
        auto const heard = hear(mouth, at);
        BOOST_TEST(heard.destination.to_v6().scope_id() == there.index);
        BOOST_TEST(heard.source.address().to_v6().scope_id() == there.index);
    }
}

BOOST_AUTO_TEST_SUITE_END()
