// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::list_of;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

BOOST_FIXTURE_TEST_SUITE(chart_lives, lone_engine)

BOOST_AUTO_TEST_CASE(one_called_gone_may_come_back_in_another_life)
{
    settle_in();
    chart(stranger(1));
    pass(10s);
    news();
    stranger again(1, 2);
    again.who.incarnation = 2000;
    hear(again, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
}

BOOST_AUTO_TEST_CASE(a_restart_is_told_once_when_the_life_before_has_had_time_to_object)
{
    settle_in();
    chart(stranger(1));
    stranger after(1, 2);
    after.who.incarnation = 2000;
    for (int copy = 0; copy < 3; ++copy) {
        hear(after, message_type::hello);
        pass(90ms);
    }
    BOOST_TEST(news().empty());
    pass(30ms);
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
    BOOST_TEST((heart.describe(1)->life == after.who.life));
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_restart_with_the_clock_set_back_is_a_restart)
{
    settle_in();
    stranger before(1, 1);
    before.who.incarnation = 2000;
    chart(before);
    stranger const after(1, 2);
    hear(after, message_type::hello);
    pass(300ms);
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
    BOOST_TEST((heart.describe(1)->life == after.who.life));
}

BOOST_AUTO_TEST_CASE(a_hello_of_the_life_before_is_an_objection_and_the_older_one_stays)
{
    settle_in();
    stranger const older(1, 1);
    stranger younger(1, 2);
    younger.who.incarnation = 2000;
    chart(older);
    hear(younger, message_type::hello);
    pass(200ms);
    hear(older, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
    pass(1s);
    BOOST_TEST(news().empty());
    BOOST_TEST((heart.describe(1)->life == older.who.life));
}

BOOST_AUTO_TEST_CASE(of_two_that_claim_an_id_the_one_that_is_known_keeps_it_even_from_an_older_one)
{
    settle_in();
    stranger const older(1, 1);
    stranger younger(1, 2);
    younger.who.incarnation = 2000;
    chart(younger);
    hear(older, message_type::hello);
    pass(200ms);
    hear(younger, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
    pass(1s);
    BOOST_TEST(news().empty());
    BOOST_TEST((heart.describe(1)->life == younger.who.life));
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(one_objection_answers_all_claims_to_an_id)
{
    settle_in();
    stranger const known(1, 1);
    chart(known);
    for (int second = 0; second < 3; ++second) {
        for (std::uint8_t life = 2; life < 250; ++life) {
            stranger forged(1, life);
            forged.who.incarnation = life % 2 == 0 ? 2000 : 1;
            hear(forged, message_type::hello);
        }
        pass(200ms);
        hear(known, message_type::hello);
        pass(800ms);
    }
    BOOST_TEST((heart.describe(1)->life == known.who.life));
    for (auto const kind : news())
        BOOST_TEST(kind == event_kind::id_conflict);
}

BOOST_AUTO_TEST_CASE(a_conflict_that_goes_on_is_told_once_per_detection_time)
{
    settle_in();
    stranger const older(1, 1);
    stranger younger(1, 2);
    younger.who.incarnation = 2000;
    chart(older);
    std::size_t conflicts = 0;
    for (int i = 0; i < 35; ++i) {
        hear(younger, message_type::hello);
        hear(older, message_type::hello);
        pass(1s);
        for (auto const kind : news()) {
            BOOST_TEST(kind == event_kind::id_conflict);
            ++conflicts;
        }
    }
    BOOST_TEST(conflicts == 4U);
    BOOST_TEST((heart.describe(1)->life == older.who.life));
}

BOOST_AUTO_TEST_CASE(whoever_has_lost_an_id_may_claim_it_again_after_ten_detection_times)
{
    settle_in();
    stranger const older(1, 1);
    stranger younger(1, 2);
    younger.who.incarnation = 2000;
    for (int const detection_times : {9, 11}) {
        chart(older);
        hear(younger, message_type::hello);
        hear(older, message_type::hello);
        pass_with(older, detection_times * test::detection_time);
        hear(younger, message_type::hello);
        pass(1s);
        auto const holder = detection_times == 9 ? older.who.life : younger.who.life;
        BOOST_TEST((heart.describe(1)->life == holder), "after " << detection_times);
        if (detection_times == 9)
            pass_with(older, 20 * test::detection_time);
    }
}

BOOST_AUTO_TEST_CASE(whoever_is_forgotten_after_its_end_may_come_back_as_it_was)
{
    settle_in();
    stranger const other(1);
    chart(other);
    hear(other, message_type::bye);
    pass(1s);
    hear(other, message_type::hello);
    BOOST_TEST(!heart.describe(1).has_value());
    heart.forget(1);
    hear(other, message_type::hello);
    BOOST_TEST(heart.describe(1).has_value());
}

BOOST_AUTO_TEST_CASE(a_late_beat_of_the_life_before_a_restart_is_no_objection)
{
    settle_in();
    stranger const before(1, 1);
    stranger after(1, 2);
    after.who.incarnation = 2000;
    chart(before);
    hear(after, message_type::hello);
    hear(before, message_type::beat);
    pass(300ms);
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
}

BOOST_AUTO_TEST_CASE(late_datagrams_of_the_life_before_a_restart_are_no_conflict)
{
    settle_in();
    stranger const before(1, 1);
    stranger after(1, 2);
    after.who.incarnation = 2000;
    chart(before);
    hear(after, message_type::hello);
    pass(300ms);
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
    pass(299ms);
    hear(before, message_type::hello);
    hear(before, message_type::bye);
    pass(1s);
    BOOST_TEST(news().empty());
    BOOST_TEST((heart.describe(1)->life == after.who.life));
}

BOOST_AUTO_TEST_CASE(two_lives_that_began_in_the_same_millisecond_are_a_conflict)
{
    settle_in();
    stranger const one(1, 1);
    stranger const other(1, 2);
    for (int i = 0; i < 8; ++i) {
        hear(one, message_type::hello);
        hear(other, message_type::hello);
        pass(100ms);
        hear_proof(one);
        hear_proof(other);
        pass(900ms);
    }
    auto const told = news();
    BOOST_TEST(std::ranges::count(told, event_kind::restarted) <= 1);
    BOOST_TEST(std::ranges::count(told, event_kind::id_conflict) == 1);
}

BOOST_AUTO_TEST_CASE(another_who_claims_the_own_id_is_told_once_per_limit_and_not_charted)
{
    heart.start(now);
    stranger twin(7, 99);
    twin.who.incarnation = 5000;
    for (int i = 0; i < 9; ++i) {
        pass(1s);
        hear(twin, message_type::hello);
    }
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
    BOOST_TEST(heart.size() == 1U);
    pass(2s);
    hear(twin, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
}

BOOST_AUTO_TEST_CASE(it_defends_its_id_against_a_later_life)
{
    settle_in();
    stranger twin(7, 99);
    twin.who.incarnation = 5000;
    hear(twin, message_type::hello);
    pass(200ms);
    auto const said = sent();
    BOOST_TEST(std::ranges::count(types(said), message_type::hello) == 3);
    std::size_t conflicts = 0;
    for (auto const& each : said)
        if (each.what.type == message_type::conflict) {
            ++conflicts;
            BOOST_TEST((each.how.to == twin.source));
            BOOST_TEST(((*each.what.subjects.begin()) == heart.own()));
        }
    BOOST_TEST(conflicts == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_claims_an_id_with_a_life_that_has_ended_is_asked_whether_it_is_there)
{
    settle_in();
    stranger ended(1, 1);
    ended.source.port(40001);
    ended.record.unicast_port_v4 = 40001;
    chart(ended);
    hear(ended, message_type::bye);
    pass(1s);
    stranger present(1, 2);
    present.who.incarnation = 2000;
    chart(present);
    pass(1s);
    sent();
    news();
    hear(ended, message_type::hello);
    pass(10ms);
    auto const asked = sent(message_type::ping);
    BOOST_TEST(std::ranges::count_if(
                   asked, [&](said const& each) { return each.how.to == ended.source; }) == 6);
    BOOST_TEST(news().empty()); // somebody may have repeated what it said once
}

BOOST_AUTO_TEST_CASE(an_earlier_life_that_another_one_tells_of_is_taken_once_it_has_answered)
{
    settle_in();
    stranger teller(9);
    stranger earlier(1, 1);
    earlier.source.port(40001);
    earlier.record.unicast_port_v4 = 40001;
    stranger later(1, 2);
    later.source.port(40002);
    later.record.unicast_port_v4 = 40002;
    later.who.incarnation = 2000;
    chart(teller);
    chart(later);
    auto const told = earlier.as_member();
    auto const members = list_of(member_view{told->who(), true, told->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(teller, message_type::digest, says);
    pass(1ms);
    BOOST_TEST(!sent(message_type::ping).empty());
    BOOST_TEST((heart.describe(1)->life == later.who.life));
    hear_proof(earlier);
    BOOST_TEST((heart.describe(1)->life == earlier.who.life));
    auto const* entry = heart.segments().front()->known().members().find(1);
    BOOST_TEST(entry->is_proven());
    BOOST_TEST(entry->answers());
}

BOOST_AUTO_TEST_CASE(whoever_takes_an_id_over_by_a_hello_has_been_heard_and_proven_nothing)
{
    settle_in();
    chart(stranger(1));
    stranger after(1, 2);
    after.who.incarnation = 2000;
    hear(after, message_type::hello);
    pass(300ms);
    BOOST_TEST((heart.describe(1)->life == after.who.life));
    auto const* entry = heart.segments().front()->known().members().find(1);
    BOOST_TEST(entry->is_heard());
    BOOST_TEST(!entry->is_proven());
}

BOOST_AUTO_TEST_CASE(it_defends_its_id_against_an_older_life_once_in_its_detection_time)
{
    settle_in();
    stranger older(7, 99);
    older.who.incarnation = heart.own().incarnation - 1;
    std::size_t hellos = 0;
    for (int i = 0; i < 9; ++i) {
        hear(older, message_type::hello);
        pass(1s);
        for (auto const& each : sent()) {
            BOOST_TEST((each.what.type != message_type::conflict));
            hellos += each.what.type == message_type::hello;
        }
    }
    BOOST_TEST(hellos == 3U);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
    pass(1100ms);
    hear(older, message_type::hello);
    pass(1s);
    BOOST_TEST(sent(message_type::hello).size() == 3U);
    older.who.life.bytes[0] = 98;
    hear(older, message_type::hello);
    pass(1s);
    BOOST_TEST(sent(message_type::hello).size() == 3U);
}

BOOST_AUTO_TEST_CASE(claims_without_end_make_it_speak_25_times_a_second_at_most)
{
    settle_in();
    for (int i = 0; i < 1000; ++i) {
        stranger twin(7, static_cast<std::uint8_t>(8 + i % 200));
        twin.who.incarnation = i % 2 == 0 ? 5000 : 1;
        hear(twin, message_type::hello);
        pass(1ms);
    }
    BOOST_TEST(sent(message_type::hello).size() <= 1U + 25U);
}

BOOST_AUTO_TEST_CASE(right_after_a_restart_the_own_life_before_is_no_conflict)
{
    heart.start(now);
    stranger before(7, 99);
    before.who.incarnation = heart.own().incarnation - 1;
    pass(300ms);
    hear(before, message_type::hello);
    BOOST_TEST(news().empty());
    pass(1ms);
    hear(before, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
}

BOOST_AUTO_TEST_CASE(after_a_restart_with_the_clock_set_back_it_becomes_the_later_life)
{
    heart.start(now);
    pass(10ms);
    identity before = heart.own();
    before.life.bytes[0] = 99;
    before.incarnation += 1000;
    auto const ended = list_of(ended_member{before, false, 0ms});
    announcement answer;
    answer.summary = own_summary();
    answer.ended = wire_list<ended_member>(ended);
    hear(stranger(1), message_type::ack, answer);
    BOOST_TEST(heart.own().incarnation == before.incarnation + 1);
    pass(1s);
    auto const hellos = sent(message_type::hello);
    BOOST_TEST(hellos.back().what.who.incarnation == heart.own().incarnation);
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(its_incarnation_never_runs_more_than_a_day_ahead_of_the_clock)
{
    settle_in();
    constexpr std::uint64_t a_day = 86'400'000;
    auto const began = heart.own().incarnation;
    auto accused = heart.own();
    for (int i = 0; i < 10; ++i) {
        accused.incarnation = ~std::uint64_t{0} - 2;
        hear_about(stranger(1), message_type::gone, accused);
        BOOST_TEST(heart.own().incarnation >= began);
        BOOST_TEST(heart.own().incarnation <= began + a_day + 60'000);
        pass(1s);
    }
}

BOOST_AUTO_TEST_CASE(a_goodbye_of_another_life_is_ignored)
{
    hear(stranger(1, 1), message_type::hello);
    hear(stranger(1, 2), message_type::bye);
    hear(stranger(2), message_type::bye);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(whoever_left_does_not_come_back_by_what_was_under_way)
{
    settle_in();
    stranger const other(1);
    chart(other);
    hear(other, message_type::bye);
    heart.take_outgoing();
    for (int i = 0; i < 3; ++i) {
        hear(other, message_type::hello);
        hear_attempt(other, 1);
        hear(other, message_type::beat);
        pass(100ms);
    }
    BOOST_TEST(news() == kinds{event_kind::left}, per_element());
    BOOST_TEST(sent(message_type::ack).empty());
    stranger later(1, 2);
    later.who.incarnation = 2000;
    hear(later, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_lives_after_its_goodbye_is_told_and_found_when_it_objects)
{
    settle_in();
    stranger other(1);
    chart(other);
    hear(other, message_type::bye); // which it did not send
    pass(1s);
    heart.take_outgoing();
    hear(other, message_type::beat);
    auto const verdicts = sent(message_type::gone);
    BOOST_TEST_REQUIRE(verdicts.size() == 1U);
    BOOST_TEST((verdicts[0].how.to == other.source));
    BOOST_TEST((*verdicts[0].what.subjects.begin() == other.who));
    ++other.who.incarnation;
    hear(other, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::left, event_kind::found}), per_element());
    --other.who.incarnation;
    hear(other, message_type::bye); // the same once more
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(it_objects_to_a_goodbye_in_its_own_life)
{
    settle_in();
    stranger forged(7);
    forged.who = heart.own();
    hear(forged, message_type::bye);
    pass(1s);
    auto const hellos = sent(message_type::hello);
    BOOST_TEST(hellos.size() == 3U);
    for (auto const& each : hellos)
        BOOST_TEST(each.what.who.incarnation == forged.who.incarnation + 1);
}

BOOST_AUTO_TEST_CASE(it_objects_when_others_hold_that_it_has_left)
{
    settle_in();
    auto const before = heart.own().incarnation;
    auto const ended = list_of(ended_member{heart.own(), true, 1s});
    announcement says;
    says.ended = wire_list<ended_member>(ended);
    hear(stranger(1), message_type::digest, says);
    BOOST_TEST(heart.own().incarnation == before + 1);
}

BOOST_AUTO_TEST_CASE(it_overrules_what_was_said_in_its_name)
{
    settle_in();
    stranger forged(7);
    forged.who = heart.own();
    forged.who.incarnation += 5;
    hear(forged, message_type::hello);
    BOOST_TEST(heart.own().incarnation == forged.who.incarnation + 1);
    forged.who = heart.own();
    forged.record.sequence = 1;
    hear(forged, message_type::hello);
    BOOST_TEST(heart.own().incarnation == forged.who.incarnation + 1);
    // The same age, but other data.
    forged.who = heart.own();
    forged.record.sequence = 0;
    hear(forged, message_type::hello);
    BOOST_TEST(heart.own().incarnation == forged.who.incarnation + 1);
    // Also where others pass it on.
    forged.who = heart.own();
    auto const believed = forged.as_member();
    auto const members = list_of(member_view{believed->who(), true, believed->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(stranger(1), message_type::digest, says);
    BOOST_TEST(heart.own().incarnation == forged.who.incarnation + 1);
}

BOOST_AUTO_TEST_CASE(its_own_words_looped_back_are_nothing_to_object_to)
{
    heart.start(now);
    (void)heart.update(test::bytes_of("some"), now);
    pass(1s);
    auto const before = heart.own().incarnation;
    auto const said = heart.take_outgoing();
    (void)heart.update(test::bytes_of("more"), now);
    for (auto const& each : said)
        heart.receive(each.bytes, {3, {asio::ip::make_address("10.0.0.7"), 40007}, !each.to}, now);
    BOOST_TEST(heart.own().incarnation == before);
}

BOOST_AUTO_TEST_CASE(an_answer_that_a_goodbye_has_overtaken_charts_nobody)
{
    hear(stranger(1), message_type::bye);
    hear(stranger(1), message_type::hello);
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.size() == 1U);
    hear(stranger(1, 2), message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(a_late_datagram_of_an_earlier_life_does_not_undo_a_goodbye)
{
    settle_in();
    stranger const before(1, 1);
    stranger after(1, 2);
    after.who.incarnation = 2000;
    chart(before);
    hear(after, message_type::hello);
    pass(400ms);
    hear(after, message_type::bye);
    pass(100ms);
    hear(before, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::restarted, event_kind::left}), per_element());
    BOOST_TEST(heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_hello_that_was_not_sent_to_everybody_is_no_claim_to_an_id)
{
    settle_in();
    stranger const charted(1, 1);
    stranger other(1, 2);
    other.who.incarnation = 2000;
    chart(charted);
    heart.receive(other.datagram(message_type::hello), {3, other.source, false}, now);
    pass(1s);
    BOOST_TEST(news().empty());
    BOOST_TEST((heart.describe(1)->life == charted.who.life));
}

// A contest ends after 300 ms, for the other one where nobody objects.
BOOST_AUTO_TEST_CASE(however_often_its_id_is_claimed_each_claim_is_objected_to_in_time)
{
    test::lone_engine alone;
    alone.settle_in();
    alone.pass(20s);
    for (std::uint8_t life = 20; life < 60; ++life) {
        test::stranger rival(7, life);
        rival.who.incarnation = 5000 + life;
        alone.hear(rival, message_type::hello);
        alone.heart.take_outgoing();
        alone.pass(100ms);
        BOOST_TEST(!alone.sent(message_type::hello).empty());
        alone.pass(400ms);
    }
}

BOOST_AUTO_TEST_SUITE_END()
