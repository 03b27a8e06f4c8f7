// SPDX-License-Identifier: BSL-1.0
#include "protocol/registry.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

// Who is known on one link, and which of two lives keeps an id.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::channel;
using detail::registry;
using test::stranger;
using verdict = registry::verdict;
using kinds = std::vector<event_kind>;

namespace {

constexpr auto one_detection_time = 10s;

struct one_registry {
    /// It said so itself.
    verdict hello(stranger const& who, bool proven = false)
    {
        return learn(who, {channel::hello, proven});
    }
    /// Others have told us of it.
    verdict told_of(stranger const& who, bool believed = true)
    {
        return learn(who, {channel::records, false, believed});
    }
    verdict learn(stranger const& who, registry::source from)
    {
        auto const value = who.as_member();
        return known.learn(value->who(), value->record(), from, now);
    }

    kinds news()
    {
        kinds all;
        for (auto const& each : known.take_changes())
            all.push_back(each.kind);
        return all;
    }

    std::vector<std::uint8_t> lives_to_ask()
    {
        std::vector<std::uint8_t> all;
        for (auto const& each : known.take_doubted())
            all.push_back(each->who().life.bytes[0]);
        return all;
    }

    void pass(detail::duration how_long)
    {
        now += how_long;
        known.advance(now);
    }

    bool holds(stranger const& who) const { return known.charts(who.who); }
    detail::roster_entry const& entry(std::uint64_t id) const { return *known.members().find(id); }

    static stranger later(stranger who, std::uint64_t by = 1)
    {
        who.who.incarnation += by;
        return who;
    }

