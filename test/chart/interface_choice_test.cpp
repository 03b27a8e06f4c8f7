// SPDX-License-Identifier: BSL-1.0
#include "chart/interface_choice.hpp"

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
