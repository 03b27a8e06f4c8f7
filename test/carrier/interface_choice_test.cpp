// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/interface_choice.hpp"
#include "carrier/multicast/interface_worth.hpp"

#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace rollcast;
using boost::test_tools::per_element;
using names = std::vector<std::string>;

namespace {

net::interface_info interface(std::string name, unsigned index, bool up = true,
                              bool multicast = true)
{
    net::interface_info result;
    result.name = std::move(name);
    result.index = index;
    result.up = up;
    result.multicast = multicast;
    result.loopback = result.name == "lo";
    result.addresses = {{asio::ip::address_v4(0x0a000000 + index), 24}};
    return result;
}

struct machine {
    std::vector<net::interface_info> all{interface("lo", 1, true, false), interface("eth0", 2),
                                         interface("eth1", 3, false), interface("docker0", 4),
                                         interface("tun0", 5, true, false)};
    chart_config config{};

    names chosen() const
    {
        names result;
        for (auto const& each : detail::choose_interfaces(config, all).wanted)
            result.push_back(each.name);
        return result;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_interface_choice, machine)

BOOST_AUTO_TEST_CASE(by_default_it_is_all_that_are_up_and_able_to_multicast_and_loopback)
{
    BOOST_TEST(chosen() == (names{"lo", "eth0", "docker0"}), per_element());
    config.local_discovery = true;
    BOOST_TEST(chosen() == (names{"lo"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_part_of_a_bridge_is_left_to_the_bridge_unless_it_is_named_as_itself)
{
    all.push_back(interface("veth0", 6));
    all.back().master = 4;
    BOOST_TEST(chosen() == (names{"lo", "eth0", "docker0"}), per_element());
    config.interfaces = {"veth*", "docker0"};
    BOOST_TEST(chosen() == (names{"docker0"}), per_element());
    config.interfaces = {"veth0"};
    BOOST_TEST(chosen() == (names{"veth0"}), per_element());
}

BOOST_AUTO_TEST_CASE(where_there_is_no_room_for_all_those_that_are_worth_most_are_used)
{
    all = {interface("lo", 1), interface("poor", 2), interface("own", 3), interface("uplink", 4)};
    all[1].addresses = {{asio::ip::make_address("fe80::1%2"), 64},
                        {asio::ip::make_address("169.254.1.2"), 16}};
    std::vector<unsigned> const routes{4};
    auto const used = [&](std::size_t room) {
        names result;
        for (auto const& each :
             detail::ration(all, routes, room, [](auto const&) { return std::size_t{2}; }).used)
            result.push_back(each.name);
        return result;
    };
    BOOST_TEST(used(8) == (names{"lo", "poor", "own", "uplink"}), per_element());
    BOOST_TEST(used(7) == (names{"lo", "own", "uplink"}), per_element());
    BOOST_TEST(used(5) == (names{"lo", "uplink"}), per_element());
    BOOST_TEST(used(2) == (names{"uplink"}), per_element());
    BOOST_TEST(used(0) == (names{"uplink"}), per_element());
}

BOOST_AUTO_TEST_CASE(what_is_open_stays_open_and_64_descriptors_are_left)
{
    using detail::room_for_stations;
    BOOST_TEST(room_for_stations(0, 1000) * detail::descriptors_of_station <= 1000 - 64U);
    BOOST_TEST(room_for_stations(0, 1000) > 150U);
    BOOST_TEST(room_for_stations(7, 3) == 7U);
    BOOST_TEST(room_for_stations(0, 64) == 0U);
}

BOOST_AUTO_TEST_CASE(names_patterns_indices_and_addresses_choose)
{
    config.interfaces = {"eth*"};
    BOOST_TEST(chosen() == (names{"eth0"}), per_element());
    config.interfaces = {"?????0", net::network_interface(1U)};
    BOOST_TEST(chosen() == (names{"lo"}), per_element());
    config.interfaces = {"d*k?r*", "10.0.0.2", "e*1"};
    BOOST_TEST(chosen() == (names{"eth0", "docker0"}), per_element());
    config.interfaces = {"*"};
    BOOST_TEST(chosen() == (names{"lo", "eth0", "docker0", "tun0"}), per_element());
    config.interfaces = {"wlan*"};
    BOOST_TEST(chosen().empty());
}

BOOST_AUTO_TEST_CASE(who_names_an_interface_knows_what_it_can_do)
{
    config.interfaces = {"tun0"};
    BOOST_TEST(chosen() == (names{"tun0"}), per_element());
}

BOOST_AUTO_TEST_CASE(an_excluded_interface_is_not_chosen_however_it_is_named)
{
    config.excluded_interfaces = {"docker*"};
    BOOST_TEST(chosen() == (names{"lo", "eth0"}), per_element());
    config.excluded_interfaces = {"lo", "10.0.0.2"};
    BOOST_TEST(chosen() == (names{"docker0"}), per_element());
    config.interfaces = {"lo", "eth0"};
    BOOST_TEST(chosen().empty());
    config.excluded_interfaces = {"no-such-interface"};
    BOOST_TEST(chosen() == (names{"lo", "eth0"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_function_decides_about_what_the_names_leave)
{
    config.excluded_interfaces = {"docker0"};
    names asked;
    config.use_interface = [&](net::interface_info const& which) {
        asked.push_back(which.name);
        return !which.loopback;
    };
    BOOST_TEST(chosen() == (names{"eth0"}), per_element());
    BOOST_TEST(asked == (names{"lo", "eth0"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_function_that_throws_costs_that_interface_alone)
{
    config.use_interface = [](net::interface_info const& which) -> bool {
        if (which.name == "eth0")
            throw std::runtime_error("not today");
        return true;
    };
    auto const choice = detail::choose_interfaces(config, all);
    BOOST_TEST(choice.wanted.size() == 2U);
    BOOST_TEST_REQUIRE(choice.undecided.size() == 1U);
    BOOST_TEST(choice.undecided[0].interface.name == "eth0");
    BOOST_TEST(choice.undecided[0].why == error::interface_choice_failed);
}

BOOST_AUTO_TEST_SUITE_END()