    test::room_for_all const room{};
    detail::time_point now{24h};
    registry known{group_key(), nullptr, room, now};
    stranger const one{1};
    stranger const second_life = later(stranger(1, 2));
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_registry, one_registry)

BOOST_AUTO_TEST_CASE(what_is_new_is_told_once)
{
    BOOST_TEST((hello(one) == verdict::applied));
    BOOST_TEST((hello(one) == verdict::known));
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
    auto changed = one;
    ++changed.record.sequence;
    BOOST_TEST((hello(changed) == verdict::applied));
    BOOST_TEST((hello(one) == verdict::stale));
    BOOST_TEST(news() == kinds{event_kind::updated}, per_element());
    BOOST_TEST(entry(1).who().sequence() == changed.record.sequence);
    ++changed.record.sequence;
    hello(changed);
    BOOST_TEST(known.take_changes().front().before->sequence() == changed.record.sequence - 1);
}

BOOST_AUTO_TEST_CASE(it_is_heard_where_it_says_so_itself_and_answers_where_that_is_proven)
{
    told_of(one);
    BOOST_TEST(!entry(1).is_heard());
    hello(one);
    BOOST_TEST(entry(1).is_heard());
    BOOST_TEST(!entry(1).answers());
    BOOST_TEST(!entry(1).is_proven());
    hello(one, true);
    BOOST_TEST(entry(1).answers());
    BOOST_TEST(entry(1).is_proven());
}

BOOST_AUTO_TEST_CASE(when_it_was_heard_last_is_known)
{
    hello(one);
    pass(3s);
    BOOST_TEST(known.hear(one.who, false, now));
    BOOST_TEST((known.last_heard(entry(1)) == now));
    BOOST_TEST(known.is_heard_since(entry(1), now));
    BOOST_TEST(!known.is_heard_since(entry(1), now + 1ms));
    BOOST_TEST(!known.hear(second_life.who, false, now));
    BOOST_TEST(!known.hear(stranger(2).who, false, now));
}

BOOST_AUTO_TEST_CASE(a_suspect_that_objects_is_one_no_longer)
{
    hello(one);
    news();
    BOOST_TEST(known.suspect(one.who));
    BOOST_TEST(!known.suspect(one.who));
    BOOST_TEST(!known.suspect(second_life.who));
    BOOST_TEST(entry(1).is_suspect());
    hello(later(one));
    BOOST_TEST(!entry(1).is_suspect());
    BOOST_TEST(!known.suspect(one.who)); // it has objected to that
    BOOST_TEST(news() == (kinds{event_kind::suspect, event_kind::refuted, event_kind::updated}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_suspect_that_only_changes_its_record_is_still_one)
{
    hello(one);
    known.suspect(one.who);
    news();
    auto changed = one;
    ++changed.record.sequence;
    hello(changed);
    BOOST_TEST(entry(1).is_suspect());
    BOOST_TEST(news() == kinds{event_kind::updated}, per_element());
    BOOST_TEST(known.absolve(one.who));
    BOOST_TEST(!known.absolve(one.who));
    BOOST_TEST(!entry(1).is_suspect());
    BOOST_TEST(news() == kinds{event_kind::refuted}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_is_gone_returns_by_an_objection_only)
{
    hello(one);
    news();
    BOOST_TEST(!known.call_gone(second_life.who, now));
    BOOST_TEST(known.call_gone(one.who, now));
    BOOST_TEST(!known.call_gone(one.who, now));
    BOOST_TEST((hello(one) == verdict::ended));
    BOOST_TEST((hello(later(one)) == verdict::applied));
    BOOST_TEST(news() == (kinds{event_kind::gone, event_kind::returned}), per_element());
    BOOST_TEST(!known.dead().find(1));
    BOOST_TEST(!known.call_gone(one.who, now)); // it has objected to that
}

BOOST_AUTO_TEST_CASE(whose_end_was_assumed_returns_by_any_word)
{
    hello(one);
    BOOST_TEST(known.assume_gone(one.who, now));
    BOOST_TEST((told_of(one) == verdict::applied));
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone, event_kind::returned}),
               per_element());
}

BOOST_AUTO_TEST_CASE(whose_end_was_assumed_does_not_return_by_what_it_was_before)
{
    hello(later(one));
    known.assume_gone(later(one).who, now);
    BOOST_TEST((told_of(one) == verdict::ended));
}

BOOST_AUTO_TEST_CASE(an_end_of_which_others_have_told_is_not_assumed)
{
    hello(one);
    known.call_gone(one.who, now);
    BOOST_TEST(!known.assume_gone(one.who, now));
    BOOST_TEST((told_of(one) == verdict::ended));
}

BOOST_AUTO_TEST_CASE(when_anything_has_changed_last_is_known)
{
    auto const changes_now = [&](auto const& what) {
        pass(1s);
        what();
        return known.changed_at() == now;
    };
    BOOST_TEST(changes_now([&] { hello(one); }));
    BOOST_TEST(!changes_now([&] { hello(one); }));
    BOOST_TEST(!changes_now([&] { known.suspect(one.who); }));
    BOOST_TEST(changes_now([&] { hello(later(one)); }));
    BOOST_TEST(!changes_now([&] { hello(second_life); }));
    BOOST_TEST(changes_now([] {})); // and now it has the id
    BOOST_TEST(changes_now([&] { known.call_gone(second_life.who, now); }));
}

BOOST_AUTO_TEST_CASE(so_many_join_by_what_is_not_told_yet)
{
    hello(one);
    hello(stranger(2));
    hello(later(one));
    BOOST_TEST(known.joining() == 2U);
    news();
    BOOST_TEST(known.joining() == 0U);
}

BOOST_AUTO_TEST_CASE(an_end_tells_when_it_was_heard_first_and_last)
{
    auto const first = now;
    hello(one);
    pass(3s);
    known.hear(one.who, false, now);
    auto const last = now;
    pass(5s);
    known.take_changes();
    known.leave(one.who, now);
    auto const changes = known.take_changes();
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST((changes.front().kind == event_kind::left));
    BOOST_TEST((changes.front().member == detail::membership::ended));
    BOOST_TEST((changes.front().first_heard == first));
    BOOST_TEST((changes.front().last_heard == last));
}

BOOST_AUTO_TEST_CASE(an_end_is_remembered_for_ten_detection_times)
{
    hello(one);
    known.call_gone(one.who, now);
    BOOST_TEST((known.next_deadline() == now + 10 * one_detection_time));
    pass(10 * one_detection_time - 1ms);
    BOOST_TEST((hello(one) == verdict::ended));
    pass(1ms);
    news();
    BOOST_TEST((hello(one) == verdict::applied));
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(the_goodbye_of_one_that_was_never_known_is_remembered_for_ten_seconds)
{
    BOOST_TEST(!known.leave(one.who, now));
    BOOST_TEST((told_of(one) == verdict::ended));
    BOOST_TEST((known.next_deadline() == now + 10s));
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(a_goodbye_that_was_objected_to_since_means_nothing)
{
    hello(later(one));
    news();
    BOOST_TEST(!known.leave(one.who, now));
    BOOST_TEST(holds(one));
    BOOST_TEST(news().empty());
}

BOOST_AUTO_TEST_CASE(whoever_says_goodbye_after_it_was_called_gone_has_left)
{
    hello(one);
    known.call_gone(one.who, now);
    BOOST_TEST(known.dead().gone() == 1U);
    BOOST_TEST(!known.leave(later(one).who, now));
    BOOST_TEST(known.dead().gone() == 0U);
    BOOST_TEST((hello(later(one)) == verdict::ended));
    BOOST_TEST((hello(later(one, 2)) == verdict::applied));
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone, event_kind::found}),
               per_element());
}

