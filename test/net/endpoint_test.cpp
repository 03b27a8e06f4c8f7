// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"

#include <rollcast/net/endpoint.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;

namespace {

asio::ip::udp::endpoint parsed(std::string_view text)
{
    return net::parse_endpoint(text).value();
}

error_code why_no_endpoint(std::string_view text)
{
    auto const endpoint = net::parse_endpoint(text);
    return endpoint ? error_code{} : endpoint.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_endpoint)

BOOST_AUTO_TEST_CASE(an_endpoint_is_printed_as_it_is_parsed)
{
    for (auto const* text : {"10.0.0.1:5000", "0.0.0.0:0", "255.255.255.255:65535", "[::]:0",
                             "[2001:db8::1]:443", "[fe80::1]:5000"})
        BOOST_TEST(net::to_string(parsed(text)) == text);
}

BOOST_AUTO_TEST_CASE(a_scope_may_be_a_name_or_an_index_and_is_printed_as_a_name)
{
    auto const named = parsed("[fe80::1%lo]:5000");
    BOOST_TEST(named.address().to_v6().scope_id() == 1U);
    BOOST_TEST((parsed("[fe80::1%1]:5000") == named));
    BOOST_TEST(net::to_string(named) == "[fe80::1%lo]:5000");
    BOOST_TEST(parsed("[ff12::1%lo]:5000").address().to_v6().scope_id() == 1U);
}

BOOST_AUTO_TEST_CASE(the_scope_of_an_interface_local_group_may_be_a_name_too)
{
    BOOST_TEST(parsed("[ff11::1%1]:5000").address().to_v6().scope_id() == 1U);
    BOOST_TEST(parsed("[ff11::1%lo]:5000").address().to_v6().scope_id() == 1U);
}

BOOST_AUTO_TEST_CASE(a_scope_that_names_no_interface_is_not_dropped_silently)
{
    for (auto const* text : {"[fe80::1%nosuch]:5000", "[ff02::1%nosuch]:5000", "[ff02::1%1x]:5000",
                             "[ff02::1%99999]:5000", "[ff02::1%0]:5000"})
        BOOST_TEST(why_no_endpoint(text) == error::unknown_interface, text);
    BOOST_TEST(why_no_endpoint("[ff02::1%]:5000") == error::malformed);
    BOOST_TEST(why_no_endpoint("127.0.0.1%lo:5000") == error::malformed);
}

BOOST_AUTO_TEST_CASE(an_address_alone_is_read_with_its_scope)
{
    BOOST_TEST(net::parse_address("127.0.0.1").value() == asio::ip::address_v4::loopback());
    BOOST_TEST(net::parse_address("ff11::1%lo").value().to_v6().scope_id() == 1U);
    BOOST_TEST((net::parse_address("fe80::1%nosuch").error() == error::unknown_interface));
    for (auto const* text : {"", "127.0.0.1:80", "[::1]", "localhost", "1.2.3", "%lo"})
        BOOST_TEST((net::parse_address(text).error() == error::malformed), "\"" << text << "\"");
}

BOOST_AUTO_TEST_CASE(what_is_not_an_address_and_a_port_is_malformed)
{
    for (auto const* text : {"", "10.0.0.1", "10.0.0.1:", ":80", "10.0.0.1:65536", "10.0.0.1:8o",
                             "[10.0.0.1]:80", "::1:80", "[::1]", "[::1]80", "[::1:80", "host:80"})
        BOOST_TEST(why_no_endpoint(text) == error::malformed, "\"" << text << "\"");
}

BOOST_AUTO_TEST_CASE(a_flow_is_printed_from_source_to_group)
{
    net::flow const v4{asio::ip::make_address("10.0.0.1"), asio::ip::make_address("232.1.1.1"),
                       5000};
    net::flow const v6{asio::ip::make_address("fd00::1"), asio::ip::make_address("ff3e::8000:1"),
                       5000};
    BOOST_TEST(to_string(v4) == "10.0.0.1 > 232.1.1.1:5000");
    BOOST_TEST(to_string(v6) == "fd00::1 > [ff3e::8000:1]:5000");
    BOOST_TEST((v4 != v6));
}

BOOST_AUTO_TEST_SUITE_END()
