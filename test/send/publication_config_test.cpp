// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"

#include <rollcast/send/publication_config.hpp>

#include <boost/test/unit_test.hpp>

#include <tuple>

using namespace rollcast;
using test::address;
using test::sending;

namespace {

publication_config to(char const* group_address, asio::ip::port_type port = 5000)
{
    return sending(net::group(address(group_address), port));
}

publication_config from(char const* group_address, char const* source)
{
    auto config = to(group_address);
    config.source = address(source);
    return config;
}

publication_config by(char const* group_address, net::network_interface const& interface)
{
    auto config = to(group_address);
    config.interface = interface;
    return config;
}

publication_config reaching(char const* group_address, int hop_limit)
{
    auto config = to(group_address);
    config.hop_limit = hop_limit;
    return config;
}

} // namespace

BOOST_AUTO_TEST_SUITE(send_publication_config)

BOOST_AUTO_TEST_CASE(a_group_is_all_it_takes)
{
    publication_config config;
    config.group = test::group("239.1.1.1:5000");
    BOOST_TEST(!validate(config).failed());
    config.group = test::group("232.1.1.1:5000");
    BOOST_TEST(!validate(config).failed());
    config.group = test::group("[ff15::1:1]:5000");
    BOOST_TEST(!validate(config).failed());
    BOOST_TEST(config.hop_limit == 1);
    BOOST_TEST(config.loopback);
}

BOOST_AUTO_TEST_CASE(a_group_must_be_multicast)
{
    for (auto const* group : {"10.0.0.1", "240.0.0.0", "255.255.255.255", "fe80::1"})
        BOOST_TEST(validate(to(group)) == error::not_multicast, group);
    BOOST_TEST(validate(publication_config()) == error::not_multicast);
}

BOOST_AUTO_TEST_CASE(a_port_must_not_be_0)
{
    BOOST_TEST(validate(to("239.1.1.1", 0)) == error::invalid_port);
    BOOST_TEST(validate(to("ff15::1", 0)) == error::invalid_port);
}

BOOST_AUTO_TEST_CASE(a_source_must_be_of_the_groups_ip_version)
{
    BOOST_TEST(validate(from("239.1.1.1", "::1")) == error::source_family_mismatch);
    BOOST_TEST(validate(from("ff15::1", "127.0.0.1")) == error::source_family_mismatch);
}

BOOST_AUTO_TEST_CASE(a_source_must_be_one_host)
{
    for (auto const* source : {"0.0.0.0", "255.255.255.255", "239.1.1.1"})
        BOOST_TEST(validate(from("239.1.1.1", source)) == error::invalid_source, source);
    for (auto const* source : {"::", "ff15::1"})
        BOOST_TEST(validate(from("ff15::1", source)) == error::invalid_source, source);
}

BOOST_AUTO_TEST_CASE(a_hop_limit_lies_between_0_and_255)
{
    for (auto const* group : {"239.1.1.1", "ff15::1"}) {
        for (int const hop_limit : {0, 1, 255})
            BOOST_TEST(!validate(reaching(group, hop_limit)).failed(), hop_limit);
        for (int const hop_limit : {-1, 256, 1000, -2147483647})
            BOOST_TEST(validate(reaching(group, hop_limit)) == error::invalid_hop_limit, hop_limit);
    }
}

BOOST_AUTO_TEST_CASE(an_interface_must_exist)
{
    for (auto const* interface : {"nosuch", "99999", "192.0.2.1"})
        BOOST_TEST(validate(by("239.1.1.1", interface)) == error::unknown_interface, interface);
    BOOST_TEST(validate(by("ff12::1%99999", {})) == error::unknown_interface);
    for (auto const* interface : {"lo", "1", "127.0.0.1", "127.0.0.1"})
        BOOST_TEST(!validate(by("239.1.1.1", interface)).failed(), interface);
}

BOOST_AUTO_TEST_CASE(a_group_of_interface_or_link_scope_needs_an_interface)
{
    for (auto const* group : {"ff02::fb", "ff12::4298", "ff01::1", "ff11::1", "ff32::1"})
        BOOST_TEST(validate(by(group, {})) == error::interface_required, group);
    BOOST_TEST(!validate(by("ff12::4298%1", {})).failed());
    BOOST_TEST(!validate(by("ff15::1", {})).failed());
    BOOST_TEST(!validate(by("224.0.0.251", {})).failed());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(interface_group_and_ipv6_source_must_agree_on_one_link,
                     *boost::unit_test::precondition(test::can_make_namespaces))
{
    test::network_namespace const host;
    host.ip("link add e2 index 2 type veth peer name e3 index 3\n"
            "addr add fd09::2/64 dev e2 nodad\naddr add fd09::3/64 dev e3 nodad\n"
            "addr add fe80::2/64 dev e2 nodad\naddr add fe80::2/64 dev e3 nodad");
    host.within([] {
        BOOST_TEST(validate(by("ff12::1%2", "e3")) == error::interface_mismatch);
        BOOST_TEST(!validate(by("ff12::1%2", "e2")).failed());

        auto config = from("ff15::1", "fd09::2");
        config.interface = "e3";
        BOOST_TEST(validate(config) == error::source_interface_mismatch);
        config.interface = "e2";
        BOOST_TEST(!validate(config).failed());
        config.interface = {};
        BOOST_TEST(!validate(config).failed());

        config = from("ff12::1%3", "fd09::2");
        config.interface = {};
        BOOST_TEST(validate(config) == error::source_interface_mismatch);

        config = from("ff15::1", "fe80::2");
        config.interface = {};
        BOOST_TEST(validate(config) == error::ambiguous_interface);
        config.source = address("fe80::2%3");
        BOOST_TEST(!validate(config).failed());
        config.interface = "e2";
        BOOST_TEST(validate(config) == error::source_interface_mismatch);
    });
}

BOOST_AUTO_TEST_CASE(a_source_must_be_an_address_of_this_machine,
                     *boost::unit_test::precondition(test::can_make_namespaces))
{
    test::network_namespace const host;
    host.ip("addr add 10.9.0.1/32 dev lo\naddr add fd09::1/128 dev lo nodad");
    host.within([] {
        for (bool const named : {false, true})
            for (auto const& [group, own, foreign] :
                 {std::tuple{"239.1.1.1", "10.9.0.1", "10.9.0.2"},
                  std::tuple{"239.1.1.1", "127.0.0.2", "192.0.2.1"},
                  std::tuple{"ff15::1", "fd09::1", "fd09::2"}}) {
                auto config = from(group, own);
                if (!named)
                    config.interface = {};
                BOOST_TEST(!validate(config).failed(), own);
                config.source = address(foreign);
                BOOST_TEST(validate(config) == error::source_not_local, foreign);
            }
    });
}