BOOST_AUTO_TEST_CASE(the_goodbye_of_another_life_ends_nobody)
{
    hello(second_life);
    BOOST_TEST(!known.leave(one.who, now));
    BOOST_TEST(holds(second_life));
    known.call_gone(second_life.who, now);
    BOOST_TEST(!known.leave(one.who, now));
    BOOST_TEST(known.dead().gone() == 1U);
}

BOOST_AUTO_TEST_CASE(an_end_that_others_tell_of_is_remembered_from_when_it_was)
{
    pass(1min);
    known.remember({one.who, false, 4s}, now);
    BOOST_TEST((told_of(one) == verdict::ended));
    BOOST_TEST((known.next_deadline() == now + 6s));
    known.remember({stranger(2).who, false, 10s}, now); // for too long
    BOOST_TEST(!known.dead().find(2));
}

BOOST_AUTO_TEST_CASE(what_others_tell_of_an_end_counts_less_than_what_is_known)
{
    hello(one);
    known.remember({one.who, false, 1s}, now);
    BOOST_TEST(holds(one));
    BOOST_TEST(!known.dead().find(1));
    known.call_gone(one.who, now);
    known.remember({second_life.who, true, 1s}, now);
    BOOST_TEST((known.dead().find(1)->who.life == one.who.life));
    known.remember({stranger(2, 2).who, true, 1s}, now);
    known.remember({stranger(2).who, true, 1s}, now);
    BOOST_TEST((known.dead().find(2)->who.life == stranger(2, 2).who.life)); // the later one
    known.remember({stranger(2, 3).who, true, 1s}, now);
    BOOST_TEST((known.dead().find(2)->who.life == stranger(2, 3).who.life));
}

BOOST_AUTO_TEST_CASE(of_whom_is_forgotten_nothing_is_known)
{
    hello(one);
    hello(stranger(2));
    known.call_gone(one.who, now);
    known.forget(1);
    known.forget(2);
    BOOST_TEST(!known.dead().find(1));
    BOOST_TEST(known.members().size() == 0U);
}

