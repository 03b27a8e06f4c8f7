// SPDX-License-Identifier: BSL-1.0
#include "support/sim_at_rest.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace rollcast;
using namespace std::chrono_literals;
using test::simulated_network;

// Networks on which a host hears itself on another of its links.

namespace {

using links = std::vector<unsigned>;

/// Hosts on two segments that some device joins, after they have found each other.
struct joined_segments : simulated_network {
    joined_segments(std::uint64_t seed, test::conditions how) : simulated_network(seed)
    {
        add_segment(how);
        add_segment(how);
    }

    void settle_in()
    {
        start_all();
        run_for(1min);
        BOOST_TEST(all_know_all());
    }

    void add_hosts(std::size_t count, links const& where)
    {
        for (std::size_t i = 0; i < count; ++i)
            add({.segments = where, .detection_time = 3s});
    }
};

std::vector<test::conditions> const conditions_of_wires{
    {}, {.ipv6 = true}, {.loss = 0.1, .ipv6 = true}, {.jitter = 20ms, .loss = 0.3}};

/// So many hosts on each of these links, which are one wire.
void check_one_wire(std::uint64_t usual_seed,
                    std::vector<std::pair<std::size_t, links>> const& hosts)
{
    for (auto const& how : conditions_of_wires) {
        test::test_seed const seed(usual_seed);
        BOOST_TEST_CONTEXT("loss of " << how.loss)
        {
            joined_segments net(seed, how);
            net.join(0, 1);
            for (auto const& [count, where] : hosts)
                net.add_hosts(count, where);
            net.settle_in();
            check_calm(net, 1, 3s);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(real_networks_ourselves)

// Wired and wireless on one LAN, or both ends of a veth pair.
BOOST_AUTO_TEST_CASE(a_host_with_two_links_on_one_wire_is_calm)
{
    check_one_wire(900, {{1, {0, 1}}, {4, {0}}});
}

BOOST_AUTO_TEST_CASE(many_hosts_with_two_links_each_on_one_wire_are_calm)
{
    check_one_wire(901, {{10, {0, 1}}, {3, {1}}});
}

// As at every start, where the IPv6 address of each interface is checked for some time.
BOOST_AUTO_TEST_CASE(an_address_that_comes_later_on_one_of_two_links_on_one_wire_keeps_the_calm)
{
    for (std::size_t const others : {0U, 1U, 4U}) {
        test::test_seed const seed(903);
        joined_segments net(seed, {});
        net.join(0, 1);
        net.add_hosts(2, {0, 1});
        net.add_hosts(others, {0});
        net.settle_in();
        for (std::size_t const who : {0U, 1U}) {
            auto const own = "10.0." + std::to_string(7 + who) + ".1";
            auto const first = net.addresses_of(who, who % 2).front();
            net.set_addresses(who, who % 2, {{first}, {asio::ip::make_address(own)}});
            net.run_for(700ms);
        }
        net.settle_in();
        check_calm(net, 1, 3s);
    }
}

BOOST_AUTO_TEST_CASE(a_host_that_hears_but_itself_is_calm)
{
    test::test_seed const seed(902);
    joined_segments net(seed, {.ipv6 = true});
    net.join(0, 1);
    net.add_hosts(1, {0, 1});
    net.settle_in();
    check_calm(net, 1, 3s);
}

// Reflectors repeat what is multicast, sooner or later, in their own name or another's; routers
// pass on what is not.
BOOST_AUTO_TEST_CASE(hosts_on_both_sides_of_a_reflector_are_calm)
{
    for (bool const keeps_source : {true, false})
        for (auto const late : {1ms, 300ms, 2000ms}) {
            test::test_seed const seed(903);
            joined_segments net(seed, {});
            test::repetition const how{.delay = late, .keeps_source = keeps_source};
            net.repeat(0, 1, how);
            net.repeat(1, 0, how);
            net.add_hosts(3, {0, 1});
            net.add_hosts(2, {0});
            net.add_hosts(2, {1});
            net.settle_in();
            check_calm(net, 2, 3s);
        }
}

BOOST_AUTO_TEST_CASE(a_reflector_of_multicasts_alone_troubles_no_host_that_is_on_both_sides)
{
    test::test_seed const seed(904);
    joined_segments net(seed, {});
    net.repeat(0, 1, {.delay = 5ms, .keeps_source = false, .unicast = false});
    net.repeat(1, 0, {.delay = 5ms, .keeps_source = false, .unicast = false});
    net.add_hosts(5, {0, 1});
    net.settle_in();
    check_calm(net, 2, 3s);
}

// Whoever is on one side hears those on the other, and has no way to them.
BOOST_AUTO_TEST_CASE(a_reflector_of_multicasts_alone_accuses_nobody_on_the_other_side)
{
    for (auto const& how : {test::conditions{}, {.ipv6 = true}, {.jitter = 20ms, .loss = 0.1}}) {
        test::test_seed const seed(905);
        joined_segments net(seed, how);
        net.repeat(0, 1, {.delay = 5ms, .keeps_source = true, .unicast = false});
        net.repeat(1, 0, {.delay = 5ms, .keeps_source = true, .unicast = false});
        net.add_hosts(1, {0, 1});
        net.add_hosts(2, {0});
        net.add_hosts(2, {1});
        net.settle_in();
        BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
        check_calm(net, 2, 3s);
    }
}

BOOST_AUTO_TEST_SUITE_END()
