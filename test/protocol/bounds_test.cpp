// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <malloc.h>
#include <map>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::lone_engine;
using test::on_its_own_host;
using test::simulated_network;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

/// A listener, in whose chart those that have proven nothing take the room of four.
struct three_links : lone_engine {
    three_links() : lone_engine(16)
    {
        heart.set_links({on(3), on(4), on(5)}, now);
        heart.start_withdrawn(now);
    }

    stranger greet(std::uint64_t id, unsigned link)
    {
        stranger who(id);
        who.link = link;
        hear(who, message_type::hello);
        return who;
    }

    void fill(std::uint64_t proven)
    {
        for (std::uint64_t id = 300; id < 300 + proven; ++id)
            hear_proof(greet(id, 5));
        for (std::uint64_t const id : {100U, 101U})
            for (unsigned const link : {3U, 4U})
                greet(id, link);
        greet(102, 3); // the first one for which they have to be counted
    }

    /// While link 4 changes so many times; nobody is heard until it is forgotten.
    void lose_link_5(unsigned changes)
    {
        for (unsigned change = 0; change < changes; ++change) {
            auto const moved = asio::ip::make_address_v4(0x0a000400 + change);
            heart.set_links({on(3), on(4, {{moved, 24}})}, now);
        }
        pass(110s);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_bounds)

BOOST_AUTO_TEST_CASE(a_full_chart_refuses_new_ones_and_keeps_those_it_knows)
{
    lone_engine full(2);
    full.hear(stranger(1), message_type::hello);
    full.hear(stranger(2), message_type::hello);
    full.hear(stranger(3), message_type::hello);
    stranger changed(1);
    changed.record.sequence = 1;
    changed.record.data = test::bytes_of("still heard");
    full.hear(changed, message_type::hello);
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::found, event_kind::chart_full,
                                     event_kind::updated}),
               per_element());
    BOOST_TEST(full.heart.size() == 3U);
    BOOST_TEST(!full.heart.describe(3).has_value());
    BOOST_TEST(full.heart.counters().refused == 1U);
}

BOOST_AUTO_TEST_CASE(those_that_have_proven_nothing_take_a_quarter_of_the_room)
{
    lone_engine chart(64);
    for (std::uint64_t id = 100; id < 200; ++id)
        chart.hear(stranger(id), message_type::hello);
    BOOST_TEST(chart.heart.size() == 1U + 16U);
    BOOST_TEST(chart.heart.counters().refused == 84U);
    // One that answers makes room for another one.
    chart.hear_proof(stranger(100));
    chart.hear(stranger(200), message_type::hello);
    chart.hear(stranger(201), message_type::hello);
    BOOST_TEST(chart.heart.size() == 1U + 17U);
}

BOOST_AUTO_TEST_CASE(those_that_have_proven_themselves_take_all_of_it)
{
    lone_engine chart(64);
    for (std::uint64_t id = 100; id < 200; ++id) {
        chart.hear(stranger(id), message_type::hello);
        chart.hear_proof(stranger(id));
    }
    BOOST_TEST(chart.heart.size() == 1U + 64U);
}

BOOST_AUTO_TEST_CASE(on_two_links_those_that_have_proven_nothing_take_as_much_as_on_one)
{
    lone_engine chart(40);
    chart.heart.set_links({lone_engine::on(3), lone_engine::on(4)}, chart.now);
    chart.settle_in();
    for (std::uint64_t id = 100; id < 130; ++id)
        for (unsigned const link : {3U, 4U}) {
            stranger who(id);
            who.link = link;
            chart.hear(who, message_type::hello);
        }
    BOOST_TEST(chart.heart.size() == 1U + 10U);
}

// Each link counts its own changes, and takes what it has counted along when it is forgotten.
BOOST_AUTO_TEST_CASE(once_a_link_is_forgotten_strangers_have_the_room_that_they_had)
{
    for (std::uint64_t proven = 1; proven < 9; ++proven)
        for (unsigned changes = 1; changes < 5; ++changes) {
            three_links chart;
            chart.fill(proven);
            chart.lose_link_5(changes);
            BOOST_TEST(chart.heart.size() == 1U);
            for (std::uint64_t id = 200; id < 205; ++id)
                chart.greet(id, 3);
            BOOST_TEST(chart.heart.size() == 1U + 4U);
        }
}

