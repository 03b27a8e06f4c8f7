// SPDX-License-Identifier: BSL-1.0
#include "support/sim_at_rest.hpp"
#include "support/sim_hearing.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <vector>

// Links on which not everybody hears everybody: isolated clients of an access point, private VLANs,
// chains of repeaters, hidden nodes.

using namespace rollcast;
using namespace std::chrono_literals;
using test::cast;
using test::delay;
using test::detection_time;
using test::simulated_config;
using test::simulated_network;
using test::times_told_since;

namespace {

std::size_t const seeds = test::shortening() == 1 ? 3 : 1;

/// Until everybody has found out whom it reaches, and who watches it.
constexpr auto settling_time = 4min;

auto const rest_time = test::shortening() == 1 ? 10min : 2min;

/// What tells that somebody came, went or is in doubt.
constexpr std::array false_at_rest{
    event_kind::found,    event_kind::suspect,   event_kind::refuted,    event_kind::gone,
    event_kind::returned, event_kind::restarted, event_kind::id_conflict};

using restriction = std::function<void(simulated_network&)>;

/// Detection times.
struct limits {
    std::chrono::milliseconds of_first = detection_time;
    std::chrono::milliseconds of_others = of_first;
};

struct restricted : simulated_network {
    restricted(std::uint64_t seed, std::size_t instances, double loss, restriction const& how,
               limits limit = {})
        : simulated_network(seed)
    {
        add_segment({.delay = delay, .loss = loss});
        simulated_config config;
        config.detection_time = limit.of_first;
        add_many(1, config);
        config.detection_time = limit.of_others;
        add_many(instances - 1, config);
        how(*this);
        start_all();
        run_for(settling_time);
    }

    bool hears_directly(std::size_t who, std::size_t other) const
    {
        return hears(who, other, cast::multicast) || hears(who, other, cast::unicast);
    }

    bool charts(std::size_t who, std::size_t other)
    {
        return engine(who).describe(id(other)).has_value();
    }
};

restriction both_ways(test::hearing heard)
{
    return [heard](simulated_network& net) { test::restrict_hearing(net, heard); };
}

restriction only(cast which, test::hearing heard)
{
    return [which, heard](simulated_network& net) { test::restrict_hearing(net, heard, which); };
}

std::size_t false_events(simulated_network const& net, test::time_point since)
{
    std::size_t all = 0;
    for (auto const kind : false_at_rest)
        all += times_told_since(net, kind, since);
    return all;
}

std::ptrdiff_t accusations_among_the_first(simulated_network const& net, std::size_t instances,
                                           test::time_point since)
{
    auto const accuses = [&](test::dated_event const& each) {
        auto const kind = each.what.kind;
        for (std::size_t who = 0; who < instances; ++who)
            if (each.what.who.id == net.id(who))
                return each.at >= since &&
                       (kind == event_kind::suspect || kind == event_kind::gone);
        return false;
    };
    std::ptrdiff_t all = 0;
    for (std::size_t who = 0; who < instances; ++who)
        all += std::ranges::count_if(net.events(who), accuses);
    return all;
}

/// Everybody charts all whom it hears itself.
void check_charts(restricted& net)
{
    for (std::size_t who = 0; who < net.count(); ++who)
        for (std::size_t other = 0; other < net.count(); ++other)
            if (who != other && net.hears_directly(who, other))
                BOOST_TEST(net.charts(who, other), who << " does not chart " << other);
}

void let_rest(std::uint64_t seed, std::size_t instances, double loss, restriction const& how,
              limits limit = {})
{
    test::test_seed const used(seed);
    restricted net(used, instances, loss, how, limit);
    auto const before = net.now();
    // Nobody is accused while all find out who hears whom, either.
    if (loss == 0) {
        BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    }
    auto const multicasts = net.total_traffic().multicasts;
    std::vector<std::uint64_t> received;
    for (std::size_t who = 0; who < net.count(); ++who)
        received.push_back(net.traffic_of(who).received);
    net.run_for(rest_time);
    auto const seconds = std::chrono::duration<double>(rest_time).count();
    BOOST_TEST(times_told_since(net, event_kind::gone, before) == 0U);
    if (loss <= 0.1) // with more of it a suspicion has to be refuted now and then
        BOOST_TEST(false_events(net, before) == 0U);
    BOOST_TEST(static_cast<double>(net.total_traffic().multicasts - multicasts) / seconds <= 4);
    double most = 0;
    for (std::size_t who = 0; who < net.count(); ++who) {
        auto const heard = static_cast<double>(net.traffic_of(who).received - received[who]);
        most = std::max(most, heard / seconds);
    }
    BOOST_TEST(most <= (loss == 0 ? 6 : 7.5)); // what is lost is asked for again
    BOOST_TEST_MESSAGE(
        "suspect " << times_told_since(net, event_kind::suspect, before) << ", gone "
                   << times_told_since(net, event_kind::gone, before) << ", received " << most
                   << "/s, multicast "
                   << static_cast<double>(net.total_traffic().multicasts - multicasts) / seconds
                   << "/s");
    check_charts(net);
}

void let_rest_often(std::uint64_t first, std::size_t instances, restriction const& how)
{
    for (auto const loss : {0.0, 0.1, 0.3})
        for (auto const seed : test::test_seeds(first, seeds))
            BOOST_TEST_CONTEXT("at a loss of " << loss)
    let_rest(seed, instances, loss, how);
}

} // namespace

