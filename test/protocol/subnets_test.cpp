// SPDX-License-Identifier: BSL-1.0
#include "protocol/subnets.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace rollcast;
using detail::common_prefix;
using detail::is_in_subnet;
using detail::is_link_local;

namespace {

struct subnetted {
    static asio::ip::address at(std::string const& text) { return asio::ip::make_address(text); }

    std::vector<net::interface_address> const ours{
        {at("10.0.0.7"), 24}, {at("172.16.1.7"), 12}, {at("fd09::7"), 64}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_subnets, subnetted)

BOOST_AUTO_TEST_CASE(link_local_addresses_are_those_of_ipv6)
{
    BOOST_TEST(is_link_local(at("fe80::99")));
    BOOST_TEST(!is_link_local(at("fd09::99")));
    BOOST_TEST(!is_link_local(at("169.254.0.99")));
}

BOOST_AUTO_TEST_CASE(a_neighbour_has_the_prefix_of_one_of_our_addresses)
{
    BOOST_TEST(is_in_subnet(at("10.0.0.255"), ours));
    BOOST_TEST(!is_in_subnet(at("10.0.1.7"), ours));
    BOOST_TEST(is_in_subnet(at("172.31.255.255"), ours));
    BOOST_TEST(!is_in_subnet(at("172.32.0.1"), ours));
    BOOST_TEST(is_in_subnet(at("fd09::ffff:ffff:ffff:ffff"), ours));
    BOOST_TEST(!is_in_subnet(at("fd09:0:0:1::7"), ours));
    BOOST_TEST(!is_in_subnet(at("10.0.0.7"), {}));
}

BOOST_AUTO_TEST_CASE(an_address_of_the_other_ip_version_is_in_no_subnet)
{
    std::vector<net::interface_address> const everywhere{{at("10.0.0.7"), 0}};
    BOOST_TEST(is_in_subnet(at("192.168.0.1"), everywhere));
    BOOST_TEST(!is_in_subnet(at("fd09::1"), everywhere));
}

BOOST_AUTO_TEST_CASE(how_much_an_address_is_like_ours_is_told_by_the_bit)
{
    BOOST_TEST(common_prefix(at("10.0.0.7"), ours) == 32U);
    BOOST_TEST(common_prefix(at("10.0.0.6"), ours) == 31U);
    BOOST_TEST(common_prefix(at("10.0.128.7"), ours) == 16U);
    BOOST_TEST(common_prefix(at("172.16.1.5"), ours) == 30U); // like the second one
    BOOST_TEST(common_prefix(at("fd09::7"), ours) == 128U);
    BOOST_TEST(common_prefix(at("fd09:8000::7"), ours) == 16U);
    BOOST_TEST(common_prefix(at("200.0.0.7"), detail::own_addresses(ours).first(1)) == 0U);
    BOOST_TEST(common_prefix(at("10.0.0.7"), {}) == 0U);
}

BOOST_AUTO_TEST_CASE(addresses_of_two_ip_versions_have_nothing_in_common)
{
    std::vector<net::interface_address> const v4{{at("0.0.0.7"), 24}};
    BOOST_TEST(common_prefix(at("::7"), v4) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