BOOST_AUTO_TEST_CASE(in_a_small_chart_four_need_not_prove_themselves)
{
    lone_engine chart(8);
    for (std::uint64_t id = 100; id < 200; ++id)
        chart.hear(stranger(id), message_type::hello);
    BOOST_TEST(chart.heart.size() == 1U + 4U);
}

BOOST_AUTO_TEST_CASE(when_others_are_turned_away_those_that_answer_nothing_make_room)
{
    lone_engine chart(64);
    chart.settle_in();
    for (std::uint64_t id = 100; id < 116; ++id) {
        stranger silent(id);
        silent.record.beat_interval = 15min;
        chart.hear(silent, message_type::hello);
    }
    std::size_t let_in = 0;
    for (std::uint64_t id = 200; id < 210; ++id) {
        for (int attempt = 0; attempt < 40 && !chart.heart.describe(id); ++attempt) {
            chart.hear(stranger(id), message_type::hello);
            chart.pass(100ms);
        }
        chart.hear_proof(stranger(id));
        let_in += chart.heart.describe(id).has_value();
        for (std::uint64_t known = 200; known < id; ++known)
            chart.hear_proof(stranger(known));
    }
    BOOST_TEST(let_in == 10U);
}

BOOST_AUTO_TEST_CASE(before_they_make_room_each_of_them_is_asked)
{
    for (bool const observes : {false, true}) {
        lone_engine chart(64);
        if (observes)
            chart.heart.observe(chart.now);
        else
            chart.settle_in();
        for (std::uint64_t id = 100; id < 117; ++id) // of whom the last one is turned away
            chart.hear(on_its_own_host(id), message_type::hello);
        chart.sent();
        chart.pass(450ms); // four each 100 ms
        std::map<asio::ip::address, int> asked;
        for (auto const& each : chart.sent(message_type::ping))
            ++asked[each.how.to->address()];
        for (std::uint64_t id = 100; id < 116; ++id)
            BOOST_TEST(asked[on_its_own_host(id).source.address()] >= 1,
                       id << (observes ? " by an observer" : ""));
    }
}

BOOST_AUTO_TEST_CASE(one_host_cannot_bring_up_ids_without_end)
{
    lone_engine chart(65'536);
    for (std::uint64_t id = 100; id < 10'000; ++id)
        chart.hear(stranger(id), message_type::hello);
    BOOST_TEST(chart.heart.size() == 1U + 1024U);
    BOOST_TEST(chart.heart.counters().refused == 9900U - 1024U);
}

BOOST_AUTO_TEST_CASE(a_restart_finds_room_in_a_full_chart)
{
    lone_engine full(1);
    full.settle_in();
    full.hear(stranger(1, 1), message_type::hello);
    stranger restarted(1, 2);
    restarted.who.incarnation = 2000;
    full.hear(restarted, message_type::hello);
    full.pass(300ms);
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::restarted}), per_element());
}

BOOST_AUTO_TEST_CASE(that_the_chart_is_full_is_told_once_a_minute)
{
    lone_engine full(1);
    auto const try_many = [&] {
        full.hear(stranger(1), message_type::hello);
        for (std::uint64_t id = 2; id < 20; ++id)
            full.hear(stranger(id), message_type::hello);
    };
    try_many();
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::chart_full}), per_element());
    for (int second = 0; second < 59; ++second) {
        full.pass(1s);
        try_many();
    }
    BOOST_TEST(full.news().empty());
    full.pass(1s);
    try_many();
    BOOST_TEST(full.news() == kinds{event_kind::chart_full}, per_element());
}

