// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <numeric>

// Instances that look on without being members: what they see, and that nobody sees them.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::delay;
using test::detection_time;
using test::first_wait;
using test::lone_engine;
using test::settled;
using test::simulated_config;
using test::simulated_network;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

constexpr std::size_t member_count = 10;

/// What is asked again is asked 350 ms later, up to five times.
constexpr auto with_loss = 3s;

/// Sixteen seconds, and as much again where a digest was lost.
constexpr auto until_a_digest = 24s;

std::size_t add_observer(simulated_network& net, simulated_config config = {})
{
    config.observer = true;
    return net.add(std::move(config));
}

std::size_t start_observer(simulated_network& net, simulated_config config = {})
{
    auto const who = add_observer(net, std::move(config));
    net.start(who);
    return who;
}

/// How often members were told anything since then.
std::size_t events_since(simulated_network const& net, test::time_point since)
{
    std::size_t all = 0;
    for (std::size_t who = 0; who < member_count; ++who)
        for (auto const& each : net.events(who))
            all += each.at >= since;
    return all;
}

std::uint64_t multicasts_of_members(simulated_network const& net)
{
    std::uint64_t sum = 0;
    for (std::size_t who = 0; who < member_count; ++who)
        sum += net.traffic_of(who).multicasts;
    return sum;
}

std::size_t times_told_to(simulated_network const& net, std::size_t who, event_kind kind)
{
    std::size_t times = 0;
    for (auto const& each : net.events(who))
        times += each.what.kind == kind;
    return times;
}

/// Twenty observers that come and go while nothing else happens.
struct observed : settled {
    explicit observed(std::uint64_t seed, bool by_twenty) : settled(seed)
    {
        begun = now();
        for (std::size_t i = 0; i < 20; ++i)
            add_observer(*this);
        if (by_twenty)
            let_them_look();
        run_for(2min);
    }

    void let_them_look()
    {
        for (std::size_t i = 0; i < 20; ++i)
            after(i * 500ms, [this, who = member_count + i] { start(who); });
        for (std::size_t i = 0; i < 20; i += 2)
            after(30s + i * 500ms, [this, who = member_count + i] { crash(who); });
        for (std::size_t i = 1; i < 20; i += 2)
            after(30s + i * 500ms, [this, who = member_count + i] { leave(who); });
    }

    test::time_point begun{};
};

/// From one that answers, which says that it knows five.
void hear_of_five(lone_engine& chart, stranger const& who)
{
    chart.hear(who, message_type::hello);
    announcement says;
    says.echo = chart.heart.segments().front()->own_voice().cookie(who.source, chart.now);
    says.cookie = 1;
    says.summary = summary{};
    says.summary->members = 5;
    says.padding = 1000;
    chart.hear(who, message_type::ack, says);
}

/// An observer's question as a stranger would write it.
announcement question_of_an_observer()
{
    announcement says;
    says.observer = true;
    says.attempt = 3;
    says.padding = 100;
    return says;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_observer)

BOOST_AUTO_TEST_CASE(it_knows_everybody_four_delays_after_it_has_asked)
{
    test::test_seed const seed(900);
    settled net(seed, {.delay = delay}, member_count);
    auto const begun = net.now();
    auto const who = start_observer(net);
    net.run_for(first_wait + 4 * delay);
    BOOST_TEST(net.engine(who).size() == member_count);
    BOOST_TEST(net.engine(who).agrees());
    BOOST_TEST(times_told_to(net, who, event_kind::found) == member_count);
    BOOST_TEST(events_since(net, begun) == 0U);
    for (std::size_t each = 0; each < member_count; ++each) {
        BOOST_TEST(net.engine(each).size() == member_count);
        BOOST_TEST(!net.knows(each, who));
        BOOST_TEST(net.engine(each).observers(net.now()) == 1U);
    }
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_it_knows_everybody_soon)
{
    for (auto const each : test::test_seeds(910, 30)) {
        test::test_seed const seed(each);
        for (std::size_t const count : {std::size_t{2}, member_count, std::size_t{60}}) {
            settled net(seed, {.delay = delay, .loss = 0.3}, count);
            auto const who = start_observer(net);
            BOOST_TEST(net.run_until([&] { return net.engine(who).size() == count; }, with_loss));
        }
    }
}

