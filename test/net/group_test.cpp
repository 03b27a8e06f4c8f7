// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"

#include <rollcast/net/group.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;

namespace {

bool multicast(char const* address)
{
    return net::group(asio::ip::make_address(address), 5000).is_multicast();
}

bool source_specific(char const* address)
{
    net::group const group(asio::ip::make_address(address), 5000);
    BOOST_TEST(group.is_source_specific() == net::is_source_specific(group.address));
    return group.is_source_specific();
}

std::string reprinted(std::string_view text)
{
    return to_string(net::group::parse(text).value());
}

error_code why_no_group(std::string_view text)
{
    auto const group = net::group::parse(text);
    return group ? error_code{} : group.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_group)

BOOST_AUTO_TEST_CASE(ipv4_groups_lie_in_224_slash_4)
{
    BOOST_TEST(!multicast("223.255.255.255"));
    BOOST_TEST(multicast("224.0.0.0"));
    BOOST_TEST(multicast("239.255.255.255"));
    BOOST_TEST(!multicast("240.0.0.0"));
}

BOOST_AUTO_TEST_CASE(ipv6_groups_lie_in_ff00_slash_8)
{
    BOOST_TEST(!multicast("feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    BOOST_TEST(multicast("ff00::"));
    BOOST_TEST(multicast("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    BOOST_TEST(!multicast("::ffff:239.1.1.1"));
}

BOOST_AUTO_TEST_CASE(ipv4_groups_in_232_slash_8_are_source_specific)
{
    BOOST_TEST(!source_specific("231.255.255.255"));
    BOOST_TEST(source_specific("232.0.0.0"));
    BOOST_TEST(source_specific("232.255.255.255"));
    BOOST_TEST(!source_specific("233.0.0.0"));
}

BOOST_AUTO_TEST_CASE(ipv6_groups_in_ff3x_slash_32_are_source_specific)
{
    for (auto const* group : {"ff30::", "ff31::8000:1", "ff32::1", "ff3e::8000:1", "ff3f::1",
                              "ff3e:0:ffff:ffff:ffff:ffff:ffff:ffff"})
        BOOST_TEST(source_specific(group), group);
    for (auto const* group : {"ff2f:0:ffff::", "ff40::", "ff3e:40:2001:db8::1", "ff3e:1::1",
                              "ff3e:100::1", "ff15::1:1", "fe3e::1"})
        BOOST_TEST(!source_specific(group), group);
}

BOOST_AUTO_TEST_CASE(a_group_is_printed_as_it_is_parsed)
{
    for (auto const* text : {"239.1.1.1:5000", "224.0.0.0:1", "239.255.255.255:65535",
                             "[ff15::1]:5000", "[ff3e::8000:1]:65535", "[ff02::1%lo]:5000"})
        BOOST_TEST(reprinted(text) == text);
    BOOST_TEST(reprinted("[FF15:0:0::0001]:05000") == "[ff15::1]:5000");
}

BOOST_AUTO_TEST_CASE(what_is_not_a_group_and_a_port_is_malformed)
{
    for (auto const* text : {"",
                             ":",
                             "239.1.1.1",
                             "239.1.1.1:",
                             "239.1.1.1:x",
                             "239.1.1.1:5000x",
                             "239.1.1.1:65536",
                             "239.1.1.1:-1",
                             "239.1.1.1:+1",
                             "239.1.1.1: 1",
                             " 239.1.1.1:1",
                             "239.1.1:1",
                             "239.1.1.256:1",
                             "[239.1.1.1]:1",
                             "ff15::1:5000",
                             "[ff15::1]",
                             "[ff15::1]5000",
                             "[ff15::1:5000",
                             "ff15::1]:5000",
                             "[]:1",
                             "[",
                             "localhost:1"})
        BOOST_TEST(why_no_group(text) == error::malformed, "\"" << text << "\"");
}

BOOST_AUTO_TEST_CASE(an_address_that_is_no_group_and_the_port_0_are_named)
{
    BOOST_TEST(why_no_group("10.0.0.1:5000") == error::not_multicast);
    BOOST_TEST(why_no_group("[fe80::1]:5000") == error::not_multicast);
    BOOST_TEST(why_no_group("10.0.0.1:0") == error::not_multicast);
    BOOST_TEST(why_no_group("239.1.1.1:0") == error::invalid_port);
    BOOST_TEST(why_no_group("[ff15::1]:0") == error::invalid_port);
}

BOOST_AUTO_TEST_CASE(a_group_knows_its_protocol_and_endpoint)
{
    net::group const v4(asio::ip::udp::endpoint(asio::ip::make_address("239.1.1.1"), 5000));
    net::group const v6(asio::ip::make_address("ff15::1"), 6000);
    BOOST_TEST((v4.protocol() == asio::ip::udp::v4()));
    BOOST_TEST((v6.protocol() == asio::ip::udp::v6()));
    BOOST_TEST(v6.endpoint() == asio::ip::udp::endpoint(asio::ip::make_address("ff15::1"), 6000));
    BOOST_TEST((v4 != v6));
    BOOST_TEST((v4 == net::group::parse("239.1.1.1:5000").value()));
}

BOOST_AUTO_TEST_SUITE_END()