BOOST_AUTO_TEST_SUITE(partial_hearing)

BOOST_AUTO_TEST_CASE(eight_isolated_clients_of_an_access_point_rest)
{
    let_rest_often(5100, 9, both_ways(test::by_hub));
}

BOOST_AUTO_TEST_CASE(twenty_isolated_clients_of_an_access_point_rest)
{
    let_rest_often(5200, 21, both_ways(test::by_hub));
}

BOOST_AUTO_TEST_CASE(the_fewest_seconds_of_detection_do_not_overwhelm_an_access_point)
{
    for (std::size_t const instances : {9U, 13U, 21U, 41U})
        for (auto const limit : {3'000ms, 5'000ms})
            BOOST_TEST_CONTEXT(instances << " with a detection time of " << limit.count() << " ms")
    let_rest(5250, instances, 0, both_ways(test::by_hub), {limit});
}

BOOST_AUTO_TEST_CASE(an_access_point_and_its_clients_may_have_different_detection_times)
{
    for (std::size_t const instances : {9U, 21U, 41U})
        for (auto const& [hub, clients] :
             {limits{3s, 10s}, limits{10s, 3s}, limits{3s, 60s}, limits{60s, 3s}, limits{5s, 4s}})
            BOOST_TEST_CONTEXT(instances << " with detection times of " << hub.count() << " and "
                                         << clients.count() << " ms")
    let_rest(5270, instances, 0, both_ways(test::by_hub), {hub, clients});
}

BOOST_AUTO_TEST_CASE(those_who_look_at_an_access_point_of_many_do_not_overwhelm_it)
{
    test::test_seed const seed(5290);
    restricted net(seed, 41, 0, [](simulated_network& all) {
        all.add_many(8, {.detection_time = 5s, .observer = true});
        test::restrict_hearing(all, test::by_hub);
    });
    auto const before = net.traffic_of(0).received;
    net.run_for(rest_time);
    BOOST_TEST(test::per_second(net.traffic_of(0).received - before, rest_time) <= 6);
    for (std::size_t who = 41; who < net.count(); ++who)
        BOOST_TEST(net.charts(who, 0));
}