BOOST_AUTO_TEST_CASE(twenty_that_come_and_go_change_nothing_for_the_members)
{
    test::test_seed const seed(940);
    observed const without(seed, false);
    observed with(seed, true);
    BOOST_TEST(events_since(with, with.begun) == 0U);
    BOOST_TEST(multicasts_of_members(with) == multicasts_of_members(without));
    BOOST_TEST(with.all_agree(0));
    for (std::size_t each = 0; each < member_count; ++each)
        BOOST_TEST(with.engine(each).size() == member_count);
    for (std::size_t i = 0; i < 20; ++i)
        BOOST_TEST(with.engine(member_count + i).size() == member_count);
}

BOOST_AUTO_TEST_CASE(twenty_that_ask_at_once_are_all_answered_by_one)
{
    test::test_seed const seed(941);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.start(net.add());
    net.run_for(1s);
    for (int i = 0; i < 20; ++i)
        start_observer(net);
    net.run_for(2s);
    for (std::size_t who = 1; who <= 20; ++who)
        BOOST_TEST(net.engine(who).size() == 1U);
}

BOOST_AUTO_TEST_CASE(it_follows_who_comes_changes_leaves_and_crashes)
{
    test::test_seed const seed(942);
    settled net(seed, {.delay = delay}, member_count);
    auto const who = start_observer(net);
    net.run_for(1s);
    auto const late = net.add();
    net.start(late);
    net.run_for(1s);
    net.update(late, "news");
    net.run_for(1s);
    net.leave(late);
    net.run_for(1s);
    BOOST_TEST(net.told(who, net.id(late)) ==
                   (kinds{event_kind::found, event_kind::updated, event_kind::left}),
               per_element());
    net.crash(3);
    net.run_for(detection_time + 1s);
    BOOST_TEST(net.told(who, net.id(3)) ==
                   (kinds{event_kind::found, event_kind::suspect, event_kind::gone}),
               per_element());
    net.restart(3);
    net.run_for(1s);
    BOOST_TEST(net.knows(who, 3));
}

