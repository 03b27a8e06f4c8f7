// SPDX-License-Identifier: BSL-1.0
#include "protocol/presence.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace rollcast;
using boost::test_tools::per_element;
using detail::known_address;
using words = std::vector<std::string>;

namespace {

struct seen {
    bool answered = false;
    bool spoke = false;
    bool failed = false;
};

struct address_list {
    detail::link on{.index = 3,
                    .addresses = {{asio::ip::make_address("10.0.0.7"), 24},
                                  {asio::ip::make_address("fe80::7"), 64}},
                    .unicast_port_v4 = 40007,
                    .unicast_port_v6 = 40007};
    std::vector<known_address> all;

    void add(char const* address, seen how = {})
    {
        all.push_back({asio::ip::make_address(address), how.answered, how.spoke, how.failed});
    }

    words ordered() const
    {
        words result;
        for (auto const& each : detail::best_first({&on, all}))
            result.push_back(detail::unscoped(each).to_string());
        return result;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_presence, address_list)

BOOST_AUTO_TEST_CASE(a_shared_subnet_comes_first_then_link_local_then_what_was_seen_then_the_rest)
{
    add("192.168.1.1");
    add("172.16.0.1", {.spoke = true});
    add("fe80::1");
    add("10.0.0.1");
    BOOST_TEST(ordered() == (words{"10.0.0.1", "fe80::1", "172.16.0.1", "192.168.1.1"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(
    of_equals_what_has_answered_comes_before_what_has_spoken_and_that_before_others)
{
    add("10.0.0.1");
    add("10.0.0.2", {.spoke = true});
    add("10.0.0.3", {.answered = true});
    BOOST_TEST(ordered() == (words{"10.0.0.3", "10.0.0.2", "10.0.0.1"}), per_element());
}

BOOST_AUTO_TEST_CASE(what_was_asked_in_vain_comes_last)
{
    add("10.0.0.1", {.failed = true});
    add("192.168.1.1");
    BOOST_TEST(ordered() == (words{"192.168.1.1", "10.0.0.1"}), per_element());
}

BOOST_AUTO_TEST_CASE(of_equals_ipv4_and_what_is_most_like_our_own_comes_first)
{
    add("2001:db8::1");
    add("192.168.1.1");
    add("10.0.1.1");
    BOOST_TEST(ordered() == (words{"10.0.1.1", "192.168.1.1", "2001:db8::1"}), per_element());
}

BOOST_AUTO_TEST_CASE(the_loopback_address_of_a_stranger_leads_to_ourselves_and_is_left_out)
{
    add("127.0.0.1");
    add("10.0.0.1");
    BOOST_TEST(ordered() == (words{"10.0.0.1"}), per_element());
}

BOOST_AUTO_TEST_CASE(each_address_comes_once_though_several_links_have_it)
{
    add("10.0.0.1");
    auto other = on;
    other.index = 4;
    auto const all_twice = detail::best_first({{&on, all}, {&other, all}});
    BOOST_TEST(all_twice.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_order_of_addresses_is_no_difference)
{
    auto const a = asio::ip::make_address("10.0.0.1");
    auto const b = asio::ip::make_address("10.0.0.2");
    BOOST_TEST(detail::same_addresses({a, b}, {b, a}));
    BOOST_TEST(detail::same_addresses({b, a}, {a, b}));
    BOOST_TEST(!detail::same_addresses({a, b}, {a}));
    BOOST_TEST(!detail::same_addresses({a}, {b}));
}

BOOST_AUTO_TEST_SUITE_END()
