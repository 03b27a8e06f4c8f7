// SPDX-License-Identifier: BSL-1.0
#include "testing/scene.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

// What a user of rollcast::testing sees of a network in memory.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::unread_kinds;
using kinds = std::vector<event_kind>;

BOOST_FIXTURE_TEST_SUITE(testing_network, test::scene)

BOOST_AUTO_TEST_CASE(charts_find_each_other_in_no_time_at_all)
{
    auto const where = network.add_host();
    auto one = make(where, 1, {.service_ports = {8042}});
    auto other = make(network.add_host(), 2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    BOOST_TEST(comes_to(one, 2, 1s));
    BOOST_TEST(comes_to(other, 2, 1s));
    BOOST_TEST((network.elapsed() < 1s));
    BOOST_TEST(
        (other.addr_vec() ==
         std::vector{std::pair(std::uint64_t{1}, asio::ip::tcp::endpoint(where.address(), 8042))}));
}

BOOST_AUTO_TEST_CASE(time_passes_as_much_as_was_asked_for_and_no_more)
{
    auto one = make(network.add_host(), 1);
    auto const first = maintain(one);
    network.run_for(90min);
    BOOST_TEST((network.elapsed() == 90min));
    BOOST_TEST(!network.run_until([] { return false; }, 30min));
    BOOST_TEST((network.elapsed() == 120min));
    BOOST_TEST(network.run_until([] { return true; }, 30min));
    BOOST_TEST((network.elapsed() == 120min));
}

BOOST_AUTO_TEST_CASE(who_is_unplugged_is_gone_within_the_detection_time_and_returns)
{
    auto one = make(network.add_host(), 1);
    auto where = network.add_host();
    auto other = make(where, 2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    BOOST_REQUIRE(comes_to(one, 2, 1s));
    network.run_for(1min);
    where.unplug();
    auto const since = network.elapsed();
    BOOST_TEST(comes_to(one, 1, 1min));
    BOOST_TEST((network.elapsed() - since <= 10s));
    where.plug_in();
    BOOST_TEST(comes_to(one, 2, 10s));
    BOOST_TEST(comes_to(other, 2, 10s));
}

BOOST_AUTO_TEST_CASE(halves_that_were_parted_know_themselves_only_until_they_are_healed)
{
    std::vector<testing::host> west{network.add_host(), network.add_host()};
    std::vector<testing::host> east{network.add_host(), network.add_host()};
    std::vector<chart> charts;
    for (std::uint64_t id = 0; id < 4; ++id)
        charts.push_back(make(id < 2 ? west[id] : east[id - 2], id));
    std::vector<std::future<void>> running;
    for (auto& each : charts)
        running.push_back(maintain(each));
    auto const all_are = [&](std::size_t size) {
        return [&charts, size] {
            return std::ranges::all_of(charts, [&](auto& each) { return each.size() == size; });
        };
    };
    BOOST_TEST(network.run_until(all_are(4), 2s));
    network.part(west, east);
    BOOST_TEST(network.run_until(all_are(2), 20s));
    network.heal();
    BOOST_TEST(network.run_until(all_are(4), 1min));
}

BOOST_AUTO_TEST_CASE(a_cut_stops_one_direction_only)
{
    auto const west = network.add_host();
    auto const east = network.add_host();
    auto one = make(west, 1);
    auto other = make(east, 2);
    network.cut(west, east);
    auto const first = maintain(one);
    auto const second = maintain(other);
    network.run_for(5s);
    auto const heard_by = [](chart const& which) { return which.counters().received; };
    // What is said stays on the own host as well, and is no message of another one.
    BOOST_TEST(heard_by(other) == 0U);
    BOOST_TEST(heard_by(one) > 0U);
}

BOOST_AUTO_TEST_CASE(loss_of_a_third_makes_nobody_gone)
{
    std::vector<chart> charts;
    for (std::uint64_t id = 0; id < 10; ++id)
        charts.push_back(make(network.add_host(), id));
    network.set_conditions({.delay = 5ms, .jitter = 5ms, .loss = 0.3});
    auto events = charts[0].notify();
    std::vector<std::future<void>> running;
    for (auto& each : charts)
        running.push_back(maintain(each));
    BOOST_TEST(comes_to(charts[0], 10, 5s));
    network.run_for(10min);
    for (auto const kind : unread_kinds(events))
        BOOST_TEST((kind == event_kind::found || kind == event_kind::updated));
}

BOOST_AUTO_TEST_CASE(what_is_lost_altogether_is_never_heard)
{
    network.set_conditions({.loss = 1});
    auto one = make(network.add_host(), 1);
    auto other = make(network.add_host(), 2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    network.run_for(1min);
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(other.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_takes_long_is_heard_late)
{
    network.set_conditions({.delay = 700ms});
    auto one = make(network.add_host(), 1);
    auto other = make(network.add_host(), 2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    network.run_for(699ms);
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(comes_to(one, 2, 5s));
}

BOOST_AUTO_TEST_CASE(conditions_that_cannot_be_are_refused)
{
    BOOST_CHECK_THROW(network.set_conditions({.loss = 1.1}), std::invalid_argument);
    BOOST_CHECK_THROW(network.set_conditions({.loss = -0.1}), std::invalid_argument);
    BOOST_CHECK_THROW(network.set_conditions({.loss = std::numeric_limits<double>::quiet_NaN()}),
                      std::invalid_argument);
    BOOST_CHECK_THROW(network.set_conditions({.delay = -1ms}), std::invalid_argument);
    BOOST_CHECK_THROW(network.set_conditions({.jitter = -1ms}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(charts_of_one_host_have_ports_of_their_own_and_share_its_address)
{
    auto const where = network.add_host();
    auto one = make(where, 1, {.unicast_port = {40000, 40001}});
    auto other = make(where, 2, {.unicast_port = {40000, 40001}});
    auto third = make(where, 3, {.unicast_port = {40000, 40001}});
    auto const first = maintain(one);
    auto const second = maintain(other);
    network.run_for(1s);
    BOOST_TEST(one.size() == 2U);
    auto left_over = maintain(third);
    network.run_for(1s);
    BOOST_TEST((test::ended(left_over) == error::unicast_ports_taken));
}

BOOST_AUTO_TEST_CASE(charts_that_look_on_their_own_host_only_meet_there)
{
    auto const here = network.add_host();
    chart_config local;
    local.local_discovery = true;
    auto one = make(here, 1, local);
    auto other = make(here, 2, local);
    auto stranger = make(network.add_host(), 3);
    std::vector<std::future<void>> running;
    for (auto* each : {&one, &other, &stranger})
        running.push_back(maintain(*each));
    network.run_for(1min);
    BOOST_TEST(one.size() == 2U);
    BOOST_TEST(stranger.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_may_not_leave_the_host_by_its_hop_limit_stays)
{
    auto const here = network.add_host();
    auto one = make(here, 1, {.hop_limit = 0});
    auto other = make(here, 2, {.hop_limit = 0});
    auto third = make(network.add_host(), 3, {.hop_limit = 0});
    std::vector<std::future<void>> running;
    for (auto* each : {&one, &other, &third})
        running.push_back(maintain(*each));
    network.run_for(1min);
    BOOST_TEST(one.size() == 2U);
    BOOST_TEST(third.size() == 1U);
}

BOOST_AUTO_TEST_CASE(times_of_a_chart_are_those_of_its_network)
{
    auto one = make(network.add_host(), 1);
    auto other = make(network.add_host(), 2, {.observer = true});
    auto const first = maintain(one);
    auto const second = maintain(other);
    network.run_for(1s);
    BOOST_TEST(one.observers() == 1U);
    BOOST_TEST((network.now() - other.find(1)->last_heard < 2s));
    network.run_for(1h);
    BOOST_TEST((network.now() - other.find(1)->first_heard > 59min));
}

BOOST_AUTO_TEST_CASE(without_a_limit_it_goes_on_until_the_condition_holds)
{
    auto one = make(network.add_host(), 1);
    auto other = make(network.add_host(), 2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    BOOST_TEST(comes_to(one, 2, std::chrono::nanoseconds::max()));
    BOOST_TEST((network.elapsed() < 1s));
    network.set_conditions({.delay = std::chrono::nanoseconds::max(), .jitter = 1h});
    network.run_for(1min);
    BOOST_TEST(one.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_service_that_stops_the_context_stops_the_time)
{
    asio::post(context, [&] { context.stop(); });
    network.run_for(1h);
    BOOST_TEST((network.elapsed() == 0s));
    network.run_for(1h);
    BOOST_TEST((network.elapsed() == 1h));
}

BOOST_AUTO_TEST_CASE(it_does_not_run_within_itself)
{
    bool refused = false;
    asio::post(context, [&] {
        try {
            network.run_for(1s);
        } catch (std::logic_error const&) {
            refused = true;
        }
    });
    network.run_for(1s);
    BOOST_TEST(refused);
    network.run_for(1s); // that it was refused is over
}

BOOST_AUTO_TEST_CASE(charts_that_meet_elsewhere_do_not_meet)
{
    auto one = make(network.add_host(), 1);
    auto by_port = make(network.add_host(), 2, {.discovery_port = 8081, .backup_ports = {}});
    chart_config moved;
    moved.group_v4 = asio::ip::make_address_v4("239.1.2.3");
    moved.group_v6.reset();
    auto by_group = make(network.add_host(), 3, moved);
    std::vector<std::future<void>> running;
    for (auto* each : {&one, &by_port, &by_group})
        running.push_back(maintain(*each));
    network.run_for(1min);
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(by_port.size() == 1U);
    BOOST_TEST(by_group.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_chart_with_one_ip_version_meets_those_with_both)
{
    auto both = make(network.add_host(), 1);
    chart_config v4;
    v4.group_v6.reset();
    chart_config v6;
    v6.group_v4.reset();
    auto old = make(network.add_host(), 2, v4);
    auto young = make(network.add_host(), 3, v6);
    std::vector<std::future<void>> running;
    for (auto* each : {&both, &old, &young})
        running.push_back(maintain(*each));
    BOOST_TEST(comes_to(both, 3, 5s));
    BOOST_TEST(old.groups().size() == 1U);
    BOOST_TEST(both.groups().size() == 2U);
}

namespace {

/// When each of three charts heard of what, in the order of the clock.
std::string history(std::uint64_t seed)
{
    std::ostringstream all;
    asio::io_context context;
    testing::network network(context, seed);
    network.set_conditions({.delay = 2ms, .jitter = 8ms, .loss = 0.2});
    std::vector<chart> charts;
    std::vector<notifications> readers;
    for (std::uint64_t id = 0; id < 3; ++id) {
        charts.emplace_back(context.get_executor(), network.add_host().place({.id = id}));
        readers.push_back(charts.back().notify());
        asio::co_spawn(context, charts.back().maintain(), asio::detached);
    }
    for (int step = 0; step < 2000; ++step) {
        network.run_for(1ms);
        for (auto& each : readers)
            for (auto const& what : test::unread(each))
                all << network.elapsed().count() << ' ' << to_string(what.kind) << what.who.id
                    << '\n';
    }
    for (auto const& each : charts)
        all << each.counters().sent << ' ';
    return all.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(one_seed_leads_to_one_history)
{
    BOOST_TEST(history(7) == history(7));
    BOOST_TEST(history(7) != history(8));
}

BOOST_AUTO_TEST_CASE(a_host_outlives_the_context_of_its_charts)
{
    std::optional<testing::host> kept;
    {
        asio::io_context brief;
        testing::network around(brief);
        kept = around.add_host();
        chart one(brief.get_executor(), kept->place({.id = 1}));
        asio::co_spawn(brief, one.maintain(), asio::detached);
        around.run_for(1s);
    }
    kept.reset();
}

BOOST_AUTO_TEST_CASE(charts_outlive_their_network_and_its_time_stands_still)
{
    auto short_lived = std::make_unique<testing::network>(context);
    chart one(context.get_executor(), short_lived->add_host().place({.id = 1}));
    auto const first = maintain(one);
    short_lived->run_for(1s);
    short_lived.reset();
    context.restart();
    context.poll();
    BOOST_TEST(one.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
