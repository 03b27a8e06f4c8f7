// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/link_of_arrival.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <vector>

using namespace rollcast;
using detail::link_of_arrival;

namespace {

asio::ip::address address(std::string_view text)
{
    return asio::ip::make_address(text);
}

detail::link attached(unsigned index, std::vector<std::string_view> const& addresses,
                      bool v4 = true)
{
    detail::link result;
    result.index = index;
    for (auto const& each : addresses)
        result.addresses.push_back({address(each), 24});
    result.unicast_port_v4 = v4 ? 40000 : 0;
    result.unicast_port_v6 = 40001;
    return result;
}

std::vector<detail::link> const links{
    attached(2, {"10.0.0.1", "10.0.9.9", "2001:db8::1", "fe80::1%2"}),
    attached(3, {"10.0.0.2", "10.0.9.9", "2001:db8::2", "fe80::1%3"}),
    attached(4, {"10.0.0.3", "2001:db8::3"}, false),
};

unsigned link_of(std::string_view source, std::string_view destination, unsigned came_by)
{
    return link_of_arrival({1, {address(source), 5000}, address(destination), came_by}, links);
}

} // namespace

BOOST_AUTO_TEST_SUITE(link_of_what_arrives)

BOOST_AUTO_TEST_CASE(it_is_that_of_the_address_that_was_asked_whichever_way_it_came)
{
    BOOST_TEST(link_of("10.0.0.7", "10.0.0.2", 3) == 3U);
    BOOST_TEST(link_of("10.0.0.7", "10.0.0.2", 2) == 3U);
    BOOST_TEST(link_of("2001:db8::7", "2001:db8::3", 2) == 4U);
}

BOOST_AUTO_TEST_CASE(of_several_that_have_the_address_it_is_the_one_it_came_by_or_else_the_first)
{
    BOOST_TEST(link_of("10.0.0.7", "10.0.9.9", 3) == 3U);
    BOOST_TEST(link_of("10.0.0.7", "10.0.9.9", 2) == 2U);
    BOOST_TEST(link_of("10.0.0.7", "10.0.9.9", 8) == 2U);
}

BOOST_AUTO_TEST_CASE(where_none_has_the_address_it_is_the_one_it_came_by)
{
    BOOST_TEST(link_of("10.0.0.7", "192.0.2.1", 3) == 3U);
    BOOST_TEST(link_of("10.0.0.7", "192.0.2.1", 8) == 0U);
}

BOOST_AUTO_TEST_CASE(a_link_local_source_is_on_the_link_of_its_scope)
{
    BOOST_TEST(link_of("fe80::7%3", "fe80::1%3", 3) == 3U);
    BOOST_TEST(link_of("fe80::7%3", "2001:db8::1", 3) == 3U);
    BOOST_TEST(link_of("fe80::7%9", "2001:db8::1", 9) == 0U);
}

BOOST_AUTO_TEST_CASE(a_link_local_address_that_was_asked_is_on_the_link_of_its_scope)
{
    BOOST_TEST(link_of("2001:db8::7", "fe80::1%3", 3) == 3U);
    BOOST_TEST(link_of("2001:db8::7", "fe80::1%9", 9) == 0U);
}

BOOST_AUTO_TEST_CASE(a_link_without_that_ip_version_has_sent_nothing_in_it)
{
    BOOST_TEST(link_of("10.0.0.7", "10.0.0.3", 4) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
