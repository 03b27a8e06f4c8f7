// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::beat_interval;
using test::bytes_of;
using test::list_of;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

struct watcher : lone_engine {
    /// When each event came, counted from now; nobody says anything meanwhile.
    std::vector<std::pair<detail::duration, event_kind>> events_within(detail::duration how_long)
    {
        std::vector<std::pair<detail::duration, event_kind>> all;
        auto const start = now;
        while (now - start < how_long) {
            pass(1ms);
            for (auto const kind : news())
                all.emplace_back(now - start, kind);
        }
        return all;
    }

    /// Charts one that says nothing more, and another one that does, until it has been said once
    /// that the first one is suspected.
    void accuse(stranger const& silent)
    {
        chart(silent);
        stranger living(2);
        living.source.port(40002);
        living.record.unicast_port_v4 = 40002;
        chart(living);
        bool accused = false;
        for (int i = 0; i < 10'000 && !accused; ++i) {
            if (i % 1000 == 0)
                hear(living, message_type::beat);
            pass(1ms);
            accused = !sent(message_type::suspect).empty();
        }
        BOOST_TEST_REQUIRE(accused);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_silence, watcher)

BOOST_AUTO_TEST_CASE(it_beats_to_those_that_follow_on_the_ring)
{
    settle_in();
    stranger const other(1);
    chart(other);
    auto const start = now;
    pass_with(other, 1min);
    auto const beats = sent(message_type::beat);
    for (auto const& each : beats)
        BOOST_TEST((each.how.to == other.source));
    auto const intervals = static_cast<std::size_t>((now - start) / beat_interval);
    BOOST_TEST(beats.size() >= intervals);
    BOOST_TEST(beats.size() <= intervals * 10 / 9 + 1);
}

BOOST_AUTO_TEST_CASE(a_silent_one_is_asked_suspected_and_then_called_gone)
{
    settle_in();
    stranger const other(1);
    chart(other);
    hear(other, message_type::beat);
    pass(beat_interval * 5 / 4 - 1ms);
    BOOST_TEST(sent(message_type::ping).empty());
    pass(2ms);
    auto const pings = sent(message_type::ping);
    BOOST_TEST_REQUIRE(pings.size() == 1U);
    BOOST_TEST((pings[0].how.to == other.source));
    auto const told = events_within(10s);
    BOOST_TEST_REQUIRE(told.size() == 2U);
    auto const before = beat_interval * 5 / 4 + 1ms;
    BOOST_TEST(told[0].second == event_kind::suspect);
    BOOST_TEST((before + told[0].first >= beat_interval * 11 / 4));
    BOOST_TEST((before + told[0].first <= beat_interval * 11 / 4 + 2ms));
    BOOST_TEST(told[1].second == event_kind::gone);
    BOOST_TEST((before + told[1].first >= beat_interval * 15 / 4));
    BOOST_TEST((before + told[1].first <= beat_interval * 15 / 4 + 2ms));
    BOOST_TEST(heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(silence_is_counted_in_the_beat_interval_of_the_silent_one)
{
    settle_in();
    stranger slow(1);
    slow.record.beat_interval = 900s;
    chart(slow);
    auto const told = events_within(1h);
    BOOST_TEST_REQUIRE(told.size() == 2U);
    BOOST_TEST((told[0].first >= 900s * 11 / 4 && told[0].first <= 900s * 11 / 4 + 1s));
    BOOST_TEST((told[1].first >= 900s * 15 / 4 && told[1].first <= 900s * 15 / 4 + 1s));
}

BOOST_AUTO_TEST_CASE(whoever_hears_others_tells_everybody_of_a_suspicion_twice_and_of_an_end_thrice)
{
    settle_in();
    stranger const silent(1);
    stranger living(2);
    living.source.port(40002);
    living.record.unicast_port_v4 = 40002;
    chart(silent);
    chart(living);
    pass_with(living, 12s);
    auto const said = sent();
    for (auto const type : {message_type::suspect, message_type::gone}) {
        std::size_t times = 0;
        for (auto const& each : said)
            if (each.what.type == type && !each.how.to) {
                ++times;
                for (auto const& subject : each.what.subjects)
                    BOOST_TEST((subject == silent.who));
            }
        BOOST_TEST(times == (type == message_type::gone ? 3U : 2U));
    }
    BOOST_TEST(news() == (kinds{event_kind::suspect, event_kind::gone}), per_element());
}

/// One that wants to be found gone in a tenth of the time, and has said something just now.
struct hasty_neighbour : test::lone_engine {
    hasty_neighbour()
    {
        settle_in();
        hasty.record.beat_interval = 250ms;
        chart(hasty);
        pass(100ms);
        hear(hasty, message_type::beat);
        news();
    }
    stranger hasty{1};
};

BOOST_FIXTURE_TEST_CASE(a_pause_that_is_long_only_for_another_one_says_nothing_of_it,
                        hasty_neighbour)
{
    now += 1500ms;
    heart.advance(now);
    pass(100ms);
    hear(hasty, message_type::beat); // for which the pause was as long
    pass(100ms);
    BOOST_TEST(news() == kinds{}, per_element());
}

BOOST_FIXTURE_TEST_CASE(a_pause_is_noticed_whatever_is_called_first_after_it, hasty_neighbour)
{
    for (int first = 0; first < 3; ++first) {
        now += 1min;
        if (first == 0)
            BOOST_TEST(!heart.update(test::bytes_of("new"), now));
        else if (first == 1)
            heart.set_links({on(3), on(4)}, now);
        else
            heart.receive(stranger(7, 7).datagram(message_type::hello),
                          {3, stranger(7).source, true}, now);
        heart.advance(now);
        pass(100ms);
        hear(hasty, message_type::beat);
        pass(100ms);
        auto const told = news();
        BOOST_TEST(std::ranges::count(told, event_kind::suspect) == 0, "after call " << first);
        BOOST_TEST(std::ranges::count(told, event_kind::gone) == 0, "after call " << first);
    }
}

// Its own patience would be 18 s.
BOOST_AUTO_TEST_CASE(whoever_hears_nobody_since_it_asked_keeps_its_accusations_to_itself)
{
    lone_engine patient(4096, 1min);
    patient.settle_in();
    patient.chart(stranger(1));
    patient.pass(12s);
    BOOST_TEST(patient.news() == (kinds{event_kind::suspect, event_kind::gone}), per_element());
    for (auto const& each : patient.sent())
        BOOST_TEST(
            (each.what.type != message_type::suspect && each.what.type != message_type::gone));
}

BOOST_AUTO_TEST_CASE(whoever_hears_nobody_keeps_its_accusations_to_itself)
{
    settle_in();
    chart(stranger(1));
    pass(12s);
    BOOST_TEST(news() == (kinds{event_kind::suspect, event_kind::gone}), per_element());
    for (auto const& each : sent())
        BOOST_TEST(
            (each.what.type != message_type::suspect && each.what.type != message_type::gone));
}

BOOST_AUTO_TEST_CASE(a_suspicion_that_was_objected_to_is_not_said_again)
{
    settle_in();
    stranger silent(1);
    accuse(silent);
    ++silent.who.incarnation;
    hear(silent, message_type::hello);
    pass(1s);
    BOOST_TEST(sent(message_type::suspect).empty());
}

// What it says arrives, but it was not reached.
BOOST_AUTO_TEST_CASE(whoever_objects_to_a_suspicion_of_ours_is_set_aside_and_asked)
{
    settle_in();
    stranger silent(1);
    accuse(silent);
    ++silent.who.incarnation;
    hear(silent, message_type::hello);
    BOOST_TEST(heart.segments().front()->known().members().find(1)->is_aside());
    auto const is_for_it = [&](said const& each) { return each.how.to == silent.source; };
    BOOST_TEST(std::ranges::count_if(sent(message_type::ping), is_for_it) == 3); // at once
    pass(beat_interval);
    BOOST_TEST(std::ranges::count_if(sent(message_type::ping), is_for_it) >= 1); // and again
}

BOOST_AUTO_TEST_CASE(from_a_third_ping_on_others_are_asked_to_ping_it)
{
    settle_in();
    stranger const silent(1);
    stranger living(2);
    living.source.port(40002);
    living.record.unicast_port_v4 = 40002;
    chart(silent);
    chart(living);
    pass_with(living, 6s);
    std::size_t through = 0;
    for (auto const& each : sent(message_type::ping)) {
        if (each.what.subjects.empty())
            continue;
        BOOST_TEST((each.how.to == living.source));
        BOOST_TEST(((*each.what.subjects.begin()) == silent.who));
        ++through;
    }
    BOOST_TEST(through >= 2U);
    BOOST_TEST(through <= 6U);
}

BOOST_AUTO_TEST_CASE(what_a_helper_heard_counts_as_if_heard_here)
{
    settle_in();
    stranger const silent(1);
    stranger living(2);
    living.source.port(40002);
    living.record.unicast_port_v4 = 40002;
    chart(silent);
    chart(living);
    pass_with(living, 6s);
    auto const subjects = list_of(silent.who);
    announcement says;
    says.echo = heart.segments().front()->own_voice().cookie(living.source, now);
    says.subjects = wire_list<identity>(subjects);
    hear(living, message_type::ack, says);
    pass_with(living, 4s);
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(it_pings_for_others_and_passes_the_answer_on)
{
    settle_in();
    stranger const subject(1);
    stranger asker(2);
    asker.source.port(40002);
    asker.record.unicast_port_v4 = 40002;
    chart(subject);
    chart(asker);
    pass(2s);
    heart.take_outgoing();
    auto const subjects = list_of(subject.who);
    announcement says;
    says.cookie = 77;
    says.subjects = wire_list<identity>(subjects);
    hear(asker, message_type::ping, says);
    auto const pings = sent();
    BOOST_TEST(types(pings) == std::vector{message_type::ping}, per_element());
    BOOST_TEST((pings.at(0).how.to == subject.source));
    hear_proof(subject);
    auto const passed_on = sent();
    BOOST_TEST(types(passed_on) == std::vector{message_type::ack}, per_element());
    BOOST_TEST((passed_on.at(0).how.to == asker.source));
    BOOST_TEST((passed_on.at(0).what.echo == 77U));
    BOOST_TEST(((*passed_on.at(0).what.subjects.begin()) == subject.who));
}

BOOST_AUTO_TEST_CASE(one_answer_to_a_ping_keeps_an_instance)
{
    settle_in();
    stranger const other(1);
    chart(other);
    pass(6s);
    hear_proof(other);
    pass(6s);
    BOOST_TEST(heart.size() == 2U);
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(a_suspect_that_speaks_is_told_and_kept_but_must_object_to_be_believed)
{
    settle_in();
    stranger other(1);
    chart(other);
    pass(7s);
    BOOST_TEST(news() == kinds{event_kind::suspect}, per_element());
    BOOST_TEST((heart.describe(1)->state == instance_state::suspect));
    heart.take_outgoing();
    hear(other, message_type::beat);
    auto const verdicts = sent(message_type::suspect);
    BOOST_TEST_REQUIRE(verdicts.size() == 1U);
    BOOST_TEST((verdicts[0].how.to == other.source));
    BOOST_TEST(((*verdicts[0].what.subjects.begin()) == other.who));
    pass(6s);
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.size() == 2U);
    ++other.who.incarnation;
    hear(other, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::refuted}, per_element());
    BOOST_TEST((heart.describe(1)->state == instance_state::alive));
}

BOOST_AUTO_TEST_CASE(a_suspect_that_comes_with_news_is_refuted_and_updated)
{
    settle_in();
    stranger other(1);
    chart(other);
    pass(7s);
    ++other.who.incarnation;
    ++other.record.sequence;
    other.record.service_ports = {1};
    hear(other, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::suspect, event_kind::refuted, event_kind::updated}),
               per_element());
}

BOOST_AUTO_TEST_CASE(one_called_gone_is_told_so_and_returns_when_it_objects)
{
    settle_in();
    stranger other(1);
    chart(other);
    pass(10s);
    BOOST_TEST(news() == (kinds{event_kind::suspect, event_kind::gone}), per_element());
    heart.take_outgoing();
    for (auto const type : {message_type::beat, message_type::hello, message_type::ping}) {
        hear(other, type);
        auto const verdicts = sent();
        BOOST_TEST(types(verdicts) == std::vector{message_type::gone}, per_element());
        BOOST_TEST((verdicts.at(0).how.to == other.source));
        BOOST_TEST(((*verdicts.at(0).what.subjects.begin()) == other.who));
    }
    BOOST_TEST(heart.size() == 1U);
    ++other.who.incarnation;
    hear(other, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::returned}, per_element());
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(one_called_gone_is_asked_once_a_beat_whether_it_is_there_again)
{
    settle_in();
    stranger const other(1);
    chart(other);
    pass(10s);
    heart.take_outgoing();
    pass(25s);
    auto const pings = sent(message_type::ping);
    BOOST_TEST(pings.size() >= 10U);
    BOOST_TEST(pings.size() <= 12U);
    pass(100s);
    sent();
    pass(1h);
    BOOST_TEST(sent(message_type::ping).empty());
}

BOOST_AUTO_TEST_CASE(it_objects_to_its_own_suspicion_and_end_with_a_higher_incarnation)
{
    settle_in();
    for (auto const type : {message_type::suspect, message_type::gone}) {
        auto const before = heart.own();
        hear_about(stranger(1), type, before);
        pass(1s);
        BOOST_TEST(heart.own().incarnation == before.incarnation + 1);
        auto const hellos = sent(message_type::hello);
        BOOST_TEST(hellos.size() == 3U);
        for (auto const& each : hellos) {
            BOOST_TEST((each.what.who == heart.own()));
            BOOST_TEST(!each.how.to.has_value());
        }
        // The same accusation has been answered.
        hear_about(stranger(1), type, before);
        pass(1s);
        BOOST_TEST(sent(message_type::hello).empty());
    }
}

BOOST_AUTO_TEST_CASE(what_others_accuse_is_suspected_and_gone_here_too)
{
    settle_in();
    stranger const accused(1);
    chart(accused);
    chart(stranger(2));
    pass_with(stranger(2), 3s);
    hear_about(stranger(2), message_type::suspect, accused.who);
    BOOST_TEST(news() == kinds{event_kind::suspect}, per_element());
    hear_about(stranger(2), message_type::gone, accused.who);
    BOOST_TEST(news() == kinds{event_kind::gone}, per_element());
}

BOOST_AUTO_TEST_CASE(the_end_of_one_heard_within_a_beat_is_not_believed_and_it_is_told)
{
    settle_in();
    stranger const accused(1);
    chart(accused);
    chart(stranger(2));
    hear(accused, message_type::beat);
    heart.take_outgoing();
    hear_about(stranger(2), message_type::gone, accused.who);
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.describe(1).has_value());
    auto const warnings = sent(message_type::gone);
    BOOST_TEST_REQUIRE(warnings.size() == 1U);
    BOOST_TEST((warnings[0].how.to == accused.source));
}