BOOST_AUTO_TEST_CASE(whoever_hears_nobody_any_more_charts_nobody)
{
    for (auto const each : test::test_seeds(5295, seeds)) {
        test::test_seed const seed(each);
        restricted net(seed, 8, 0, both_ways(test::in_chain));
        net.heal();
        net.run_for(1min); // so that all are charted by all
        test::restrict_hearing(net, test::in_chain);
        net.crash(1);
        net.run_for(20min);
        BOOST_TEST(net.engine(0).size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(clients_that_are_isolated_later_do_not_chart_each_other_for_ever)
{
    for (auto const each : test::test_seeds(5298, seeds)) {
        test::test_seed const seed(each);
        restricted net(seed, 9, 0, [](simulated_network&) {});
        BOOST_TEST(net.all_know_all());
        test::restrict_hearing(net, test::by_hub);
        net.run_for(30min);
        BOOST_TEST(net.engine(0).size() == 9U);
        for (std::size_t client = 1; client < 9; ++client)
            BOOST_TEST(net.engine(client).size() == 2U);
    }
}

BOOST_AUTO_TEST_CASE(clients_that_stay_when_most_others_leave_are_not_accused)
{
    for (auto const each : test::test_seeds(5280, seeds))
        for (std::size_t const staying : {2U, 5U, 20U})
            for (bool const crash : {false, true}) {
                test::test_seed const seed(each);
                restricted net(seed, 41, 0, both_ways(test::by_hub));
                auto const before = net.now();
                for (std::size_t who = staying; who < 41; ++who)
                    crash ? net.crash(who) : net.leave(who);
                net.run_for(1min);
                BOOST_TEST(net.engine(0).size() == staying);
                BOOST_TEST(accusations_among_the_first(net, staying, before) == 0);
            }
}

BOOST_AUTO_TEST_CASE(clients_that_hear_each_other_by_unicast_only_rest)
{
    let_rest_often(5300, 9, only(cast::multicast, test::by_hub));
    let_rest_often(5310, 21, only(cast::multicast, test::by_hub));
}

BOOST_AUTO_TEST_CASE(clients_that_hear_each_other_by_multicast_only_rest)
{
    // With more loss a second opinion may be missing, and a suspicion has to be refuted.
    for (auto const loss : {0.0, 0.1})
        for (auto const seed : test::test_seeds(5350, seeds))
            let_rest(seed, 9, loss, only(cast::unicast, test::by_hub));
}

// A firewall may know the port of the group only.
BOOST_AUTO_TEST_CASE(those_that_hear_each_other_by_multicast_only_rest)
{
    auto const nobody = [](std::size_t, std::size_t) { return false; };
    for (auto const loss : {0.0, 0.1})
        for (auto const instances : {2U, 5U, 9U, 40U})
            for (auto const seed : test::test_seeds(5370, seeds))
                BOOST_TEST_CONTEXT(instances << " at a loss of " << loss)
    let_rest(seed, instances, loss, only(cast::unicast, nobody));
}

// One answers it, and tells it of others that it hears, and that never answer.
BOOST_AUTO_TEST_CASE(one_that_looks_on_where_most_hear_multicast_only_accuses_nobody)
{
    for (auto const each : test::test_seeds(5380, seeds)) {
        test::test_seed const seed(each);
        restricted net(seed, 9, 0, [&](simulated_network& all) {
            all.add_many(4, {.detection_time = 3s, .observer = true});
            test::restrict_hearing(all, test::by_hub, cast::unicast);
        });
        net.run_for(rest_time);
        BOOST_TEST(net.engine(9).size() == 9U);
        for (auto const kind : {event_kind::suspect, event_kind::gone, event_kind::returned})
            BOOST_TEST(net.times_told(kind) == 0U);
        auto const before = net.total_traffic().multicasts;
        net.run_for(rest_time);
        BOOST_TEST(test::per_second(net.total_traffic().multicasts - before, rest_time) <= 4);
    }
}

BOOST_AUTO_TEST_CASE(one_that_is_heard_and_hears_nobody_rests)
{
    auto const deaf = [](std::size_t, std::size_t to) { return to != 1; };
    for (auto const loss : {0.0, 0.1})
        for (auto const instances : {2U, 3U, 4U, 9U})
            for (auto const detection : {3s, 10s})
                for (auto const seed : test::test_seeds(5390, seeds))
                    BOOST_TEST_CONTEXT(instances << " at a loss of " << loss)
    let_rest(seed, instances, loss, both_ways(deaf), {detection});
}

BOOST_AUTO_TEST_CASE(a_chain_of_repeaters_rests)
{
    let_rest_often(5400, 8, both_ways(test::in_chain));
}

BOOST_AUTO_TEST_CASE(two_cells_that_share_two_members_rest)
{
    let_rest_often(5500, 14, both_ways(test::in_cells(6)));
}

BOOST_AUTO_TEST_CASE(one_that_hears_no_multicast_rests)
{
    let_rest_often(5600, 10,
                   only(cast::multicast, [](std::size_t, std::size_t to) { return to != 3; }));
}

BOOST_AUTO_TEST_CASE(one_that_nobody_hears_by_multicast_rests)
{
    let_rest_often(5650, 10,
                   only(cast::multicast, [](std::size_t from, std::size_t) { return from != 3; }));
}

BOOST_AUTO_TEST_CASE(an_isolated_client_counts_itself_and_the_access_point)
{
    for (auto const each : test::test_seeds(5700, seeds)) {
        test::test_seed const seed(each);
        restricted net(seed, 9, 0, both_ways(test::by_hub));
        BOOST_TEST(net.engine(0).size() == 9U);
        for (std::size_t client = 1; client < 9; ++client) {
            BOOST_TEST(net.engine(client).size() == 2U);
            BOOST_TEST(net.engine(client).snapshot().size() == 1U);
        }
        BOOST_TEST(net.all_agree(0)); // so that no difference is looked for
    }
}

BOOST_AUTO_TEST_CASE(clients_that_hear_each_other_again_are_reachable)
{
    test::test_seed const seed(5710);
    restricted net(seed, 9, 0, both_ways(test::by_hub));
    net.heal();
    // The last one is asked again after 16 D at most.
    net.run_for(18 * detection_time);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::unreachable) == 56U);
    BOOST_TEST(net.times_told(event_kind::reachable) == 56U);
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
}

BOOST_AUTO_TEST_CASE(the_crash_of_an_isolated_client_is_told_to_the_access_point_in_time)
{
    for (auto const each : test::test_seeds(5720, 5)) {
        test::test_seed const seed(each);
        restricted net(seed, 21, 0, both_ways(test::by_hub));
        auto const before = net.now();
        net.crash(7);
        net.run_for(detection_time);
        BOOST_TEST(!net.charts(0, 7));
        net.run_for(1min);
        BOOST_TEST(times_told_since(net, event_kind::gone, before, net.id(7)) == 0U);
        BOOST_TEST(net.engine(0).size() == 20U);
        BOOST_TEST(net.all_agree(0));
    }
}

BOOST_AUTO_TEST_CASE(an_access_point_of_many_takes_longer_only_where_it_would_be_overwhelmed)
{
    // So many clients, each heard every so many beat intervals: gone 1.75 intervals after the next.
    struct row {
        std::size_t instances;
        std::chrono::milliseconds limit;
        double detection_times;
    };
    for (auto const& [instances, limit, detection_times] :
         {row{9, 3s, 1}, row{13, 5s, 1}, row{21, 5s, 5.0 / 4}, row{21, 10s, 1},
          row{41, 3s, 14.0 / 4}})
        for (auto const each : test::test_seeds(5760, 5)) {
            test::test_seed const seed(each);
            restricted net(seed, instances, 0, both_ways(test::by_hub), {limit});
            net.crash(7);
            auto const within = std::chrono::duration<double>(limit) * detection_times;
            net.run_for(std::chrono::duration_cast<std::chrono::milliseconds>(within));
            BOOST_TEST(!net.charts(0, 7),
                       instances << " with a detection time of " << limit.count() << " ms");
        }
}

BOOST_AUTO_TEST_CASE(the_crash_of_the_access_point_is_told_to_all_clients_in_time)
{
    for (auto const each : test::test_seeds(5730, 5)) {
        test::test_seed const seed(each);
        restricted net(seed, 9, 0, both_ways(test::by_hub));
        net.crash(0);
        net.run_for(2 * detection_time);
        for (std::size_t client = 1; client < 9; ++client)
            BOOST_TEST(!net.charts(client, 0));
    }
}

BOOST_AUTO_TEST_CASE(the_crash_at_the_end_of_a_chain_is_known_at_the_other_end)
{
    for (auto const each : test::test_seeds(5740, 5)) {
        test::test_seed const seed(each);
        restricted net(seed, 8, 0, both_ways(test::in_chain));
        auto const before = net.now();
        net.crash(7);
        net.run_for(detection_time);
        BOOST_TEST(!net.charts(6, 7));
        net.run_for(7s); // a second for each further link of the chain
        for (std::size_t who = 0; who < 7; ++who)
            BOOST_TEST(!net.knows(who, 7));
        BOOST_TEST(times_told_since(net, event_kind::gone, before, net.id(7)) == 0U);
    }
}

/// A wire for the first four, of which one is an access point, and radio, where all are.
struct wire_and_radio : simulated_network {
    static constexpr std::size_t wired = 4;
    static constexpr std::size_t all = 9;

    wire_and_radio(std::uint64_t seed, test::hearing const& by_radio) : simulated_network(seed)
    {
        add_segment({.delay = delay});
        add_segment({.delay = delay});
        add_many(wired, {.segments = {0, 1}});
        add_many(all - wired, {.segments = {1}});
        test::restrict_hearing_on(*this, 1, by_radio);
        start_all();
        run_for(settling_time);
        for (std::size_t who = 0; who < all; ++who)
            for (std::size_t other = 0; other < all; ++other)
                if (bool const meet = (who < wired && other < wired) || by_radio(who, other);
                    who != other && meet)
                    BOOST_TEST(knows(who, other), who << " does not chart " << other);
    }
};

BOOST_AUTO_TEST_CASE(hosts_on_a_wire_and_on_radio_where_not_all_hear_each_other_are_calm)
{
    for (auto const& by_radio : {test::hearing(test::by_hub), test::hearing(test::in_chain)}) {
        test::test_seed const seed(5330);
        wire_and_radio net(seed, by_radio);
        BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
        test::check_calm(net, 2, detection_time, rest_time);
    }
}

// Its neighbours hear it on both links, and others on one or by hearsay.
BOOST_AUTO_TEST_CASE(whoever_dies_on_a_wire_and_on_radio_is_gone_for_those_that_heard_it_in_time)
{
    for (auto const& by_radio : {test::hearing(test::by_hub), test::hearing(test::in_chain)})
        for (std::size_t const dead : {std::size_t{1}, wire_and_radio::wired - 1}) {
            test::test_seed const seed(5340 + dead);
            wire_and_radio net(seed, by_radio);
            net.crash(dead);
            net.run_for(detection_time + 1s);
            for (std::size_t who = 0; who < wire_and_radio::wired; ++who)
                if (who != dead)
                    BOOST_TEST(!net.knows(who, dead), who << " still charts " << dead);
            for (std::size_t who = 0; who < wire_and_radio::wired; ++who)
                for (std::size_t other = 0; other < wire_and_radio::wired; ++other)
                    if (who != other && who != dead && other != dead)
                        BOOST_TEST(net.knows(who, other), who << " does not chart " << other);
        }
}

BOOST_AUTO_TEST_SUITE_END()