BOOST_AUTO_TEST_CASE(whoever_is_neither_heard_nor_reached_is_not_charted_until_it_is_heard)
{
    told_of(one);
    known.suspect(one.who);
    news();
    BOOST_TEST(!known.set_aside(second_life.who));
    BOOST_TEST(known.set_aside(one.who));
    BOOST_TEST(!known.set_aside(one.who));
    BOOST_TEST(!holds(one));
    BOOST_TEST(!known.suspect(one.who));
    auto changed = one;
    ++changed.record.sequence;
    BOOST_TEST((told_of(changed) == verdict::applied)); // nobody is told of what it does
    BOOST_TEST(news() == kinds{event_kind::unreachable}, per_element());
    BOOST_TEST(known.hear(one.who, true, now));
    BOOST_TEST(holds(one));
    BOOST_TEST(!entry(1).is_suspect());
    BOOST_TEST(news() == kinds{event_kind::reachable}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_was_heard_is_charted_until_it_is_missed)
{
    auto const first = now;
    hello(one);
    pass(1s);
    known.hear(one.who, false, now);
    auto const last = now;
    news();
    BOOST_TEST(!known.miss(one.who)); // it may yet answer
    known.set_aside(one.who);
    BOOST_TEST(holds(one));
    BOOST_TEST(news().empty());
    pass(5s);
    BOOST_TEST(!known.miss(second_life.who));
    BOOST_TEST(known.miss(one.who));
    BOOST_TEST(!known.miss(one.who));
    BOOST_TEST(!holds(one));
    known.hear(one.who, false, now);
    auto const changes = known.take_changes();
    BOOST_TEST_REQUIRE(changes.size() == 2U);
    BOOST_TEST((changes.front().kind == event_kind::unreachable));
    BOOST_TEST((changes.front().member == detail::membership::ended));
    BOOST_TEST((changes.front().first_heard == first));
    BOOST_TEST((changes.front().last_heard == last));
    BOOST_TEST((changes.back().kind == event_kind::reachable));
    BOOST_TEST((changes.back().member == detail::membership::begun));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_of_the_end_of_one_that_is_not_charted)
{
    told_of(one);
    known.set_aside(one.who);
    news();
    BOOST_TEST(known.call_gone(one.who, now));
    BOOST_TEST(news().empty());
    BOOST_TEST((told_of(one) == verdict::ended));
}

BOOST_AUTO_TEST_CASE(the_later_life_of_one_that_has_ended_is_a_restart_unless_it_had_left)
{
    hello(one);
    known.call_gone(one.who, now);
    BOOST_TEST((hello(second_life) == verdict::applied));
    known.leave(second_life.who, now);
    BOOST_TEST((hello(later(stranger(1, 3), 2)) == verdict::applied));
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone, event_kind::restarted,
                                event_kind::left, event_kind::found}),
               per_element());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_is_heard_once_nothing_of_it_is_under_way_any_more)
{
    hello(second_life);
    known.call_gone(second_life.who, now);
    pass(300ms);
    BOOST_TEST((hello(one) == verdict::stale));
    pass(1ms);
    BOOST_TEST((hello(one) == verdict::applied));
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone, event_kind::restarted}),
               per_element());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_that_others_tell_of_is_asked_and_comes_if_it_answers)
{
    hello(second_life);
    known.call_gone(second_life.who, now);
    news();
    BOOST_TEST((told_of(one, false) == verdict::stale));
    BOOST_TEST(lives_to_ask().empty());
    BOOST_TEST((told_of(one) == verdict::contested));
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element());
    BOOST_TEST((told_of(one) == verdict::contested));
    BOOST_TEST(lives_to_ask().empty()); // once is enough
    BOOST_TEST(known.hear(one.who, true, now));
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
    BOOST_TEST(entry(1).is_proven());
}

BOOST_AUTO_TEST_CASE(an_earlier_life_that_has_not_answered_is_asked_again_after_its_detection_time)
{
    hello(second_life);
    known.call_gone(second_life.who, now);
    told_of(one);
    pass(300ms);
    lives_to_ask();
    pass(one_detection_time - 1ms);
    BOOST_TEST((told_of(one) == verdict::stale));
    pass(1ms);
    BOOST_TEST((told_of(one) == verdict::contested));
    BOOST_TEST(lives_to_ask().size() == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_is_silent_loses_its_id_to_one_that_claims_it)
{
    hello(one);
    news();
    BOOST_TEST((hello(second_life) == verdict::contested));
    BOOST_TEST((known.next_deadline() == now + 300ms));
    pass(299ms);
    BOOST_TEST(holds(one));
    pass(1ms);
    BOOST_TEST(holds(second_life));
    BOOST_TEST(entry(1).is_heard());
    BOOST_TEST(known.members().size() == 1U);
    auto const changes = known.take_changes();
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST((changes.front().kind == event_kind::restarted));
    BOOST_TEST((changes.front().member == detail::membership::kept));
    BOOST_TEST((changes.front().before->who().life == one.who.life));
    BOOST_TEST(known.has_lost(one.who));
    BOOST_TEST((hello(one) == verdict::stale)); // it was under way
    pass(300ms);
    lives_to_ask();
    BOOST_TEST((hello(one) == verdict::contested));
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element()); // or is a replay
}

BOOST_AUTO_TEST_CASE(whoever_says_hello_keeps_its_id_and_the_other_one_is_a_conflict)
{
    hello(one);
    news();
    hello(second_life);
    known.hear_hello(second_life.who, now); // its own does not count
    known.hear_hello(stranger(1, 3).who, now);
    BOOST_TEST(news().empty());
    known.hear_hello(one.who, now);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
    pass(1s);
    BOOST_TEST(holds(one));
    BOOST_TEST(known.has_lost(second_life.who));
    BOOST_TEST(!known.has_lost(one.who));
    BOOST_TEST(lives_to_ask().empty());
}

