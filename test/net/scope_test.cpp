// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"

#include <rollcast/net/group.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using net::scope;

namespace {

scope scope_of(char const* address)
{
    return net::scope_of(asio::ip::make_address(address));
}

bool needs_interface(char const* address)
{
    return net::needs_interface(asio::ip::make_address(address));
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_scope)

BOOST_AUTO_TEST_CASE(an_ipv4_group_has_the_scope_of_its_prefix)
{
    BOOST_TEST(scope_of("224.0.0.0") == scope::link_local);
    BOOST_TEST(scope_of("224.0.0.255") == scope::link_local);
    BOOST_TEST(scope_of("224.0.1.0") == scope::global);
    BOOST_TEST(scope_of("232.1.1.1") == scope::global);
    BOOST_TEST(scope_of("238.255.255.255") == scope::global);
    BOOST_TEST(scope_of("239.191.255.255") == scope::global);
    BOOST_TEST(scope_of("239.192.0.0") == scope::organization_local);
    BOOST_TEST(scope_of("239.195.255.255") == scope::organization_local);
    BOOST_TEST(scope_of("239.196.0.0") == scope::global);
    BOOST_TEST(scope_of("239.254.255.255") == scope::global);
    BOOST_TEST(scope_of("239.255.0.0") == scope::realm_local);
    BOOST_TEST(scope_of("239.255.255.255") == scope::realm_local);
}

BOOST_AUTO_TEST_CASE(an_ipv6_group_has_the_scope_of_its_scope_field_whatever_its_flags)
{
    BOOST_TEST(scope_of("ff01::1") == scope::interface_local);
    BOOST_TEST(scope_of("ff12::1") == scope::link_local);
    BOOST_TEST(scope_of("ff03::1") == scope::realm_local);
    BOOST_TEST(scope_of("ff34::1") == scope::admin_local);
    BOOST_TEST(scope_of("ff15::1") == scope::site_local);
    BOOST_TEST(scope_of("ff08::1") == scope::organization_local);
    BOOST_TEST(scope_of("ff3e::1") == scope::global);
    BOOST_TEST(scope_of("ff00::1") == scope::reserved);
    BOOST_TEST(scope_of("ff09::1") == static_cast<scope>(9));
}

BOOST_AUTO_TEST_CASE(only_ipv6_groups_of_interface_and_link_scope_need_an_interface)
{
    for (auto const* group : {"ff01::1", "ff11::1", "ff31::1", "ff02::fb", "ff12::4298", "ff32::1"})
        BOOST_TEST(needs_interface(group), group);
    for (auto const* group : {"ff03::1", "ff05::1", "ff15::1:1", "ff3e::8000:1", "224.0.0.251",
                              "239.1.1.1", "fe81::1", "fe02::1", "127.0.0.1"})
        BOOST_TEST(!needs_interface(group), group);
}

BOOST_AUTO_TEST_SUITE_END()