BOOST_AUTO_TEST_CASE(an_accusation_counts_only_when_it_was_made_before_everybody)
{
    settle_in();
    stranger const accused(1);
    stranger const accuser(2);
    chart(accused);
    chart(accuser);
    pass_with(accuser, 3s);
    auto const subjects = list_of(accused.who);
    announcement says;
    says.subjects = wire_list<identity>(subjects);
    for (auto const type : {message_type::suspect, message_type::gone})
        heart.receive(accuser.datagram(type, says), {3, accuser.source, false}, now);
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(an_accusation_of_an_earlier_incarnation_or_another_life_is_void)
{
    settle_in();
    stranger accused(1);
    chart(accused);
    chart(stranger(2));
    pass_with(stranger(2), 3s);
    auto earlier = accused.who;
    --earlier.incarnation;
    auto other_life = accused.who;
    other_life.life.bytes[0] = 9;
    for (auto const type : {message_type::suspect, message_type::gone})
        for (auto const& who : {earlier, other_life})
            hear_about(stranger(2), type, who);
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(an_older_record_is_a_sign_of_life_but_no_news)
{
    settle_in();
    stranger other(1);
    other.record.sequence = 5;
    other.record.data = bytes_of("new");
    chart(other);
    pass(6s);
    other.record.sequence = 4;
    other.record.data = bytes_of("old");
    other.record.service_ports = {1};
    hear(other, message_type::hello);
    BOOST_TEST((heart.describe(1)->data == bytes_of("new")));
    BOOST_TEST(heart.counters().stale == 1U);
    pass(6s);
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.size() == 2U);
}

// Eight times the longest interval between two digests.
BOOST_AUTO_TEST_CASE(who_hears_others_and_nothing_that_is_said_to_all_is_told_once_until_it_does)
{
    settle_in();
    stranger const other(1);
    chart(other);
    hear(other, message_type::digest);
    for (int time = 0; time < 2; ++time) {
        pass_with(other, 127s);
        BOOST_TEST(news().empty());
        pass_with(other, 4s);
        BOOST_TEST(news() == kinds{event_kind::multicast_lost}, per_element());
        pass_with(other, 5min);
        BOOST_TEST(news().empty());
        hear(other, message_type::digest);
    }
}

BOOST_AUTO_TEST_CASE(who_hears_nobody_at_all_has_not_lost_multicast)
{
    settle_in();
    stranger const other(1);
    chart(other);
    pass(10min);
    for (auto const kind : news())
        BOOST_TEST((kind == event_kind::suspect || kind == event_kind::gone));
}

BOOST_AUTO_TEST_SUITE_END()
