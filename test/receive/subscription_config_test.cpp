// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"

#include <rollcast/receive/subscription_config.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using test::address;
using test::hearing;

namespace {

subscription_config to(char const* group_address, asio::ip::port_type port = 5000)
{
    return hearing(net::group(address(group_address), port));
}

subscription_config from(char const* group_address, std::vector<asio::ip::address> sources)
{
    auto config = to(group_address);
    config.sources = std::move(sources);
    return config;
}

subscription_config on(char const* group_address, std::vector<net::network_interface> interfaces)
{
    auto config = to(group_address);
    config.interfaces = std::move(interfaces);
    return config;
}

} // namespace

BOOST_AUTO_TEST_SUITE(receive_subscription_config)

BOOST_AUTO_TEST_CASE(a_group_on_an_interface_of_this_machine_is_valid)
{
    for (auto const* group : {"224.0.0.251", "239.1.1.1", "ff15::1:1", "ff12::4298", "ff01::1"})
        BOOST_TEST(!validate(to(group)).failed(), group);
    BOOST_TEST(!validate(from("232.1.1.1", {address("10.0.0.1"), address("10.0.0.2")})).failed());
    BOOST_TEST(!validate(from("ff3e::8000:1", {address("fd00::1")})).failed());
}

BOOST_AUTO_TEST_CASE(the_short_forms_fill_in_group_and_source_only)
{
    auto const any = subscription_config::any_source(test::ipv4.any_source);
    BOOST_TEST(any.group == test::ipv4.any_source);
    BOOST_TEST(any.sources.empty());
    BOOST_TEST(any.interfaces.empty());
    auto const one =
        subscription_config::source_specific(test::ipv4.source_specific, address("10.0.0.1"));
    BOOST_TEST(one.group == test::ipv4.source_specific);
    BOOST_TEST((one.sources == std::vector{address("10.0.0.1")}));
}

BOOST_AUTO_TEST_CASE(a_group_must_be_multicast)
{
    for (auto const* group :
         {"10.0.0.1", "223.255.255.255", "240.0.0.0", "0.0.0.0", "fe80::1", "::"})
        BOOST_TEST(validate(to(group)) == error::not_multicast, group);
    BOOST_TEST(validate(subscription_config()) == error::not_multicast);
}

BOOST_AUTO_TEST_CASE(a_port_must_not_be_0)
{
    BOOST_TEST(validate(to("239.1.1.1", 0)) == error::invalid_port);
    BOOST_TEST(validate(to("ff15::1", 0)) == error::invalid_port);
    BOOST_TEST(!validate(to("239.1.1.1", 65535)).failed());
}

BOOST_AUTO_TEST_CASE(a_source_specific_group_needs_a_source)
{
    BOOST_TEST(validate(to("232.1.1.1")) == error::source_required);
    BOOST_TEST(validate(to("ff3e::8000:1")) == error::source_required);
}

BOOST_AUTO_TEST_CASE(a_source_needs_a_source_specific_group)
{
    BOOST_TEST(validate(from("239.1.1.1", {address("10.0.0.1")})) ==
               error::group_not_source_specific);
    BOOST_TEST(validate(from("ff15::1", {address("fd00::1")})) == error::group_not_source_specific);
    auto allowed = from("239.1.1.1", {address("10.0.0.1")});
    allowed.allow_any_source_range = true;
    BOOST_TEST(validate(allowed) == error_code{});
    allowed.blocked = {address("10.0.0.2")};
    BOOST_TEST(validate(allowed) == error::not_any_source);
}

BOOST_AUTO_TEST_CASE(a_source_must_be_one_host)
{
    for (auto const* source : {"0.0.0.0", "255.255.255.255", "239.1.1.1"})
        BOOST_TEST(validate(from("232.1.1.1", {address(source)})) == error::invalid_source, source);
    for (auto const* source : {"::", "ff15::1"})
        BOOST_TEST(validate(from("ff3e::8000:1", {address(source)})) == error::invalid_source,
                   source);
}

BOOST_AUTO_TEST_CASE(a_source_must_be_of_the_groups_ip_version)
{
    BOOST_TEST(validate(from("232.1.1.1", {address("fd00::1")})) == error::source_family_mismatch);
    BOOST_TEST(validate(from("ff3e::8000:1", {address("10.0.0.1")})) ==
               error::source_family_mismatch);
    BOOST_TEST(validate(from("232.1.1.1", {address("10.0.0.1"), address("fd00::1")})) ==
               error::source_family_mismatch);
}

