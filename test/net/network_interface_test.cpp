// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"

#include <rollcast/net/network_interface.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using net::interface_info;
using net::network_interface;

namespace {

asio::ip::address at(char const* address, unsigned scope = 0)
{
    auto result = asio::ip::make_address(address);
    if (scope == 0)
        return result;
    auto scoped = result.to_v6();
    scoped.scope_id(scope);
    return scoped;
}

interface_info interface(char const* name, unsigned index,
                         std::vector<net::interface_address> addresses)
{
    interface_info info;
    info.name = name;
    info.index = index;
    info.addresses = std::move(addresses);
    return info;
}

// "4" is the name of interface 5, to tempt; 10.0.0.9 and fe80::1 are on two links each.
std::vector<interface_info> const machine{
    interface("lo", 1, {{at("127.0.0.1"), 8}, {at("::1"), 128}}),
    interface("e2", 2, {{at("10.0.0.1"), 24}, {at("10.0.0.9"), 24}, {at("fe80::1", 2), 64}}),
    interface("e3", 3, {{at("10.0.0.9"), 24}, {at("fe80::1", 3), 64}, {at("fe80::3", 3), 64}}),
    interface("e4", 4, {}),
    interface("4", 5, {{at("fd00::5"), 64}}),
};

std::string found(network_interface const& which)
{
    auto const info = resolve(which, machine);
    return info ? info->name : error_code(info.error()).message();
}

std::string const unknown = error_code(error::unknown_interface).message();
std::string const ambiguous = error_code(error::ambiguous_interface).message();
std::string const mismatch = error_code(error::interface_address_mismatch).message();

} // namespace

BOOST_AUTO_TEST_SUITE(net_network_interface)

BOOST_AUTO_TEST_CASE(an_interface_is_found_by_name)
{
    BOOST_TEST(found("e2") == "e2");
    BOOST_TEST(found(std::string("lo")) == "lo");
    BOOST_TEST(found("e") == unknown);
    BOOST_TEST(found("E2") == unknown);
    BOOST_TEST(found("e22") == unknown);
}

BOOST_AUTO_TEST_CASE(an_interface_is_found_by_index)
{
    BOOST_TEST(found("3") == "e3");
    BOOST_TEST(found(network_interface(3)) == "e3");
    for (auto const* text : {"0", "99", "-1", "3x", "4294967297"})
        BOOST_TEST(found(text) == unknown, text);
    BOOST_TEST(found(network_interface(0U)) == unknown);
}

BOOST_AUTO_TEST_CASE(a_name_wins_over_an_index_of_the_same_spelling)
{
    BOOST_TEST(found("4") == "4");
    BOOST_TEST(found(network_interface(4)) == "e4");
}

BOOST_AUTO_TEST_CASE(an_interface_is_found_by_one_of_its_addresses)
{
    BOOST_TEST(found("10.0.0.1") == "e2");
    BOOST_TEST(found("::1") == "lo");
    BOOST_TEST(found("fd00::5") == "4");
    BOOST_TEST(found(at("127.0.0.1")) == "lo");
    BOOST_TEST(found("10.0.0.2") == unknown);
    BOOST_TEST(found("fd00::6") == unknown);
}

BOOST_AUTO_TEST_CASE(an_address_on_several_interfaces_is_ambiguous)
{
    BOOST_TEST(found("10.0.0.9") == ambiguous);
    BOOST_TEST(found("fe80::1") == ambiguous);
    BOOST_TEST(found(at("fe80::1")) == ambiguous);
    BOOST_TEST(found("fe80::3") == "e3");
}

BOOST_AUTO_TEST_CASE(a_scope_tells_which_interface_of_several_is_meant)
{
    BOOST_TEST(found("fe80::1%2") == "e2");
    BOOST_TEST(found("fe80::1%e3") == "e3");
    BOOST_TEST(found(at("fe80::1", 3)) == "e3");
}

BOOST_AUTO_TEST_CASE(an_address_must_be_on_the_interface_its_scope_names)
{
    BOOST_TEST(found("fe80::3%2") == mismatch);
    BOOST_TEST(found("fe80::3%e2") == mismatch);
    BOOST_TEST(found(at("fe80::3", 2)) == mismatch);
    BOOST_TEST(found(at("fe80::3", 99)) == unknown);
    BOOST_TEST(found("fe80::1%nosuch") == unknown);
    BOOST_TEST(found("fe80::1%") == unknown);
    BOOST_TEST(found("%e2") == unknown);
}

BOOST_AUTO_TEST_CASE(nothing_named_is_unspecified_and_resolves_to_nothing)
{
    BOOST_TEST(network_interface().is_unspecified());
    BOOST_TEST(network_interface("").is_unspecified());
    BOOST_TEST(!network_interface("lo").is_unspecified());
    BOOST_TEST(!network_interface(1U).is_unspecified());
    BOOST_TEST(found(network_interface()) == unknown);
}

BOOST_AUTO_TEST_CASE(an_interface_is_printed_as_the_user_wrote_it)
{
    for (auto const* text : {"", "eth0", "7", "10.0.0.1", "fe80::1%eth0"})
        BOOST_TEST(to_string(network_interface(text)) == text);
    BOOST_TEST(to_string(network_interface(7)) == "7");
    BOOST_TEST(to_string(network_interface(at("10.0.0.1"))) == "10.0.0.1");
}

BOOST_AUTO_TEST_CASE(an_interface_has_its_addresses_with_and_without_their_scope)
{
    auto const& e2 = machine[1];
    BOOST_TEST(e2.has(at("10.0.0.1")));
    BOOST_TEST(e2.has(at("fe80::1")));
    BOOST_TEST(e2.has(at("fe80::1", 2)));
    BOOST_TEST(!e2.has(at("fe80::1", 3)));
    BOOST_TEST(!e2.has(at("10.0.0.2")));
    BOOST_TEST(!e2.has(at("::ffff:10.0.0.1")));
}

BOOST_AUTO_TEST_CASE(a_pattern_means_all_names_that_match)
{
    auto const all = [](char const* text) {
        std::string names;
        for (auto const& each : resolve_all(network_interface(text), machine))
            names += each.name + " ";
        return names;
    };
    BOOST_TEST(all("e*") == "e2 e3 e4 ");
    BOOST_TEST(all("?") == "4 ");
    BOOST_TEST(all("?3*") == "e3 ");
    BOOST_TEST(all("*") == "lo e2 e3 e4 4 ");
    BOOST_TEST(all("e2*") == "e2 ");
    BOOST_TEST(all("*e") == "");
    BOOST_TEST(all("e?*?") == "");
    BOOST_TEST(all("e2") == "e2 ");
    BOOST_TEST(all("10.0.0.1") == "e2 ");
    BOOST_TEST(all("none") == "");
    BOOST_TEST(network_interface("e*").is_pattern());
    BOOST_TEST(!network_interface("e2").is_pattern());
    BOOST_TEST(!network_interface(2U).is_pattern());
    BOOST_TEST(found("e*") == unknown); // where one has to be named
}

BOOST_AUTO_TEST_CASE(an_interface_is_meant_by_any_of_several_names)
{
    std::vector<network_interface> const names{"lo", "e?", network_interface(5U)};
    for (auto const& each : machine)
        BOOST_TEST(is_meant(each, names, machine), each.name);
    BOOST_TEST(!is_meant(machine[1], std::vector<network_interface>{"lo", "x*"}, machine));
    BOOST_TEST(!is_meant(machine[1], {}, machine));
}

BOOST_AUTO_TEST_SUITE_END()
