// SPDX-License-Identifier: BSL-1.0
#include "support/sim_ledger.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_soak.hpp"
#include "support/simulated_network.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

// A program that enters whoever arrives and is updated, and strikes off whoever departs, knows
// what the chart knows, whatever happens.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::simulated_network;
using kinds = std::vector<event_kind>;

namespace {

/// A network with such a program beside every chart.
struct booked : simulated_network {
    explicit booked(std::uint64_t seed) : simulated_network(seed)
    {
        read([this](std::size_t who, std::span<event const> told) {
            ledger.read(who, told, engine(who));
            ++read_;
        });
    }

    std::size_t reads() const noexcept { return read_; }

    test::sim_ledger ledger;

private:
    std::size_t read_ = 0;
};

kinds kinds_that(bool (event::*hold)() const noexcept)
{
    kinds all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<event_kind>>([&](auto each) {
        event what;
        what.kind = each.value;
        if ((what.*hold)())
            all.push_back(each.value);
    });
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_membership)

BOOST_AUTO_TEST_CASE(arrivals_and_departures_are_these_kinds_of_event)
{
    BOOST_TEST(kinds_that(&event::arrived) == (kinds{event_kind::found, event_kind::restarted,
                                                     event_kind::returned, event_kind::reachable}),
               per_element());
    BOOST_TEST(kinds_that(&event::departed) ==
                   (kinds{event_kind::gone, event_kind::left, event_kind::unreachable,
                          event_kind::forgotten}),
               per_element());
}

BOOST_AUTO_TEST_CASE(through_random_faults_a_table_kept_by_them_is_the_chart)
{
    // What soaks do to a network, each on one or two links; every one of them keeps such tables.
    for (auto const each : test::test_seeds(300, 40)) {
        test::test_seed const seed(each);
        test::soak_options const how{.seed = seed, .duration = 40s};
        BOOST_TEST_CONTEXT(test::replay_command(how))
        {
            BOOST_CHECK_NO_THROW(test::soak(how));
        }
    }
}

BOOST_AUTO_TEST_CASE(who_is_forgotten_departs_and_arrives_when_heard_again)
{
    test::test_seed const seed(310);
    booked net(seed);
    net.add_many(5);
    net.start_all();
    net.run_for(5s);
    auto const before = net.now();
    BOOST_TEST(net.forget(0, net.id(3)));
    BOOST_TEST(!net.forget(0, net.id(3)));
    BOOST_TEST(!net.forget(0, net.id(0)));
    BOOST_TEST(net.told(0, net.id(3), before) == kinds{event_kind::forgotten}, per_element());
    auto const& last = net.events(0).back().what;
    BOOST_TEST(last.departed());
    BOOST_TEST(last.size == 4U);
    BOOST_TEST(last.who.service_ports.size() == 1U); // the whole record
    net.run_for(10s);
    BOOST_TEST(net.told(0, net.id(3), before) == (kinds{event_kind::forgotten, event_kind::found}),
               per_element());
    BOOST_TEST(net.reads() > 0U);
}

BOOST_AUTO_TEST_CASE(a_suspect_that_is_forgotten_departs_once)
{
    test::test_seed const seed(311);
    booked net(seed);
    net.add_many(3);
    net.start_all();
    net.run_for(20s);
    net.crash(2);
    auto const suspected = [&] {
        auto const told = net.told(0, net.id(2));
        return std::ranges::find(told, event_kind::suspect) != told.end();
    };
    BOOST_TEST(net.run_until(suspected, 20s));
    net.forget(0, net.id(2));
    net.run_for(1min);
    auto const told = net.told(0, net.id(2));
    BOOST_TEST(std::ranges::count(told, event_kind::forgotten) == 1);
    // Whoever told of it since has brought it back, and then it has ended once more.
    BOOST_TEST(std::ranges::count(told, event_kind::gone) ==
               std::ranges::count(told, event_kind::found) - 1);
}

BOOST_AUTO_TEST_CASE(a_restart_arrives_without_a_departure)
{
    test::test_seed const seed(312);
    booked net(seed);
    net.add_many(4);
    net.start_all();
    net.run_for(5s);
    auto const before = net.now();
    net.restart(1);
    net.run_for(5s);
    BOOST_TEST(net.told(0, net.id(1), before) == kinds{event_kind::restarted}, per_element());
    BOOST_TEST(net.events(0).back().what.arrived());
}

BOOST_AUTO_TEST_CASE(names_of_ports_are_told_and_their_change_is_an_update)
{
    test::lone_engine chart;
    test::sim_ledger ledger;
    test::stranger other(1);
    other.record.service_ports = {8042, 8043, 8044};
    other.record.port_names = {"http", "admin"};
    chart.hear(other, message_type::hello);
    auto told = chart.heart.take_events();
    BOOST_TEST_REQUIRE(told.size() == 1U);
    BOOST_TEST((told[0].who.services == std::vector<service>{{"http", 8043}, {"admin", 8044}}));
    ledger.read(0, told, chart.heart);
    other.record.port_names = {"web", "admin"};
    ++other.record.sequence;
    chart.hear(other, message_type::hello);
    told = chart.heart.take_events();
    BOOST_TEST_REQUIRE(told.size() == 1U);
    BOOST_TEST(told[0].kind == event_kind::updated);
    BOOST_TEST(told[0].who.port("web").value() == 8043);
    BOOST_TEST(!told[0].who.port("http").has_value());
    ledger.read(0, told, chart.heart);
}

BOOST_AUTO_TEST_CASE(names_of_ports_travel_second_hand)
{
    test::test_seed const seed(313);
    booked net(seed);
    net.add({.service_ports = {80, 8042}, .port_names = {"http"}});
    net.add_many(8);
    net.start_all();
    net.run_for(5s);
    auto const late = net.add();
    net.cut(0, late); // it hears of the first by others only
    net.start(late);
    BOOST_TEST(net.run_until([&] { return net.knows(late, 0); }, 30s));
    BOOST_TEST(net.engine(late).describe(net.id(0))->port("http").value() == 8042);
}

BOOST_AUTO_TEST_SUITE_END()
