// SPDX-License-Identifier: BSL-1.0
#include "protocol/told_addresses.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// Which of our addresses on a link our record tells.

using namespace rollcast;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

struct teller {
    static asio::ip::address ip(std::string const& text) { return asio::ip::make_address(text); }

    static texts told(std::vector<net::interface_address> const& ours)
    {
        texts all;
        for (auto const& each : detail::told_addresses(ours))
            all.push_back(each.to_string());
        return all;
    }

    net::interface_address const link_local{ip("fe80::7"), 64};
    net::interface_address const v4{ip("10.0.0.7"), 24};
    net::interface_address const lasting{ip("fd09::1"), 64};
    net::interface_address const changing{ip("fd09::beef"), 64, false, true};
    net::interface_address const deprecated{ip("fd08::1"), 64, true, false};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_told_addresses, teller)

BOOST_AUTO_TEST_CASE(the_cut_keeps_one_address_of_each_kind)
{
    std::vector<net::interface_address> ours;
    for (int i = 1; i <= 9; ++i)
        ours.push_back({ip("10.0.0." + std::to_string(i)), 24});
    ours.push_back({ip("fd09::1"), 64});
    ours.push_back({ip("fe80::7"), 64});
    auto const all = told(ours);
    BOOST_TEST(all == (texts{"10.0.0.1", "fd09::1", "fe80::7", "10.0.0.2", "10.0.0.3", "10.0.0.4",
                             "10.0.0.5", "10.0.0.6"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(what_does_not_last_is_told_where_nothing_else_serves)
{
    BOOST_TEST(told({deprecated, changing, lasting, link_local}) == (texts{"fd09::1", "fe80::7"}),
               per_element());
    BOOST_TEST(told({deprecated, changing, link_local}) == (texts{"fe80::7", "fd09::beef"}),
               per_element());
    BOOST_TEST(told({deprecated}) == (texts{"fd08::1"}), per_element());
}

BOOST_AUTO_TEST_CASE(one_that_changes_is_told_where_the_lasting_ones_have_another_prefix)
{
    BOOST_TEST(told({link_local, changing}) == (texts{"fe80::7", "fd09::beef"}), per_element());
    BOOST_TEST(told({v4, link_local, changing}) == (texts{"10.0.0.7", "fe80::7", "fd09::beef"}),
               per_element());
    net::interface_address const wide{ip("fd00::1"), 8};
    BOOST_TEST(told({changing, wide}) == (texts{"fd00::1"}), per_element());
}

BOOST_AUTO_TEST_CASE(what_is_deprecated_serves_for_nothing_else)
{
    net::interface_address const same_prefix{ip("fd09::2"), 64, true, false};
    net::interface_address const both{ip("fd09::3"), 64, true, true};
    BOOST_TEST(told({same_prefix, changing}) == (texts{"fd09::beef"}), per_element());
    BOOST_TEST(told({v4, same_prefix, both}) == (texts{"10.0.0.7"}), per_element());
    BOOST_TEST(told({same_prefix, both}) == (texts{"fd09::2", "fd09::3"}), per_element());
    BOOST_TEST(told({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
