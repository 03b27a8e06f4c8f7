// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"
#include "support/sim_printing.hpp"

#include "protocol/outreach.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// Whom one counts on to be watched by, where not everybody answers.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::outreach;
using ids = std::vector<std::uint64_t>;

namespace {

constexpr auto beat_interval = 2500ms;

/// Five members on the ring, proven unless they are rumours, of whom nothing has been heard.
struct five_others {
    explicit five_others(bool proven = true)
    {
        for (std::uint64_t id = 1; id <= 5; ++id) {
            auto const who = test::stranger(id).as_member();
            known.learn(who->who(), who->record(), {detail::channel::records, proven, true}, now);
            ring.push_back(who);
        }
        std::ranges::sort(ring, {}, [](auto const& each) { return each->position(); });
        own = ring.back()->position() + 1; // before all of them
    }

    std::uint64_t id(std::size_t nth) const { return ring[nth]->who().id; }
    void set_aside(std::size_t nth)
    {
        known.set_aside(ring[nth]->who());
        reach.retry(ring[nth]->who(), 1000s, now);
    }
    void answers(std::size_t nth) { known.members().answer(*known.members().find(id(nth))); }

    /// More members that others tell of, until there are so many.
    void fill_up(std::uint64_t up_to)
    {
        for (std::uint64_t number = 6; number <= up_to; ++number) {
            auto const who = test::stranger(number).as_member();
            known.learn(who->who(), who->record(), {detail::channel::records, true, true}, now);
        }
    }

    /// In which of the next so many seconds there was somebody to ask, some of them in vain.
    std::vector<std::int64_t> seconds_asked(std::chrono::seconds how_long, auto const& is_in_vain)
    {
        std::vector<std::int64_t> asked;
        for (auto const begun = now; now - begun < how_long; now += 500ms)
            for (auto const& each : reach.advance(1s, now).to_ask) {
                asked.push_back((now - begun) / 1s);
                if (is_in_vain(asked.back()))
                    reach.could_not_ask(each, each.copies);
            }
        return asked;
    }

    /// Whom to ask and how often, in the next so many seconds, every half second.
    std::vector<outreach::question> asked_within(std::chrono::seconds how_long)
    {
        std::vector<outreach::question> all;
        for (auto const end = now + how_long; now < end; now += 500ms)
            for (auto const& each : reach.advance(1s, now).to_ask)
                all.push_back(each);
        return all;
    }

    ids beaten_now()
    {
        ids all;
        for (auto const& each : reach.choose(own, on, beat_interval).relied_upon)
            if (each.its_turn)
                all.push_back(each.whom->who().id);
        return all;
    }

    /// Whom to beat at the next time that those out of turn are beaten, too.
    ids beaten()
    {
        ids all;
        for (int turn = 0; turn < 2; ++turn)
            for (auto const& each : beaten_now())
                if (std::ranges::find(all, each) == all.end())
                    all.push_back(each);
        return all;
    }

    /// How often each is asked before nothing is expected of it any more.
    std::size_t asked_until_unreached(std::uint64_t whom)
    {
        std::size_t copies = 0;
        for (int beat = 0; beat < 100; ++beat) {
            auto const chosen = reach.choose(own, on, beat_interval);
            for (auto const& each : chosen.to_ask)
                copies += each.whom->who().id == whom ? static_cast<std::size_t>(each.copies) : 0;
            for (auto const& each : chosen.unreached)
                if (each->who().id == whom)
                    return copies;
        }
        return 0;
    }

    std::size_t turns_without_postage_until_unreached()
    {
        std::size_t turns = 0;
        for (; turns < 100; ++turns, now += 1s) {
            auto const chosen = reach.choose(own, on, beat_interval);
            if (!chosen.unreached.empty())
                return turns;
            auto all = reach.advance(1s, now).to_ask;
            all.insert(all.end(), chosen.to_ask.begin(), chosen.to_ask.end());
            for (auto const& each : all) {
                BOOST_TEST(each.copies > 0);
                reach.could_not_ask(each, each.copies);
            }
        }
        return turns;
    }

