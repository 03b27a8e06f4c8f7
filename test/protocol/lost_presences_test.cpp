// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "protocol/lost_presences.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::lost_presences;

namespace {

struct mover {
    lost_presences lost;
    detail::time_point const now{1h};

    static asio::ip::address address_on(unsigned index)
    {
        return asio::ip::make_address("10.0." + std::to_string(index) + ".1");
    }

    void lose(unsigned index, detail::duration remembered = 10s)
    {
        detail::link where;
        where.index = index;
        where.unicast_port_v4 = static_cast<net::port_type>(40000 + index);
        where.addresses = {{address_on(index), 24}};
        lost.add(where, 2500ms, now + remembered);
    }

    std::vector<asio::ip::address> told(detail::duration after = {}) const
    {
        auto const bytes = lost.told({7, {{7}}, 1000}, now + after);
        std::vector<asio::ip::address> all;
        for (auto const& each : wire_list<member_view>(bytes)) {
            auto const there = announce::unpack(each.record);
            BOOST_TEST(each.who.id == 7U);
            BOOST_TEST(there.unicast_port_v4 > 40000U);
            all.insert(all.end(), there.addresses.begin(), there.addresses.end());
        }
        return all;
    }
};

record_view view(std::vector<std::byte> const& packed)
{
    return announce::view_record(packed).value();
}

std::vector<std::byte> record_at(std::vector<std::string> const& addresses,
                                 net::port_type v4 = 40001, net::port_type v6 = 40002)
{
    record there;
    there.beat_interval = 2500ms;
    there.discovery_port = 8080;
    there.unicast_port_v4 = v4;
    there.unicast_port_v6 = v6;
    for (auto const& each : addresses)
        there.addresses.push_back(asio::ip::make_address(each));
    return announce::pack(there).value();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_lost_presences, mover)

BOOST_AUTO_TEST_CASE(where_it_is_no_longer_is_told_for_a_while)
{
    BOOST_TEST(told().empty());
    lose(3);
    BOOST_TEST(told(9999ms) == std::vector{address_on(3)}, boost::test_tools::per_element());
    BOOST_TEST(told(10s).empty());
}

BOOST_AUTO_TEST_CASE(a_link_that_is_back_is_not_told_and_one_that_is_lost_again_is_told_once)
{
    lose(3);
    lose(4);
    lost.erase(3);
    BOOST_TEST(told() == std::vector{address_on(4)}, boost::test_tools::per_element());
    lose(4, 20s);
    BOOST_TEST(told(5s).size() == 1U);
    BOOST_TEST(told(15s).size() == 1U);
}

// Those who met it there know no others, and compare.
BOOST_AUTO_TEST_CASE(the_addresses_that_were_told_there_are_those_that_are_lost)
{
    detail::link where;
    where.index = 3;
    where.unicast_port_v4 = 40003;
    net::interface_address temporary{asio::ip::make_address("10.0.3.9"), 24};
    temporary.temporary = true;
    where.addresses = {temporary, {address_on(3), 24}};
    lost.add(where, 2500ms, now + 10s);
    BOOST_TEST(told() == std::vector{address_on(3)}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_two_are_told)
{
    for (unsigned const index : {3U, 4U, 5U})
        lose(index);
    BOOST_TEST(told() == (std::vector{address_on(4), address_on(5)}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(whoever_has_the_same_addresses_and_ports_is_meant)
{
    auto const lost_one = record_at({"10.0.0.1", "fe80::1"});
    auto is_meant = [&](std::vector<std::byte> const& known) {
        return detail::is_reached_at(view(known), view(lost_one));
    };
    BOOST_TEST(is_meant(record_at({"fe80::1", "10.0.0.1"})));
    auto const two = record_at({"10.0.0.1", "10.0.0.9"});
    BOOST_TEST(detail::is_reached_at(view(record_at({"10.0.0.9", "10.0.0.1"})), view(two)));
    BOOST_TEST(!is_meant(record_at({"10.0.0.1"})));
    BOOST_TEST(!is_meant(record_at({"10.0.0.2", "fe80::1"})));
    BOOST_TEST(!is_meant(record_at({"10.0.0.1", "fe80::1"}, 40003)));
    BOOST_TEST(!is_meant(record_at({"10.0.0.1", "fe80::1"}, 40001, 40003)));
}

BOOST_AUTO_TEST_SUITE_END()
