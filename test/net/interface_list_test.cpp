// SPDX-License-Identifier: BSL-1.0
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/net/network_interface.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using test::network_namespace;

namespace {

std::vector<net::interface_info> listed(network_namespace const& host)
{
    return host.within([] { return net::list_interfaces().value(); });
}

net::interface_info listed(network_namespace const& host, std::string const& name)
{
    return host.within([&] { return resolve(net::network_interface(name)).value(); });
}

std::vector<std::string> addresses(net::interface_info const& info)
{
    std::vector<std::string> all;
    for (auto const& each : info.addresses)
        all.push_back(each.address.to_string() + "/" + std::to_string(each.prefix_length));
    std::ranges::sort(all);
    return all;
}

using strings = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(net_interface_list,
                      *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_new_namespace_has_lo_with_its_flags_and_addresses)
{
    network_namespace const host;
    auto const lo = listed(host, "lo");
    BOOST_TEST(lo.index == 1U);
    BOOST_TEST(lo.mtu == 65536U);
    BOOST_TEST(lo.up);
    BOOST_TEST(lo.loopback);
    BOOST_TEST(!lo.multicast);
    BOOST_TEST(addresses(lo) == (strings{"127.0.0.1/8", "::1/128"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_interface_is_up_only_while_its_link_works)
{
    network_namespace const host;
    host.ip("link add e2 type veth peer name e3");
    BOOST_TEST(!listed(host, "e2").up);
    host.ip("link set e2 up");
    BOOST_TEST(!listed(host, "e2").up);
    host.ip("link set lo down");
    BOOST_TEST(!listed(host, "lo").up);
}

BOOST_AUTO_TEST_CASE(interfaces_come_in_the_order_of_their_indices_with_mtu_and_flags)
{
    network_namespace const host;
    host.ip("link add e9 index 9 type veth peer name e5 index 5\nlink set e9 mtu 1400");
    auto const all = listed(host);
    BOOST_TEST(std::ranges::is_sorted(all, {}, &net::interface_info::index));
    auto const e9 = listed(host, "9");
    BOOST_TEST(e9.name == "e9");
    BOOST_TEST(e9.mtu == 1400U);
    BOOST_TEST(e9.multicast);
    BOOST_TEST(!e9.loopback);
    BOOST_TEST(e9.addresses.empty());
}

BOOST_AUTO_TEST_CASE(addresses_carry_their_prefix_and_link_local_ones_their_scope)
{
    network_namespace const host;
    host.ip("link add e9 index 9 type veth peer name e5 index 5\n"
            "link set e9 addrgenmode none\n"
            "addr add 10.9.0.1/24 dev e9\n"
            "addr add 10.9.0.2/32 dev e9\n"
            "addr add fd09::1/64 dev e9 nodad\n"
            "addr add fe80::1/64 dev e9 nodad");
    auto const e9 = listed(host, "e9");
    BOOST_TEST(addresses(e9) ==
                   (strings{"10.9.0.1/24", "10.9.0.2/32", "fd09::1/64", "fe80::1%9/64"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_own_address_of_a_point_to_point_link_is_listed_not_the_peers)
{
    network_namespace const host;
    host.ip("link add e9 type veth peer name e5\naddr add 10.9.0.1 peer 10.9.0.2/32 dev e9");
    auto const e9 = listed(host, "e9");
    BOOST_TEST(e9.has(asio::ip::make_address("10.9.0.1")));
    BOOST_TEST(!e9.has(asio::ip::make_address("10.9.0.2")));
}

BOOST_AUTO_TEST_CASE(an_address_in_duplicate_address_detection_is_left_out)
{
    network_namespace const host;
    host.ip("link add e9 type veth peer name e5\n"
            "link set e9 addrgenmode none\n"
            "link set e9 up\nlink set e5 up\n"
            "addr add fd09::1/64 dev e9\n"
            "addr add fd09::2/64 dev e9 nodad");
    auto const e9 = listed(host, "e9");
    BOOST_TEST(!e9.has(asio::ip::make_address("fd09::1")));
    BOOST_TEST(e9.has(asio::ip::make_address("fd09::2")));
}

BOOST_AUTO_TEST_CASE(hundreds_of_interfaces_and_addresses_are_listed_in_full)
{
    network_namespace const host;
    std::string lines;
    for (int i = 0; i < 150; ++i) {
        auto const name = "e" + std::to_string(i);
        lines += "link add " + name + " type veth peer name p" + std::to_string(i) + "\n";
        lines += "addr add 10.9." + std::to_string(i) + ".1/24 dev " + name + "\n";
    }
    host.ip(lines);
    BOOST_TEST(std::ranges::count_if(listed(host), [](auto const& each) {
                   return each.name.front() == 'e' && each.addresses.size() == 1;
               }) == 150);
}

BOOST_AUTO_TEST_CASE(a_new_interface_of_an_old_name_has_another_index)
{
    network_namespace const host;
    host.ip("link add e2 type veth peer name e3");
    auto const old = listed(host, "e2").index;
    host.ip("link del e2\nlink add e2 type veth peer name e3");
    BOOST_TEST(listed(host, "e2").index != old);
}

BOOST_AUTO_TEST_CASE(an_interface_is_known_by_each_of_its_names)
{
    network_namespace const host;
    host.ip("link add e2 type veth peer name e3");
    host.command("ip link property add dev e2 altname uplink-to-the-second-floor altname wan");
    auto const found = listed(host, "uplink-to-the-second-floor");
    BOOST_TEST(found.name == "e2");
    BOOST_TEST(listed(host, "wan").index == found.index);
    BOOST_TEST(found.alternative_names == (strings{"uplink-to-the-second-floor", "wan"}),
               boost::test_tools::per_element());
    std::vector<net::network_interface> const excluded{"uplink-*"};
    auto const all = listed(host);
    BOOST_TEST(net::is_meant(found, excluded, all));
    BOOST_TEST(!net::is_meant(listed(host, "e3"), excluded, all));
    auto const group = asio::ip::make_address("239.1.1.1");
    net::network_interface const named("uplink-to-the-second-floor");
    BOOST_TEST(resolve_for(group, named, all).value().name == "e2");
}

BOOST_AUTO_TEST_CASE(addresses_that_cannot_be_used_are_told_apart)
{
    network_namespace const one;
    network_namespace const other;
    test::join_by_cable(1, {one, "e1", 1}, {other, "e1", 2});
    one.ip("addr add fd09:1::9/64 dev e1\naddr add fd09:1::2/64 dev e1");
    auto const before = listed(one, "e1");
    BOOST_TEST(before.unusable.size() == 2U);
    for (auto const& each : before.unusable)
        BOOST_TEST(!before.has(each.address));
    test::poll_until([&] { return listed(one, "e1").unusable.size() == 1U; });
    test::poll_until([&] { return listed(one, "e1").unusable.front().duplicate; });
    auto const after = listed(one, "e1");
    BOOST_TEST(after.has(asio::ip::make_address("fd09:1::9")));
    BOOST_TEST(after.unusable.front().address == asio::ip::make_address("fd09:1::2"));
}

BOOST_AUTO_TEST_SUITE_END()