BOOST_AUTO_TEST_CASE(a_conflict_is_told_once_in_a_detection_time_while_it_is_there)
{
    hello(one);
    hello(second_life);
    known.hear_hello(one.who, now);
    news();
    pass(one_detection_time - 1ms);
    BOOST_TEST((hello(second_life) == verdict::stale));
    BOOST_TEST(news().empty());
    pass(1ms);
    BOOST_TEST((hello(second_life) == verdict::stale));
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
    pass(10 * one_detection_time - 1ms);
    BOOST_TEST((hello(second_life) == verdict::stale));
    pass(10 * one_detection_time);
    BOOST_TEST((hello(second_life) == verdict::contested)); // nobody remembers
}

BOOST_AUTO_TEST_CASE(of_a_later_life_that_others_tell_of_the_known_one_is_asked)
{
    hello(one);
    news();
    BOOST_TEST((told_of(second_life, false) == verdict::stale));
    BOOST_TEST((told_of(second_life) == verdict::contested));
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element());
    pass(300ms);
    BOOST_TEST(holds(second_life));
    BOOST_TEST(!entry(1).is_heard());
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_answers_keeps_its_id_and_is_asked_again_after_its_detection_time)
{
    hello(one);
    told_of(second_life);
    lives_to_ask();
    known.hear(one.who, false, now); // that may be somebody else's
    known.hear(second_life.who, true, now);
    known.hear(one.who, true, now);
    pass(one_detection_time - 1ms);
    BOOST_TEST(holds(one));
    BOOST_TEST((told_of(second_life) == verdict::stale));
    BOOST_TEST((learn(second_life, {channel::direct, false, true}) == verdict::stale));
    pass(1ms);
    BOOST_TEST((learn(second_life, {channel::direct, false, true}) == verdict::stale));
    BOOST_TEST((told_of(second_life) == verdict::contested));
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element());
    BOOST_TEST(news() == kinds{event_kind::found}, per_element()); // it may be nobody
}

BOOST_AUTO_TEST_CASE(an_answer_from_an_address_that_is_not_proven_keeps_no_id)
{
    hello(one);
    told_of(second_life);
    known.hear(one.who, false, now);
    pass(300ms);
    BOOST_TEST(holds(second_life));
}

BOOST_AUTO_TEST_CASE(the_proof_of_one_that_claims_an_id_is_none_of_the_one_that_has_it)
{
    hello(one);
    hello(second_life, true);
    BOOST_TEST(!entry(1).is_proven());
    BOOST_TEST(!entry(1).answers());
}

BOOST_AUTO_TEST_CASE(whoever_answers_takes_its_id_back_from_a_later_life)
{
    hello(second_life);
    news();
    BOOST_TEST((told_of(one) == verdict::contested));
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element());
    known.hear_hello(second_life.who, now); // nobody doubts that it lives
    known.hear(second_life.who, true, now);
    known.hear(one.who, true, now);
    BOOST_TEST(holds(one));
    BOOST_TEST(news() == (kinds{event_kind::restarted, event_kind::id_conflict}), per_element());
    BOOST_TEST(known.has_lost(second_life.who));
    pass(10 * one_detection_time - 1ms);
    BOOST_TEST((hello(second_life) == verdict::stale));
}

BOOST_AUTO_TEST_CASE(an_earlier_life_that_does_not_answer_may_still_claim_its_id)
{
    hello(second_life);
    told_of(one);
    pass(300ms);
    BOOST_TEST(holds(second_life));
    BOOST_TEST((told_of(one) == verdict::stale));
    BOOST_TEST((hello(one) == verdict::contested));
    pass(300ms);
    BOOST_TEST(holds(one));
}

BOOST_AUTO_TEST_CASE(a_claim_counts_though_the_one_that_had_the_id_ends_meanwhile)
{
    hello(one);
    hello(second_life);
    known.call_gone(one.who, now);
    pass(300ms);
    BOOST_TEST(holds(second_life));
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone, event_kind::restarted}),
               per_element());
    BOOST_TEST(!entry(1).is_proven());
}