    test::room_for_all const room{};
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    detail::link on = test::lone_engine::on(3);
    outreach reach{known};
    std::vector<detail::member_ptr> ring;
    std::uint64_t own = 0;
};

struct five_rumours : five_others {
    five_rumours() : five_others(false) {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_outreach, five_others)

BOOST_AUTO_TEST_CASE(where_all_answer_the_next_two_are_beaten_and_nobody_is_asked)
{
    for (std::size_t nth = 0; nth < 5; ++nth)
        answers(nth);
    auto const chosen = reach.choose(own, on, beat_interval);
    BOOST_TEST(chosen.relied_upon.size() == 2U);
    BOOST_TEST(chosen.relied_upon.front().apart == 1);
    BOOST_TEST(chosen.to_ask.empty());
    BOOST_TEST(beaten() == (ids{id(0), id(1)}), per_element());
    BOOST_TEST(!reach.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(who_has_not_answered_is_asked_and_soon_others_are_counted_on)
{
    answers(2);
    answers(3);
    auto const first = reach.choose(own, on, beat_interval);
    BOOST_TEST(first.relied_upon.empty()); // the next two may yet answer
    BOOST_TEST(first.to_ask.size() == 2U);
    reach.choose(own, on, beat_interval);
    reach.choose(own, on, beat_interval);
    BOOST_TEST(beaten() == (ids{id(2), id(3)}), per_element());
}

BOOST_AUTO_TEST_CASE(those_out_of_turn_are_beaten_every_other_time_and_told_so)
{
    answers(3);
    answers(4);
    for (int beat = 0; beat < 4; ++beat)
        reach.choose(own, on, beat_interval);
    std::size_t beats = 0;
    for (int beat = 0; beat < 10; ++beat)
        for (auto const& each : reach.choose(own, on, beat_interval).relied_upon) {
            BOOST_TEST(each.apart == 2); // whether it is its turn or not
            beats += each.its_turn;
        }
    BOOST_TEST(beats == 10U); // two of them, five times
}

BOOST_AUTO_TEST_CASE(one_that_many_count_on_is_beaten_less_often)
{
    answers(3);
    answers(4);
    for (int beat = 0; beat < 4; ++beat)
        reach.choose(own, on, beat_interval);
    auto const beats_to_the_fourth = [&](std::size_t counting) {
        reach.counting_on(ring[3]->who(), counting);
        std::ptrdiff_t beats = 0;
        for (int beat = 0; beat < 120; ++beat)
            beats += std::ranges::count(beaten_now(), id(3));
        return beats;
    };
    // 11 beats in an interval are as many as it may be sent.
    BOOST_TEST(beats_to_the_fourth(22) == 60);
    BOOST_TEST(beats_to_the_fourth(33) == 40);
    BOOST_TEST(beats_to_the_fourth(45) == 30);
    BOOST_TEST(beats_to_the_fourth(0) == 60); // it has said no more that there are many
}

// Where not all hear each other.
BOOST_AUTO_TEST_CASE(the_next_two_are_beaten_every_time_though_somebody_else_is_set_aside)
{
    for (std::size_t nth = 0; nth < 4; ++nth)
        answers(nth);
    set_aside(4);
    for (int beat = 0; beat < 10; ++beat) {
        auto const chosen = reach.choose(own, on, beat_interval);
        BOOST_TEST_REQUIRE(chosen.relied_upon.size() == 2U);
        for (auto const& each : chosen.relied_upon) {
            BOOST_TEST(each.apart == 1);
            BOOST_TEST(each.its_turn);
        }
    }
}

BOOST_AUTO_TEST_CASE(whoever_is_beaten_less_often_from_now_on_is_told_at_once)
{
    for (std::size_t nth = 0; nth < 4; ++nth)
        answers(nth);
    set_aside(4);
    for (int beat = 0; beat < 3; ++beat)
        reach.choose(own, on, beat_interval);
    reach.counting_on(ring[0]->who(), 33);
    auto const chosen = reach.choose(own, on, beat_interval);
    BOOST_TEST_REQUIRE(chosen.relied_upon.size() == 2U);
    BOOST_TEST(chosen.relied_upon.front().apart == 3);
    BOOST_TEST(chosen.relied_upon.front().its_turn);
    BOOST_TEST(beaten_now() == ids{id(1)}, per_element());
}

BOOST_AUTO_TEST_CASE(sixteen_questions_without_an_answer_are_enough)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    auto const asked = asked_until_unreached(id(0));
    BOOST_TEST(asked >= 16U);
    BOOST_TEST(asked <= 18U);
}

BOOST_AUTO_TEST_CASE(another_life_is_asked_as_often_as_if_the_one_before_had_not_been)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    for (int beat = 0; beat < 5; ++beat)
        reach.choose(own, on, beat_interval);
    auto const next_life = test::stranger(id(0), 2).as_member();
    known.forget(id(0));
    known.learn(next_life->who(), next_life->record(), {detail::channel::records, true, true}, now);
    BOOST_TEST(asked_until_unreached(id(0)) >= 16U);
}

BOOST_AUTO_TEST_CASE(the_longer_one_does_not_answer_the_more_it_is_asked)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    std::vector<int> copies;
    for (auto chosen = reach.choose(own, on, beat_interval); chosen.unreached.empty();
         chosen = reach.choose(own, on, beat_interval))
        copies.push_back(chosen.to_ask.front().copies);
    BOOST_TEST(copies == (std::vector{1, 1, 2, 3, 3, 3, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(among_few_whoever_was_never_heard_is_tried_once_it_is_known_for_long)
{
    auto const known_since = now;
    auto const first_question = [&] {
        for (;; now += 100ms)
            if (!reach.advance(1s, now).to_ask.empty())
                return now - known_since;
    };
    // Its own beat interval counts.
    BOOST_TEST((first_question() > 4 * beat_interval));
    BOOST_TEST((now - known_since < 4 * beat_interval + 1s));
}

// They are heard late, and one that has answered anybody is there.
BOOST_AUTO_TEST_CASE(of_more_than_64_nobody_is_tried_that_has_proven_itself_to_others)
{
    fill_up(64);
    BOOST_TEST(!asked_within(20s).empty());
    fill_up(65);
    BOOST_TEST(asked_within(20s).empty());
    BOOST_TEST(!reach.next_deadline().has_value());
}

BOOST_FIXTURE_TEST_CASE(whoever_is_tried_is_asked_four_times_at_once_and_so_in_four_turns,
                        five_rumours)
{
    now += 1min;
    reach.advance(1s, now);
    now += 500ms;
    for (int turn = 0; turn < 4; ++turn, now += 500ms) {
        auto const due = reach.advance(1s, now);
        BOOST_TEST_REQUIRE(due.to_ask.size() == 1U);
        BOOST_TEST(due.to_ask.front().copies == 4);
        BOOST_TEST(due.unreached.empty());
        BOOST_TEST((reach.next_deadline() == now + 500ms));
    }
    BOOST_TEST(reach.advance(1s, now).unreached.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(whoever_is_heard_is_tried_no_longer, five_rumours)
{
    now += 1min;
    auto const before = asked_within(1s);
    BOOST_TEST_REQUIRE(before.size() == 1U);
    auto const first = before.front().whom;
    known.hear(first->who(), false, now);
    auto const after = asked_within(1min);
    BOOST_TEST(after.size() > 8U);
    for (auto const& each : after)
        BOOST_TEST((each.whom != first));
}

BOOST_FIXTURE_TEST_CASE(whoever_was_tried_in_vain_is_not_tried_again_before_all_others,
                        five_rumours)
{
    ids unreached;
    for (auto const end = now + 1min; now < end; now += 500ms)
        for (auto const& each : reach.advance(1s, now).unreached)
            unreached.push_back(each->who().id);
    BOOST_TEST_REQUIRE(unreached.size() > 5U);
    unreached.resize(5);
    std::ranges::sort(unreached);
    BOOST_TEST(unreached == (ids{1, 2, 3, 4, 5}), per_element());
}

BOOST_FIXTURE_TEST_CASE(whoever_cannot_be_asked_keeps_nobody_else_from_being_tried, five_rumours)
{
    ids tried;
    for (auto const end = now + 1min; now < end; now += 500ms)
        for (auto const& each : reach.advance(1s, now).to_ask) {
            auto const whom = each.whom->who().id;
            if (whom == 1)
                reach.could_not_ask(each, each.copies);
            else if (std::ranges::find(tried, whom) == tried.end())
                tried.push_back(whom);
        }
    std::ranges::sort(tried);
    BOOST_TEST(tried == (ids{2, 3, 4, 5}), per_element());
}

// Of many; it was unproven when it was tried first.
BOOST_FIXTURE_TEST_CASE(whoever_has_proven_itself_meanwhile_is_tried_anew, five_rumours)
{
    fill_up(65);
    for (std::uint64_t number = 2; number <= 65; ++number) {
        auto& entry = *known.members().find(number);
        known.members().prove(entry);
        known.members().hear(entry);
    }
    auto& first = *known.members().find(1);
    now += 1min;
    auto const before = asked_within(1s);
    BOOST_TEST_REQUIRE(before.size() == 1U); // and it waits for more
    known.members().prove(first);
    BOOST_TEST(asked_within(1s).empty());
    set_aside(first.who().who().id == id(0) ? 1 : 0);
    int copies = 0;
    for (int turn = 0; turn <= 5; ++turn, now += 500ms) {
        auto const due = reach.advance(1s, now);
        for (auto const& each : due.to_ask)
            copies += each.whom->who().id == 1 ? each.copies : 0;
        BOOST_TEST(due.unreached.size() == (turn == 5 ? 1U : 0U));
    }
    BOOST_TEST(copies == 16);
}

BOOST_AUTO_TEST_CASE(of_those_that_are_gone_nothing_is_remembered)
{
    answers(3);
    answers(4);
    for (int beat = 0; beat < 6; ++beat)
        reach.choose(own, on, beat_interval);
    BOOST_TEST(reach.paces() == 2U);
    known.call_gone(ring[3]->who(), now);
    reach.choose(own, on, beat_interval);
    BOOST_TEST(reach.paces() == 1U);
}

BOOST_AUTO_TEST_CASE(
    what_could_not_be_asked_is_not_held_against_one_that_was_heard_where_all_answer)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    known.hear(ring[0]->who(), false, now);
    BOOST_TEST(turns_without_postage_until_unreached() == 100U);
    set_aside(4);
    BOOST_TEST(turns_without_postage_until_unreached() < 20U);
}

BOOST_AUTO_TEST_CASE(who_was_never_heard_and_cannot_be_asked_is_given_up)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    BOOST_TEST(turns_without_postage_until_unreached() < 10U);
}

BOOST_FIXTURE_TEST_CASE(those_set_aside_take_nobodys_turn_to_be_asked_for_a_proof, five_rumours)
{
    for (std::size_t nth = 0; nth < 4; ++nth)
        set_aside(nth);
    auto const chosen = reach.choose(own, on, beat_interval);
    BOOST_TEST_REQUIRE(chosen.to_ask.size() == 1U);
    BOOST_TEST(chosen.to_ask.front().whom->who().id == id(4));
}

// As of one that is told of by somebody who seldom tells.
BOOST_FIXTURE_TEST_CASE(whoever_has_to_wait_for_postage_is_tried_to_the_end_all_the_same,
                        five_rumours)
{
    std::size_t unreached = 0;
    for (auto const end = now + 1000s; now < end; now += 500ms) {
        auto const due = reach.advance(1s, now);
        unreached += due.unreached.size();
        bool const affordable = (now - detail::time_point{}) / 500ms % 3 == 0;
        for (auto const& each : due.to_ask)
            if (!affordable)
                reach.could_not_ask(each, each.copies);
    }
    BOOST_TEST(unreached > 0U);
}

BOOST_AUTO_TEST_CASE(of_many_that_do_not_answer_four_are_asked_in_one_turn)
{
    std::size_t most = 0;
    for (int beat = 0; beat < 8; ++beat)
        most = std::max(most, reach.choose(own, on, beat_interval).to_ask.size());
    BOOST_TEST(most == 4U);
}

BOOST_AUTO_TEST_CASE(an_answer_ends_the_questions)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    for (int beat = 0; beat < 3; ++beat)
        reach.choose(own, on, beat_interval);
    answers(0);
    BOOST_TEST(reach.choose(own, on, beat_interval).to_ask.empty());
    BOOST_TEST(asked_until_unreached(id(0)) == 0U);
}

BOOST_AUTO_TEST_CASE(whoever_is_set_aside_is_asked_less_and_less_often)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    auto const who = ring[0]->who();
    known.set_aside(who);
    reach.retry(who, 1s, now);
    std::vector<std::int64_t> asked;
    auto const begun = now;
    for (; now - begun < 200s; now += 500ms)
        for (auto const& each : reach.advance(1s, now).to_ask)
            if (each.copies == 1)
                asked.push_back((now - begun) / 1s);
    BOOST_TEST(asked == (std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 127, 191}), per_element());
    known.members().answer(*known.members().find(who.id));
    BOOST_TEST(reach.advance(1s, now + 100s).to_ask.empty());
    BOOST_TEST(!reach.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(a_question_to_one_set_aside_that_could_not_be_asked_does_not_count)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    known.set_aside(ring[0]->who());
    reach.retry(ring[0]->who(), 1s, now);
    auto const asked = seconds_asked(30s, [](auto second) { return second < 5; });
    BOOST_TEST(asked == (std::vector<std::int64_t>{1, 2, 3, 4, 5, 7, 11, 19}), per_element());
}

BOOST_AUTO_TEST_CASE(where_one_question_could_not_be_asked_the_next_one_is_half_as_far_off)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    known.set_aside(ring[0]->who());
    reach.retry(ring[0]->who(), 1s, now);
    auto const asked = seconds_asked(33s, [](auto second) { return second == 7; });
    BOOST_TEST(asked == (std::vector<std::int64_t>{1, 3, 7, 8, 16, 32}), per_element());
}

BOOST_AUTO_TEST_CASE(each_that_is_set_aside_is_asked_again)
{
    for (std::size_t nth = 2; nth < 5; ++nth)
        answers(nth);
    for (std::size_t nth : {0U, 1U}) {
        known.set_aside(ring[nth]->who());
        reach.retry(ring[nth]->who(), 1s, now);
    }
    ids asked;
    for (auto const& each : asked_within(2s))
        asked.push_back(each.whom->who().id);
    BOOST_TEST(asked == (ids{id(0), id(1)}), per_element());
}

// As of one that has answered in between.
BOOST_AUTO_TEST_CASE(whoever_is_set_aside_twice_is_asked_once_at_a_time)
{
    for (std::size_t nth = 1; nth < 5; ++nth)
        answers(nth);
    known.set_aside(ring[0]->who());
    reach.retry(ring[0]->who(), 1s, now);
    answers(0);
    known.set_aside(ring[0]->who());
    reach.retry(ring[0]->who(), 1s, now);
    BOOST_TEST(asked_within(2s).size() == 1U);
}

BOOST_AUTO_TEST_CASE(once_anybody_is_set_aside_those_never_heard_are_tried_one_by_one)
{
    answers(1);
    answers(2);
    known.set_aside(ring[0]->who());
    reach.retry(ring[0]->who(), 1s, now);
    ids unreached;
    for (auto const end = now + 10s; now < end; now += 500ms)
        for (auto const& each : reach.advance(1s, now).unreached) {
            unreached.push_back(each->who().id);
            known.set_aside(each->who());
        }
    std::ranges::sort(unreached);
    auto expected = ids{id(3), id(4)};
    std::ranges::sort(expected);
    BOOST_TEST(unreached == expected, per_element());
}

BOOST_AUTO_TEST_CASE(who_objected_to_our_accusation_is_known_once)
{
    auto who = ring[0]->who();
    reach.accuse(who);
    BOOST_TEST(!reach.take_accused(who)); // that is the accusation itself
    ++who.incarnation;
    BOOST_TEST(reach.take_accused(who));
    BOOST_TEST(!reach.take_accused(who));
}

BOOST_AUTO_TEST_CASE(the_last_64_accusations_of_ours_are_known)
{
    auto const someone = [](std::uint64_t number, std::uint64_t incarnation) {
        return identity{number, {{1}}, incarnation};
    };
    for (std::uint64_t number = 0; number <= 64; ++number)
        reach.accuse(someone(number, 1));
    BOOST_TEST(!reach.take_accused(someone(0, 2)));
    for (std::uint64_t incarnation = 2; incarnation < 100; ++incarnation)
        reach.accuse(someone(64, incarnation)); // of one it is the last
    BOOST_TEST(reach.take_accused(someone(1, 2)));
    BOOST_TEST(reach.take_accused(someone(64, 100)));
}

BOOST_AUTO_TEST_CASE(a_trial_begins_half_a_beat_interval_after_there_is_a_reason)
{
    known.set_aside(ring[0]->who());
    reach.advance(1s, now);
    auto const due = reach.next_deadline();
    BOOST_TEST_REQUIRE(due.has_value());
    BOOST_TEST((*due - now == 500ms));
}

BOOST_AUTO_TEST_SUITE_END()