BOOST_AUTO_TEST_CASE(it_finds_out_by_itself_that_the_only_member_was_killed)
{
    for (auto const each : test::test_seeds(950, 10)) {
        for (double const loss : {0.0, 0.3}) {
            test::test_seed const seed(each);
            settled net(seed, {.delay = delay, .loss = loss}, 1);
            auto const who = start_observer(net);
            net.run_for(1min);
            net.crash(0);
            net.run_for(detection_time);
            auto const told = net.told(who, net.id(0));
            BOOST_TEST_REQUIRE(!told.empty());
            BOOST_TEST((told.back() == event_kind::gone));
            BOOST_TEST(net.engine(who).size() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_member_with_a_short_detection_time_is_missed_within_that)
{
    test::test_seed const seed(960);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.start(net.add({.detection_time = 1s}));
    auto const who = start_observer(net);
    net.run_for(1min);
    net.crash(0);
    net.run_for(1s);
    BOOST_TEST(net.engine(who).size() == 0U);
}

BOOST_AUTO_TEST_CASE(of_two_members_either_is_missed_in_time)
{
    // The one that is left hears nobody, and so accuses nobody.
    for (auto const each : test::test_seeds(1000, 10)) {
        for (std::size_t const killed : {0U, 1U}) {
            test::test_seed const seed(each);
            settled net(seed, {.delay = delay}, 2);
            auto const who = start_observer(net);
            net.run_for(1min);
            net.crash(killed);
            net.run_for(detection_time + 1s);
            BOOST_TEST((net.told(who, net.id(killed)).back() == event_kind::gone));
            BOOST_TEST(net.engine(who).size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(it_finds_out_by_itself_that_all_were_killed_at_once)
{
    test::test_seed const seed(961);
    settled net(seed, {.delay = delay, .loss = 0.1}, member_count);
    auto const who = start_observer(net);
    net.run_for(1min);
    for (std::size_t each = 0; each < member_count; ++each)
        net.crash(each);
    net.run_for(detection_time * 3 / 2);
    BOOST_TEST(net.engine(who).size() == 0U);
}

BOOST_AUTO_TEST_CASE(at_30_percent_loss_it_calls_nobody_gone_who_is_there)
{
    for (auto const each : test::test_seeds(970, 5)) {
        test::test_seed const seed(each);
        for (std::size_t const count : {1U, 2U, 5U}) {
            settled net(seed, {.delay = delay, .loss = 0.3}, count);
            auto const who = start_observer(net);
            net.run_for(10min);
            BOOST_TEST(times_told_to(net, who, event_kind::gone) == 0U);
            BOOST_TEST(net.engine(who).size() == count);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_it_concluded_while_it_was_cut_off_it_takes_back)
{
    for (auto const each : test::test_seeds(980, 10)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay, .loss = 0.2}, member_count);
        auto const who = start_observer(net);
        net.run_for(10s);
        std::vector<std::size_t> others(member_count);
        std::iota(others.begin(), others.end(), std::size_t{0});
        net.part({who}, others);
        net.run_for(1min);
        BOOST_TEST(net.engine(who).size() == 0U);
        auto const healed = net.now();
        net.heal();
        BOOST_TEST(
            net.run_until([&] { return net.engine(who).size() == member_count; }, until_a_digest));
        net.run_for(1min);
        for (std::size_t other = 0; other < member_count; ++other)
            BOOST_TEST(net.told(who, net.id(other), healed) == kinds{event_kind::returned},
                       per_element());
        BOOST_TEST(events_since(net, healed) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(on_one_side_of_a_partition_it_sees_both_sides_come_together)
{
    test::test_seed const seed(990);
    settled net(seed, {.delay = delay}, member_count);
    auto const who = start_observer(net);
    net.run_for(10s);
    net.part({who, 0, 1, 2}, {3, 4, 5, 6, 7, 8, 9});
    net.run_for(1min);
    BOOST_TEST(net.engine(who).size() == 3U);
    net.heal();
    BOOST_TEST(net.run_until([&] { return net.engine(who).size() == member_count; }, 1min));
}

BOOST_AUTO_TEST_CASE(after_a_sleep_it_asks_again_and_tells_nothing_false)
{
    test::test_seed const seed(991);
    settled net(seed, {.delay = delay}, member_count);
    auto const who = start_observer(net);
    net.run_for(10s);
    net.pause(who);
    auto const late = net.add();
    net.start(late);
    net.run_for(5min);
    auto const woken = net.now();
    net.resume(who);
    net.run_for(3s);
    BOOST_TEST(net.knows(who, late));
    BOOST_TEST(net.engine(who).size() == member_count + 1);
    for (std::size_t other = 0; other < member_count; ++other)
        BOOST_TEST(net.told(who, net.id(other), woken).empty());
}

BOOST_AUTO_TEST_CASE(its_id_may_be_that_of_a_member)
{
    test::test_seed const seed(992);
    settled net(seed, {.delay = delay}, member_count);
    auto const begun = net.now();
    auto const who = start_observer(net, {.id = net.id(4)});
    net.run_for(2min);
    BOOST_TEST(net.engine(who).size() == member_count);
    BOOST_TEST(net.engine(who).describe(net.id(4)).has_value());
    BOOST_TEST(net.times_told(event_kind::id_conflict) == 0U);
    BOOST_TEST(events_since(net, begun) == 0U);
    net.crash(4);
    net.run_for(detection_time);
    BOOST_TEST(!net.engine(who).describe(net.id(4)).has_value());
}

BOOST_AUTO_TEST_CASE(observers_alone_know_of_each_other_and_chart_nobody)
{
    test::test_seed const seed(993);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    auto const first = start_observer(net);
    net.run_for(10min);
    auto const second = start_observer(net);
    net.run_for(100ms);
    for (auto const who : {first, second}) {
        BOOST_TEST(net.engine(who).size() == 0U);
        BOOST_TEST(net.engine(who).observers(net.now()) == 1U);
        BOOST_TEST(net.events(who).empty());
        BOOST_TEST(!net.engine(who).agrees());
    }
    auto const member = net.add();
    net.start(member);
    net.run_for(1s);
    for (auto const who : {first, second})
        BOOST_TEST(net.knows(who, member));
    BOOST_TEST(net.engine(member).size() == 1U);
}

BOOST_AUTO_TEST_CASE(it_sees_all_on_several_links_and_by_either_version)
{
    for (bool const v4 : {true, false}) {
        test::test_seed const seed(994);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .ipv4 = v4, .ipv6 = true});
        net.add_segment({.delay = delay, .ipv4 = v4, .ipv6 = true});
        net.start(net.add({.segments = {0}}));
        net.start(net.add({.segments = {1}}));
        net.start(net.add({.segments = {0, 1}}));
        net.start(net.add({.segments = {0}, .discovery_port = test::backup_ports[0]}));
        net.run_for(1min);
        auto const who = start_observer(net, {.segments = {0, 1}});
        net.run_for(200ms);
        BOOST_TEST(net.engine(who).size() == 4U);
        net.crash(1);
        net.run_for(detection_time + 1s);
        BOOST_TEST(net.engine(who).size() == 3U);
    }
}

BOOST_AUTO_TEST_CASE(it_takes_part_when_it_is_told_to_announce_and_looks_on_again_afterwards)
{
    test::test_seed const seed(995);
    settled net(seed, {.delay = delay}, member_count);
    auto const who = start_observer(net, {.id = 77});
    net.run_for(1s);
    net.announce(who, true);
    net.run_for(1s);
    BOOST_TEST(net.engine(who).size() == member_count + 1);
    for (std::size_t each = 0; each < member_count; ++each)
        BOOST_TEST(net.knows(each, who));
    net.announce(who, false);
    net.run_for(1s);
    BOOST_TEST(net.engine(who).size() == member_count);
    BOOST_TEST(net.told(0, 77) == (kinds{event_kind::found, event_kind::left}), per_element());
    net.crash(2);
    net.run_for(detection_time);
    BOOST_TEST(net.engine(who).size() == member_count - 1);
    net.announce(who, true);
    net.run_for(1s);
    BOOST_TEST(net.told(0, 77) == (kinds{event_kind::found, event_kind::left, event_kind::found}),
               per_element());
}

BOOST_AUTO_TEST_CASE(once_it_takes_part_its_id_is_its_own)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    chart.chart(stranger(7, 9));
    BOOST_TEST(chart.heart.size() == 1U);
    chart.heart.announce(true, chart.now);
    BOOST_TEST(!chart.heart.describe(7).has_value());
    BOOST_TEST(chart.heart.size() == 1U); // itself
    BOOST_TEST(chart.news() == kinds{event_kind::forgotten}, per_element());
}

// Or all would find its chart to differ from theirs.
BOOST_AUTO_TEST_CASE(once_it_takes_part_its_chart_has_it_as_others_have_it)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    chart.heart.announce(true, chart.now);
    auto const& own = chart.heart.own();
    auto const hash =
        detail::make_member(own, chart.heart.own_view(3), group_key(), nullptr)->hash();
    BOOST_TEST((chart.own_summary().hash == std::array{hash.high(), hash.low()}));
}

BOOST_AUTO_TEST_CASE(whatever_an_observer_says_changes_no_chart)
{
    lone_engine chart;
    chart.settle_in();
    stranger const known(9);
    chart.chart(known);
    auto const hash = chart.own_summary();
    auto const due = chart.heart.next_deadline();
    auto const told = test::list_of(known.who);
    auto const packed = announce::pack(stranger(55).record).value();
    auto const others =
        test::list_of(member_view{stranger(55).who, true, announce::view_record(packed).value()});
    auto const ended = test::list_of(ended_member{known.who, true, {}});
    stranger const same_life(9);
    for (auto const& speaker : {stranger(10), same_life, stranger(7), stranger(7, 7)})
        for (int type = 1; type <= 12; ++type) {
            announcement says;
            says.observer = true;
            says.attempt = 3;
            says.record = announce::view_record(packed).value();
            says.summary = summary{99, {1, 2}, 1};
            says.subjects = wire_list<identity>(told);
            says.members = wire_list<member_view>(others);
            says.ended = wire_list<ended_member>(ended);
            says.part = part{0, true};
            if (type == static_cast<int>(message_type::pull))
                continue; // it has no room for all that
            chart.hear(speaker, static_cast<message_type>(type), says);
        }
    BOOST_TEST(chart.news().empty());
    BOOST_TEST(chart.heart.size() == 2U);
    BOOST_TEST((chart.own_summary() == hash));
    BOOST_TEST((chart.heart.next_deadline() == due));
    for (auto const& each : chart.sent())
        BOOST_TEST((each.what.type == message_type::ack));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_more_than_was_asked_in_nor_all_the_time)
{
    lone_engine chart;
    chart.settle_in();
    stranger const asker(10);
    auto says = question_of_an_observer();
    says.padding = 20;
    chart.hear(asker, message_type::query, says);
    BOOST_TEST(chart.sent().empty());
    std::size_t answers = 0;
    for (int second = 0; second < 10; ++second) {
        for (int i = 0; i < 1000; ++i)
            chart.hear(asker, message_type::query, question_of_an_observer());
        answers += chart.sent(message_type::ack).size();
        chart.pass(1s);
        chart.sent();
    }
    BOOST_TEST(answers >= 100U);
    BOOST_TEST(answers <= 100U + 10U * 50U);
    BOOST_TEST(chart.heart.observers(chart.now) == 1U);
    for (std::uint64_t id = 100; id < 1100; ++id) {
        auto each = stranger(id);
        each.who.life.bytes[1] = static_cast<std::uint8_t>(id);
        each.who.life.bytes[2] = static_cast<std::uint8_t>(id >> 8);
        chart.hear(each, message_type::query, question_of_an_observer());
    }
    BOOST_TEST(chart.heart.observers(chart.now) == 256U);
    chart.pass(1min);
    BOOST_TEST(chart.heart.observers(chart.now) == 0U);
}

BOOST_AUTO_TEST_CASE(the_fourth_question_asks_nothing_and_no_other_is_answered_without_replies)
{
    lone_engine chart;
    chart.settle_in();
    auto says = question_of_an_observer();
    says.attempt = 0;
    chart.hear(stranger(10), message_type::query, says);
    BOOST_TEST(chart.sent().empty());
    chart.heart.reply(false);
    chart.hear(stranger(10), message_type::query, question_of_an_observer());
    BOOST_TEST(chart.sent().empty());
    chart.heart.reply(true);
    chart.hear(stranger(10), message_type::query, question_of_an_observer());
    BOOST_TEST(chart.sent(message_type::ack).size() == 1U);
}

BOOST_AUTO_TEST_CASE(it_says_nothing_but_questions_and_that_it_observes)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    for (auto const type : lone_engine::types(chart.sent()))
        BOOST_TEST((type == message_type::query));
    stranger const other(9);
    chart.hear(other, message_type::hello);
    chart.hear(stranger(7), message_type::hello); // called as it would be
    BOOST_TEST(chart.heart.size() == 2U);
    for (auto const type : {message_type::ping, message_type::beat, message_type::digest})
        chart.hear(other, type);
    chart.hear_about(other, message_type::suspect, {7, {{7}}, 1000});
    chart.heart.update(test::bytes_of("not told"), chart.now);
    chart.heart.discover(chart.now);
    chart.pass(1min);
    chart.heart.leave(chart.now);
    for (auto const& each : chart.sent()) {
        BOOST_TEST(each.what.observer);
        BOOST_TEST((each.what.type == message_type::query || each.what.type == message_type::ping ||
                    each.what.type == message_type::pull));
        BOOST_TEST(!each.what.record.has_value());
    }
    chart.pass(1min);
    BOOST_TEST(chart.sent().empty());
    BOOST_TEST(chart.heart.last_words().empty());
}

BOOST_AUTO_TEST_CASE(whoever_speaks_is_suspected_no_more_and_that_is_told)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    stranger const suspected(9);
    chart.chart(suspected);
    chart.chart(stranger(10));
    chart.pass(3s);
    chart.hear_about(stranger(10), message_type::suspect, suspected.who);
    BOOST_TEST(chart.news() == kinds{event_kind::suspect}, per_element());
    chart.hear(suspected, message_type::digest);
    BOOST_TEST(chart.news() == kinds{event_kind::refuted}, per_element());
}

BOOST_AUTO_TEST_CASE(it_asks_on_a_link_that_comes_later)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    chart.pass(1min);
    chart.sent();
    chart.heart.set_links({lone_engine::on(3), lone_engine::on(4)}, chart.now);
    chart.pass(1s);
    std::vector<int> attempts;
    for (auto const& each : chart.sent(message_type::query))
        if (each.how.link == 4)
            attempts.push_back(each.what.attempt);
    BOOST_TEST_REQUIRE(attempts.size() >= 3U);
    attempts.resize(3);
    BOOST_TEST(attempts == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(it_asks_five_times_more_where_no_answer_comes)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    stranger const other(9);
    hear_of_five(chart, other);
    std::size_t times = 0;
    for (auto at = 0ms; at < 5s; at += 10ms, chart.pass(10ms))
        times += !chart.sent(message_type::pull).empty();
    BOOST_TEST(times == 6U);
}

BOOST_AUTO_TEST_CASE(it_asks_again_soon_where_no_answer_comes)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    stranger const other(9);
    hear_of_five(chart, other);
    std::vector<std::chrono::milliseconds> asked;
    for (auto at = 0ms; at < 1s; at += 10ms, chart.pass(10ms))
        if (!chart.sent(message_type::pull).empty())
            asked.push_back(at);
    BOOST_TEST_REQUIRE(asked.size() >= 2U);
    BOOST_TEST((asked[1] - asked[0] >= 190ms));
    BOOST_TEST((asked[1] - asked[0] <= 310ms));
}

BOOST_AUTO_TEST_CASE(it_believes_what_it_asked_for_of_those_that_ended_within_two_beat_intervals)
{
    for (auto const age : {7s, 9s}) {
        lone_engine chart;
        chart.heart.observe(chart.now);
        stranger const other(9);
        auto ended = stranger(11);
        ended.record.beat_interval = 4s;
        chart.hear(ended, message_type::hello);
        chart.hear_proof(ended); // else it would not be believed to beat so seldom
        chart.pass(4500ms);      // it may be silent for that
        chart.hear(other, message_type::hello);
        BOOST_TEST_REQUIRE(chart.heart.describe(11).has_value());
        auto const list = test::list_of(ended_member{ended.who, false, age});
        announcement says;
        says.echo = chart.heart.segments().front()->own_voice().cookie(other.source, chart.now);
        says.ended = wire_list<ended_member>(list);
        chart.hear(other, message_type::records, says);
        BOOST_TEST(chart.heart.describe(11).has_value() == (age > 8s));
    }
}

BOOST_AUTO_TEST_CASE(whoever_it_asks_whether_it_is_there_is_told_nothing_of_what_it_knows)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    stranger const other(9);
    chart.hear(other, message_type::hello);
    chart.hear_proof(other);
    chart.sent();
    chart.pass(1min);
    auto const asked = chart.sent(message_type::ping);
    BOOST_TEST(!asked.empty());
    for (auto const& each : asked)
        BOOST_TEST(!each.what.summary.has_value());
}

BOOST_AUTO_TEST_CASE(at_rest_it_asks_about_once_in_a_beat_interval)
{
    test::test_seed const seed(996);
    settled net(seed, {.delay = delay}, member_count);
    auto const who = start_observer(net);
    net.run_for(1min);
    auto const before = net.traffic_of(who);
    net.run_for(100 * test::beat_interval);
    auto const& after = net.traffic_of(who);
    BOOST_TEST(after.multicasts == before.multicasts);
    BOOST_TEST(after.unicasts - before.unicasts <= 100U);
}

BOOST_AUTO_TEST_SUITE_END()