BOOST_AUTO_TEST_CASE(whoever_claims_the_id_of_one_that_leaves_meanwhile_is_found)
{
    hello(one);
    hello(second_life);
    known.leave(one.who, now);
    news();
    pass(300ms);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_has_lost_its_id_is_asked_once_the_other_one_has_ended)
{
    hello(second_life);
    hello(one);
    known.hear_hello(second_life.who, now);
    BOOST_TEST(known.has_lost(one.who));
    known.call_gone(second_life.who, now);
    BOOST_TEST((told_of(one) == verdict::contested));
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element());
}

BOOST_AUTO_TEST_CASE(what_one_that_is_not_charted_has_won_counts_for_nothing)
{
    hello(one);
    told_of(second_life);
    pass(300ms);
    BOOST_TEST((hello(one) == verdict::stale));
    known.set_aside(second_life.who);
    BOOST_TEST((hello(one) == verdict::contested));
}

BOOST_AUTO_TEST_CASE(whoever_has_ended_before_its_claim_was_settled_is_not_let_in)
{
    hello(one);
    hello(second_life);
    known.forget(1);
    hello(second_life);
    known.leave(second_life.who, now);
    pass(300ms);
    BOOST_TEST(known.members().size() == 0U);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::found, event_kind::left}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_rumour_of_a_later_life_counts_for_nothing_once_the_known_one_has_ended)
{
    hello(one);
    told_of(second_life);
    known.call_gone(one.who, now);
    pass(300ms);
    BOOST_TEST(known.members().size() == 0U);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_takes_the_id_of_one_that_is_not_charted_is_a_new_member)
{
    told_of(one);
    known.set_aside(one.who);
    news();
    hello(second_life);
    pass(300ms);
    auto const changes = known.take_changes();
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST((changes.front().kind == event_kind::restarted));
    BOOST_TEST((changes.front().member == detail::membership::begun));
}

// Somebody may repeat what it said while it lived.
BOOST_AUTO_TEST_CASE(the_claim_of_a_former_life_is_no_conflict_before_it_has_answered)
{
    hello(one);
    hello(second_life);
    pass(300ms); // it has taken the id
    pass(300ms);
    news();
    hello(one);
    known.hear_hello(second_life.who, now);
    known.hear(one.who, false, now);
    hello(one);
    BOOST_TEST(news().empty());
    known.hear(one.who, true, now);
    hello(one, true);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_has_left_before_is_asked_whether_its_claim_is_no_replay)
{
    hello(one);
    known.leave(one.who, now);
    hello(second_life);
    BOOST_TEST(lives_to_ask().empty());
    BOOST_TEST((hello(one, true) == verdict::contested));
    BOOST_TEST(lives_to_ask().empty()); // that is a proof
    hello(one);
    BOOST_TEST(lives_to_ask() == (std::vector<std::uint8_t>{1}), per_element());
    known.hear_hello(second_life.who, now);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::left, event_kind::found}),
               per_element());
}

BOOST_AUTO_TEST_CASE(whoever_finds_no_room_is_told_of_and_known_by_nothing_else)
{
    struct room_for_the_proven final : detail::census {
        bool has_room(std::uint64_t, bool proven) const override { return proven; }
    } const little_room;
    registry full(group_key(), nullptr, little_room, now);
    auto const who = one.as_member();
    pass(1s);
    auto const learn_it = [&](bool proven) {
        return full.learn(who->who(), who->record(), {channel::hello, proven}, now);
    };
    BOOST_TEST((learn_it(false) == verdict::refused));
    BOOST_TEST((full.refused_at() == now));
    BOOST_TEST(full.members().size() == 0U);
    auto const changes = full.take_changes();
    BOOST_TEST_REQUIRE(changes.size() == 1U);
    BOOST_TEST((changes.front().kind == event_kind::chart_full));
    BOOST_TEST((learn_it(true) == verdict::applied));
}

BOOST_AUTO_TEST_CASE(whoever_is_turned_away_is_told_of)
{
    known.turn_away(one.who, one.as_member()->record());
    BOOST_TEST(news() == kinds{event_kind::chart_full}, per_element());
    BOOST_TEST(!known.has_changes());
    BOOST_TEST(known.members().size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
