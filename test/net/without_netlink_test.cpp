// SPDX-License-Identifier: BSL-1.0
#include "os/interfaces.hpp"
#include "os/linux/without_netlink.hpp"
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

// Where a program may not use the kernel's routing socket, the older ways tell the same.

using namespace rollcast;
namespace older_ways = os::without_netlink;

namespace {

/// With all kinds of links and addresses there are.
struct busy_host {
    test::network_namespace host;
    test::network_namespace other;

    busy_host()
    {
        test::join_by_cable(1, {host, "e1", 1}, {other, "e1", 2});
        test::join_by_cable(2, {host, "e2", 1}, {other, "e2", 2});
        host.ip("link add br0 type bridge\n"
                "link set br0 up\n"
                "link set e2 master br0\n"
                "link add down0 type veth peer name down1\n"
                "addr add 10.9.1.50/24 dev e1\n"
                "addr add 10.77.0.1/16 dev e1 label e1:second\n"
                "addr add fd09:1::50/80 dev e1 nodad preferred_lft 0\n"
                "addr add 192.0.2.1 peer 192.0.2.2/32 dev e1\n"
                "route add default via 10.9.1.2\n"
                "route add 239.0.0.0/8 dev e1\n");
    }

    static void sort(std::vector<net::interface_info>& all)
    {
        for (auto& each : all)
            std::ranges::sort(each.addresses, {}, &net::interface_address::address);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(net_without_netlink, busy_host,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(interfaces_and_addresses_are_those_that_netlink_tells)
{
    host.within([] {
        auto told = os::list_interfaces().value();
        auto found = older_ways::list_interfaces().value();
        sort(told);
        sort(found);
        BOOST_TEST(told.size() == 6U);
        BOOST_TEST(found.size() == told.size());
        for (std::size_t i = 0; i < told.size() && i < found.size(); ++i) {
            told[i].master = found[i].master = 0; // of this, /sys knows the links of the mount only
            BOOST_TEST(to_string(found[i]) == to_string(told[i]));
        }
    });
}

BOOST_AUTO_TEST_CASE(routes_lead_where_netlink_says)
{
    host.within([] {
        auto const group = asio::ip::make_address("239.1.1.1");
        BOOST_TEST(older_ways::route_interface(group).value() ==
                   os::route_interface(group).value());
        auto const nowhere = asio::ip::make_address("ff15::1");
        BOOST_TEST(older_ways::route_interface(nowhere).has_value() ==
                   os::route_interface(nowhere).has_value());
        for (auto const& each : os::list_interfaces().value())
            if (each.up && !each.addresses.empty())
                BOOST_TEST(older_ways::route_interface(group, each.name).value() ==
                           os::route_interface(group, each.name).value());
        BOOST_TEST(older_ways::route_interface(group, "vrf-blue").error() == error::device_refused);
        auto told = os::default_route_interfaces().value();
        BOOST_TEST(older_ways::default_route_interfaces() == told,
                   boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_SUITE_END()