BOOST_AUTO_TEST_CASE(there_is_room_again_when_somebody_left_or_is_gone)
{
    lone_engine full(1);
    full.settle_in();
    full.hear(stranger(1), message_type::hello);
    full.hear(stranger(1), message_type::bye);
    full.hear(stranger(2), message_type::hello);
    full.hear_proof(stranger(2));
    full.pass(10s);
    full.hear(stranger(3), message_type::hello);
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::left, event_kind::found,
                                     event_kind::suspect, event_kind::gone, event_kind::found}),
               per_element());
}

BOOST_AUTO_TEST_CASE(somebody_gone_cannot_return_to_a_full_chart)
{
    lone_engine full(1);
    full.settle_in();
    full.hear(stranger(1), message_type::hello);
    full.pass(10s);
    full.hear(stranger(2), message_type::hello);
    stranger objects(1);
    ++objects.who.incarnation;
    full.hear(objects, message_type::hello);
    BOOST_TEST(full.heart.size() == 2U);
    BOOST_TEST(full.heart.describe(2).has_value());
}

BOOST_AUTO_TEST_CASE(a_chart_for_nobody_charts_nobody)
{
    lone_engine none(0);
    none.hear(stranger(1), message_type::hello);
    none.hear(stranger(1), message_type::bye);
    BOOST_TEST(none.heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_ids_that_come_and_go_leave_bounded_traces)
{
    lone_engine chart(64);
    for (std::uint64_t id = 1; id <= 100'000; ++id) {
        stranger passing(id + 100);
        passing.record.beat_interval = 15min;
        chart.hear(passing, message_type::hello);
        chart.hear(passing, message_type::bye);
        chart.heart.take_events();
        chart.now += 20ms;
    }
    auto const& known = chart.heart.segments().front()->known();
    BOOST_TEST(chart.heart.size() == 1U);
    BOOST_TEST(known.dead().size() == detail::tombstones::capacity);
    chart.heart.listen_only(chart.now);
    chart.pass(24h);
    BOOST_TEST(known.dead().size() == 0U);
    BOOST_TEST(!chart.heart.next_deadline().has_value());
}

// Those that were told longest ago make room: on another link they are told once more.
BOOST_AUTO_TEST_CASE(of_conflicts_the_latest_256_are_known_to_have_been_told)
{
    lone_engine chart;
    chart.heart.set_links({lone_engine::on(3), lone_engine::on(4)}, chart.now);
    chart.settle_in();
    auto const conflicts = [&](std::uint64_t id, unsigned link) {
        auto one = on_its_own_host(id);
        one.link = link;
        auto other = one;
        other.who.life.bytes[0] = 2;
        for (auto const& each : {one, other, one}) // which objects
            chart.hear(each, message_type::hello);
        chart.pass(1ms);
        return std::ranges::count(chart.news(), event_kind::id_conflict);
    };
    for (std::uint64_t id = 400; id > 400 - 257; --id)
        BOOST_TEST(conflicts(id, 3) == 1);
    BOOST_TEST(conflicts(399, 4) == 0);
    BOOST_TEST(conflicts(144, 4) == 0);
    BOOST_TEST(conflicts(400, 4) == 1);
}

BOOST_AUTO_TEST_CASE(claims_of_its_own_id_by_ever_new_lives_take_bounded_memory)
{
    lone_engine chart;
    chart.settle_in();
    auto const before = mallinfo2().uordblks;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        stranger rival(7, 1);
        std::memcpy(&rival.who.life.bytes[4], &i, sizeof i);
        chart.hear(rival, message_type::hello);
        chart.heart.take_events();
        chart.heart.take_outgoing();
    }
    BOOST_TEST(mallinfo2().uordblks < before + 100'000);
}

BOOST_AUTO_TEST_CASE(forgetting_leaves_no_trace)
{
    lone_engine chart(64);
    for (int i = 0; i < 1000; ++i) {
        chart.hear(stranger(1), message_type::hello);
        BOOST_TEST(chart.heart.forget(1));
        BOOST_TEST(!chart.heart.forget(1));
        chart.heart.take_events();
    }
    BOOST_TEST(chart.heart.size() == 1U);
    auto const& known = chart.heart.segments().front()->known();
    BOOST_TEST(known.dead().size() == 0U);
    BOOST_TEST(!known.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_left_is_remembered_for_ten_limits)
{
    lone_engine chart;
    chart.settle_in();
    chart.hear(stranger(1), message_type::hello);
    chart.hear(stranger(1), message_type::bye);
    chart.pass(99s);
    chart.hear(stranger(1), message_type::hello);
    BOOST_TEST(chart.news() == (kinds{event_kind::found, event_kind::left}), per_element());
    chart.pass(2s);
    BOOST_TEST(chart.heart.segments().front()->known().dead().size() == 0U);
    chart.hear(stranger(1), message_type::hello);
    BOOST_TEST(chart.news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(what_others_remember_of_an_end_does_not_make_it_last_longer)
{
    lone_engine chart;
    chart.settle_in();
    chart.chart(stranger(1));
    auto const& dead = chart.heart.segments().front()->known().dead();
    auto const end = chart.now;
    for (auto now = chart.now; chart.now < now + 1min; chart.pass(1s)) {
        auto const age = std::chrono::duration_cast<std::chrono::milliseconds>(chart.now - end);
        auto const ended = test::list_of(ended_member{stranger(2).who, true, age});
        announcement says;
        says.ended = wire_list<ended_member>(ended);
        chart.hear(stranger(1), message_type::digest, says);
        BOOST_TEST(dead.size() == (age < 10s ? 1U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(an_engine_is_never_called_in_vain)
{
    test::test_seed const seed(300);
    simulated_network net(seed);
    net.add_segment({.jitter = 30ms, .loss = 0.3, .duplication = 0.1});
    net.add_many(10);
    net.add({.detection_time = 1s});
    net.add({.detection_time = 1h});
    net.start_all();
    net.run_for(5min);
    net.crash(1);
    net.leave(2);
    net.run_for(10min);
    for (std::size_t who = 0; who < net.count(); ++who) {
        // When neighbours fail together, those before them are watched at once, by a call at once.
        BOOST_TEST(net.traffic_of(who).overdue <= net.traffic_of(who).advances / 20);
        // Beats and digests, and the steps of silences, a few of which go on all the time.
        BOOST_TEST(net.traffic_of(who).advances <= (who == 10 ? 40U : 10U) * 900U);
    }
}

BOOST_AUTO_TEST_CASE(an_instance_alone_is_called_for_beats_and_digests_only)
{
    test::test_seed const seed(301);
    simulated_network net(seed);
    net.add();
    net.start_all();
    net.run_for(1h);
    // Hellos, the short first intervals, and then a digest every 16 s, on three ports.
    BOOST_TEST(net.traffic_of(0).multicasts >= 3U * 3600U / 16U);
    BOOST_TEST(net.traffic_of(0).multicasts <= 3U * (3600U / 16U + 12U));
    BOOST_TEST(net.traffic_of(0).unicasts == 0U);
    BOOST_TEST(net.traffic_of(0).advances <= 3600U / 2U + 2U * 3600U / 16U + 20U);
}

BOOST_AUTO_TEST_CASE(many_updates_in_a_row_share_announcements)
{
    test::test_seed const seed(302);
    simulated_network net(seed);
    net.add_many(2);
    net.start_all();
    net.run_for(1s);
    std::size_t hellos = 0;
    net.observe([&](std::size_t from, detail::outgoing const& what) {
        auto const said = announce::decode(what.bytes, group_key());
        hellos += from == 0 && said->type == message_type::hello;
    });
    for (int i = 0; i < 1000; ++i) {
        net.update(0, std::to_string(i));
        net.run_for(1ms);
    }
    net.run_for(1s);
    BOOST_TEST(hellos <= 1000U / 40U + 3U);
    BOOST_TEST(net.engine(1).describe(1)->data.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_hundred_instances_keep_each_other_for_an_hour)
{
    test::test_seed const seed(303);
    simulated_network net(seed);
    net.add_segment({.loss = 0.05});
    net.add_many(100, {.detection_time = 15min});
    net.start_all();
    net.run_for(1h);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(net.times_told(event_kind::found) == 100U * 99U);
}

BOOST_AUTO_TEST_SUITE_END()