BOOST_AUTO_TEST_CASE(an_interface_must_exist)
{
    for (auto const* interface : {"nosuch", "99999", "192.0.2.1", "fe80::1%nosuch"})
        BOOST_TEST(validate(on("239.1.1.1", {interface})) == error::unknown_interface, interface);
    BOOST_TEST(validate(on("ff12::1%99999", {})) == error::unknown_interface);
}

BOOST_AUTO_TEST_CASE(nothing_is_listed_twice_under_whatever_name)
{
    BOOST_TEST(validate(on("239.1.1.1", {"lo", "lo"})) == error::duplicate_entry);
    BOOST_TEST(validate(on("239.1.1.1", {"lo", "127.0.0.1"})) == error::duplicate_entry);
    BOOST_TEST(validate(on("239.1.1.1", {"1", "lo"})) == error::duplicate_entry);
    BOOST_TEST(validate(from("232.1.1.1", {address("10.0.0.1"), address("10.0.0.1")})) ==
               error::duplicate_entry);
}

BOOST_AUTO_TEST_CASE(an_interface_must_have_the_address_it_is_named_with)
{
    for (auto const* interface : {"fe80::1%lo", "192.0.2.1%1"})
        BOOST_TEST(validate(on("ff15::1", {interface})) == error::interface_address_mismatch,
                   interface);
    asio::ip::address_v6 const elsewhere(asio::ip::make_address_v6("fe80::1").to_bytes(), 1);
    BOOST_TEST(validate(on("ff15::1", {net::network_interface(elsewhere)})) ==
               error::interface_address_mismatch);
}

BOOST_AUTO_TEST_CASE(an_interface_is_named_by_an_address_of_the_groups_ip_version)
{
    BOOST_TEST(validate(on("ff15::1", {"127.0.0.1"})) == error::interface_family_mismatch);
    BOOST_TEST(validate(on("ff15::1", {net::network_interface(address("127.0.0.1"))})) ==
               error::interface_family_mismatch);
    BOOST_TEST(!validate(on("239.1.1.1", {"127.0.0.1"})).failed());
}

BOOST_AUTO_TEST_CASE(a_group_of_narrow_scope_takes_the_only_link)
{
    for (auto const* group : {"ff02::fb", "ff12::4298", "ff01::1", "ff11::1"})
        BOOST_TEST(!validate(on(group, {})).failed(), group);
    BOOST_TEST(!validate(on("ff12::4298%1", {})).failed());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_group_of_narrow_scope_needs_an_interface_where_there_are_several,
                     *boost::unit_test::precondition(test::can_make_namespaces))
{
    test::network_namespace const host;
    host.ip("link add e2 type veth peer name e3");
    host.within([] {
        for (auto const* group : {"ff02::fb", "ff12::4298", "ff01::1", "ff11::1"})
            BOOST_TEST(validate(on(group, {})) == error::interface_required, group);
        BOOST_TEST(!validate(on("ff12::4298%1", {})).failed());
        BOOST_TEST(!validate(on("ff12::4298", {"e2"})).failed());
        BOOST_TEST(!validate(on("ff15::1", {})).failed());
        BOOST_TEST(!validate(on("224.0.0.251", {})).failed());
    });
}

BOOST_AUTO_TEST_CASE(an_interface_must_be_the_one_the_groups_scope_names,
                     *boost::unit_test::precondition(test::can_make_namespaces))
{
    test::network_namespace const host;
    host.ip("link add e2 index 2 type veth peer name e3 index 3");
    host.within([] {
        BOOST_TEST(validate(on("ff12::1%2", {"e3"})) == error::interface_mismatch);
        BOOST_TEST(validate(on("ff12::1%2", {"e2", "e3"})) == error::interface_mismatch);
        BOOST_TEST(!validate(on("ff12::1%2", {"e2"})).failed());
    });
}

BOOST_AUTO_TEST_CASE(an_address_that_two_interfaces_have_is_ambiguous,
                     *boost::unit_test::precondition(test::can_make_namespaces))
{
    test::network_namespace const host;
    host.ip("link add e2 type veth peer name e3\n"
            "addr add 10.9.0.1/24 dev e2\naddr add 10.9.0.1/24 dev e3");
    host.within(
        [] { BOOST_TEST(validate(on("239.1.1.1", {"10.9.0.1"})) == error::ambiguous_interface); });
}
