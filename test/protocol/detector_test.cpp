// SPDX-License-Identifier: BSL-1.0
#include "protocol/detector.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

// What follows from the silence of those that are watched, and when, without a network.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::detector;

namespace {

/// Members on the ring before this instance, of which all have answered, and h is 1.6 s.
struct sentry {
    static constexpr auto h = 1600ms;
    static constexpr auto sixteenth = h / 16;

    explicit sentry(std::size_t others = 5)
    {
        for (std::uint64_t id = 1; id <= others; ++id) {
            auto who = test::stranger(id);
            who.record.beat_interval = h;
            auto const as_member = who.as_member();
            known.learn(as_member->who(), as_member->record(),
                        {detail::channel::records, true, true}, now);
            before.push_back(as_member);
        }
        std::ranges::sort(before, std::greater(),
                          [](auto const& each) { return each->position(); });
        hear_all();
        watching.advance(now);
    }

    identity const& nth(std::size_t which) const { return before[which]->who(); }
    void hear(std::size_t which) { known.hear(nth(which), true, now); }
    void hear_all()
    {
        for (std::size_t i = 0; i < before.size(); ++i)
            hear(i);
    }

    /// One that stands behind all others.
    test::stranger nearest() const
    {
        std::uint64_t id = 6;
        while (detail::ring_position(id, group_key()) < before.front()->position())
            ++id;
        test::stranger who(id);
        who.record.beat_interval = h;
        return who;
    }

    /// As a word for each, with the time in sixteenths of h: `20?` for a ping of the nearest one,
    /// `32?2>` for two of them and others asked, `44!` for a suspicion, `60+` for an end, and so
    /// on.
    std::vector<std::string> told_of(std::size_t which, detail::duration how_long,
                                     std::vector<std::size_t> const& speaking = {})
    {
        std::vector<std::string> words;
        auto const start = now;
        for (auto const end = now + how_long; now < end; now += 1ms) {
            for (auto const each : speaking)
                hear(each);
            auto const due = watching.next_deadline();
            if (!due || *due > now)
                continue;
            auto const at = std::to_string((now - start) / sixteenth);
            auto const outcome = watching.advance(now);
            for (auto const& each : outcome.questions)
                if (each.whom->who() == nth(which))
                    words.push_back(at + "?" +
                                    (each.copies > 1 ? std::to_string(each.copies) : "") +
                                    (each.through_others ? ">" : "") + (each.called ? "*" : ""));
            for (auto const& each : outcome.findings)
                if (each.whom->who() == nth(which))
                    words.push_back(at + (each.unreached ? "-" : each.gone ? "+" : "!"));
        }
        return words;
    }

    static detail::engine_config configured()
    {
        detail::engine_config config;
        config.own = {7, {{7}}, 1000};
        config.detection_time = 4 * h;
        return config;
    }

    test::room_for_all const room{};
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    detail::link on = test::lone_engine::on(3);
    detail::self_state self{configured()};
    detector watching{known, on, self, 0};  // after all others
    std::vector<detail::member_ptr> before; ///< The nearest one first.
};

template <std::size_t Others>
struct many : sentry {
    many() : sentry(Others) {}
};

/// The nearest one is a newcomer that has not answered.
struct newcomer_before : sentry {
    explicit newcomer_before(bool proven_to_others)
    {
        before.insert(before.begin(), nearest().as_member());
        known.learn(nth(0), before.front()->record(),
                    {detail::channel::records, proven_to_others, true}, now);
        known.hear(nth(0), false, now);
        now += 50ms;
        known.hear(nth(0), false, now);
    }
};

struct unproven_before : newcomer_before {
    unproven_before() : newcomer_before(false) {}
};

struct unanswering_before : newcomer_before {
    unanswering_before() : newcomer_before(true) { watching.advance(now); }
};

/// The nearest one is known by what others tell alone.
struct never_heard_before : sentry {
    never_heard_before()
    {
        before.insert(before.begin(), nearest().as_member());
        known.learn(nth(0), before.front()->record(), {detail::channel::records, true, true}, now);
        now += 50ms;
        watching.advance(now);
    }
};

std::vector<std::string> const usual{"20?",   "24?", "28?2",  "32?2>", "36?3>", "40?3>",
                                     "44?2>", "44!", "48?2>", "52?2>", "56?2>", "60+"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_detector, sentry)

BOOST_AUTO_TEST_CASE(a_silent_one_is_asked_more_and_more_suspected_and_called_gone)
{
    BOOST_TEST(told_of(0, 62 * sixteenth, {1, 2, 3, 4}) == usual, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_is_known_after_its_end_is_called_gone_again)
{
    told_of(0, 62 * sixteenth, {1, 2, 3, 4});
    BOOST_TEST(told_of(0, 8 * sixteenth, {1, 2, 3, 4}) == (std::vector<std::string>{"2+", "6+"}),
               per_element());
}

BOOST_AUTO_TEST_CASE(the_second_one_waits_a_little_before_it_accuses)
{
    std::vector<std::string> late = usual;
    std::ranges::replace(late, "44!", "45!");
    std::ranges::replace(late, "44?2>", "45?2>");
    std::ranges::replace(late, "60+", "61+");
    BOOST_TEST(told_of(1, 62 * sixteenth, {0, 2, 3, 4}) == late, per_element());
}

BOOST_AUTO_TEST_CASE(two_are_watched_while_they_speak_and_no_more)
{
    BOOST_TEST(told_of(2, 10 * h, {0, 1}).empty());
    BOOST_TEST(watching.watches(nth(0).id));
    BOOST_TEST(watching.watches(nth(1).id));
    BOOST_TEST(!watching.watches(nth(2).id));
    BOOST_TEST(watching.counting() == 2U);
}

// One member is enough to hear of all others.
BOOST_AUTO_TEST_CASE(an_observer_watches_one_and_asks_no_others)
{
    self.observes = true;
    watching.stop();
    now += 50ms;
    hear_all();
    watching.advance(now);
    BOOST_TEST(watching.watches(nth(0).id));
    BOOST_TEST(!watching.watches(nth(1).id));
    auto const told = told_of(0, 62 * sixteenth, {1, 2, 3, 4});
    BOOST_TEST(std::ranges::count(told, "40?3") == 1);
    BOOST_TEST(told.back() == "60+");
}

// Where many start at once the neighbours change all the time.
BOOST_AUTO_TEST_CASE(whom_to_watch_is_chosen_anew_every_50_ms)
{
    auto const newcomer = nearest().as_member();
    auto const learned = now;
    known.learn(newcomer->who(), newcomer->record(), {detail::channel::records, true, true}, now);
    BOOST_TEST((watching.next_deadline() == learned + 50ms));
    watching.advance(learned + 49ms);
    BOOST_TEST(!watching.watches(newcomer->who().id));
    watching.advance(learned + 50ms);
    BOOST_TEST(watching.watches(newcomer->who().id));
}

BOOST_AUTO_TEST_CASE(after_a_while_without_changes_it_is_chosen_in_the_next_millisecond)
{
    now += h;
    hear_all();
    watching.advance(now);
    auto const newcomer = nearest().as_member();
    known.learn(newcomer->who(), newcomer->record(), {detail::channel::records, true, true}, now);
    BOOST_TEST((watching.next_deadline() == now + 1ms));
}

BOOST_AUTO_TEST_CASE(whoever_is_behind_one_that_does_not_answer_is_watched_as_if_silent_as_long)
{
    // The nearest one is not relied upon from 28 on, and this one has died with it.
    auto const told = told_of(2, 66 * sixteenth, {1});
    BOOST_TEST_REQUIRE(!told.empty());
    BOOST_TEST(told.front() == "28?2");
    BOOST_TEST((std::ranges::find(told, "44!") != told.end() ||
                std::ranges::find(told, "45!") != told.end()));
}

BOOST_AUTO_TEST_CASE(whoever_is_behind_two_that_do_not_answer_is_watched_after_the_first_ping)
{
    auto const told = told_of(3, 66 * sixteenth);
    BOOST_TEST_REQUIRE(!told.empty());
    BOOST_TEST(told.front() == "28?2"); // the two before it are silent since the same time
}

BOOST_AUTO_TEST_CASE(whom_to_watch_and_whom_to_ask_is_found_out_in_one_call)
{
    for (auto const end = now + 66 * sixteenth; now < end; now += 1ms) {
        watching.advance(now);
        BOOST_TEST((*watching.next_deadline() > now));
    }
}

BOOST_AUTO_TEST_CASE(once_the_nearer_ones_answer_those_behind_them_are_watched_no_more)
{
    told_of(0, 34 * sixteenth, {1, 2, 3, 4});
    BOOST_TEST(watching.watches(nth(2).id));
    hear_all();
    told_of(0, 2 * h, {0, 1, 2, 3, 4});
    BOOST_TEST(!watching.watches(nth(2).id));
}

BOOST_AUTO_TEST_CASE(whoever_has_restarted_is_relied_upon_again)
{
    told_of(0, 28 * sixteenth + 20ms, {1, 2, 3, 4});
    BOOST_TEST(watching.watches(nth(2).id));
    auto again = test::stranger(nth(0).id, 2);
    again.record.beat_interval = h;
    auto const as_member = again.as_member();
    known.forget(nth(0).id);
    known.learn(as_member->who(), as_member->record(), {detail::channel::records, true, true}, now);
    watching.advance(now);
    BOOST_TEST(watching.watches(nth(0).id));
    BOOST_TEST(!watching.watches(nth(2).id));
}

// As when others have told that it wants to be found gone in a fifth of the time.
BOOST_AUTO_TEST_CASE(whoever_is_to_be_watched_in_shorter_intervals_can_answer_within_them)
{
    told_of(0, 19 * sixteenth, {1, 2, 3, 4});
    auto hasty = test::stranger(nth(0).id);
    hasty.record.beat_interval = h / 5;
    hasty.record.sequence = 1;
    auto const as_member = hasty.as_member();
    known.learn(as_member->who(), as_member->record(), {detail::channel::records, false, true},
                now);
    std::vector<std::string> const faster{"0?",   "0?", "1?2",  "2?2>", "3?3>", "4?3>",
                                          "4?2>", "4!", "5?2>", "6?2>", "7?2>", "8+"};
    BOOST_TEST(told_of(0, 8 * sixteenth + 10ms, {1, 2, 3, 4}) == faster, per_element());
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_begins_the_count_anew)
{
    BOOST_TEST(told_of(0, 30 * sixteenth, {1}).size() == 3U);
    hear(0);
    auto const told = told_of(0, 22 * sixteenth, {1});
    BOOST_TEST(told == std::vector<std::string>{"20?"}, per_element());
    BOOST_TEST(self.local_health.factor() == 1);
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_after_five_steps_is_a_sign_of_ones_own_trouble)
{
    told_of(0, 37 * sixteenth, {1}); // five
    hear(0);
    told_of(0, 4 * sixteenth, {1});
    BOOST_TEST(self.local_health.factor() == 2);
    hear(0);
    auto const told = told_of(0, 60 * sixteenth, {1});
    BOOST_TEST_REQUIRE(!told.empty());
    BOOST_TEST(told.front() == "40?"); // it takes twice the time
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_after_four_steps_is_no_sign_of_trouble)
{
    told_of(0, 35 * sixteenth, {1});
    hear(0);
    told_of(0, 4 * sixteenth, {1});
    BOOST_TEST(self.local_health.factor() == 1);
}

BOOST_AUTO_TEST_CASE(whom_only_others_hear_three_times_in_a_row_is_not_for_us_to_watch)
{
    for (int time = 0; time < 3; ++time) {
        BOOST_TEST(watching.watches(nth(0).id));
        told_of(0, 33 * sixteenth, {1});
        watching.vouch(nth(0), {}, now);
    }
    BOOST_TEST(told_of(0, 21 * sixteenth, {1}).front() == "20-");
}

BOOST_AUTO_TEST_CASE(what_another_one_heard_earlier_is_no_sign_of_life)
{
    told_of(0, 33 * sixteenth, {1});
    watching.vouch(nth(0), 34 * sixteenth, now);
    auto const told = told_of(0, 4 * sixteenth, {1});
    BOOST_TEST(told == std::vector<std::string>{"3?3>"}, per_element());
}

BOOST_AUTO_TEST_CASE(one_that_counts_on_us_is_asked_later_and_gone_in_the_same_time)
{
    watching.adopt(before[4], now); // it beats every second time
    std::vector<std::string> const sparse{"34?",   "35?2", "36?3",  "38?3>", "40?3>", "42?4>",
                                          "44?2>", "44!",  "48?2>", "52?2>", "56?2>", "60+"};
    BOOST_TEST(told_of(4, 62 * sixteenth, {0, 1, 2, 3}) == sparse, per_element());
}

BOOST_AUTO_TEST_CASE(one_that_counts_on_us_is_watched_until_four_beats_are_missing)
{
    watching.adopt(before[4], now);
    BOOST_TEST(watching.counting() == 3U);
    told_of(4, 8 * h - 1ms, {0, 1, 2, 3, 4});
    BOOST_TEST(watching.watches(nth(4).id));
    told_of(4, 2 * h, {0, 1, 2, 3, 4});
    BOOST_TEST(!watching.watches(nth(4).id));
    BOOST_TEST(watching.counting() == 2U);
}

// Its answers to our beats are three intervals apart.
BOOST_AUTO_TEST_CASE(one_that_answers_so_seldom_is_asked_in_half_the_time_and_no_less)
{
    watching.rely_on(before[4], 3 * h, now);
    std::vector<std::string> const sparse{"49?",   "49?2", "50?3",  "51?3>", "52?3>", "53?4>",
                                          "54?2>", "54!",  "56?2>", "58?2>", "60?2>", "62+"};
    BOOST_TEST(told_of(4, 64 * sixteenth, {0, 1, 2, 3}) == sparse, per_element());
}

BOOST_AUTO_TEST_CASE(one_that_answers_in_each_interval_is_asked_as_fast_as_one_of_every_second)
{
    watching.rely_on(before[4], h, now);
    std::vector<std::string> const sparse{"18?",   "19?2", "20?3",  "22?3>", "24?3>", "26?4>",
                                          "28?2>", "28!",  "32?2>", "36?2>", "40?2>", "44+"};
    BOOST_TEST(told_of(4, 45 * sixteenth, {0, 1, 2, 3}) == sparse, per_element());
}

BOOST_AUTO_TEST_CASE(where_beats_are_to_come_sooner_than_was_said_nothing_is_overdue)
{
    watching.rely_on(before[4], 4 * h, now);
    BOOST_TEST(told_of(4, 3 * h, {0, 1, 2, 3}).empty());
    watching.rely_on(before[4], 2 * h, now);
    std::vector<std::string> const from_now_on{"0?",    "1?2", "2?3",   "4?3>",  "6?3>",  "8?4>",
                                               "10?2>", "10!", "14?2>", "18?2>", "22?2>", "26+"};
    BOOST_TEST(told_of(4, 27 * sixteenth, {0, 1, 2, 3}) == from_now_on, per_element());
}

BOOST_AUTO_TEST_CASE(one_that_was_to_answer_seldom_until_now_is_asked_as_if_silent_for_20)
{
    watching.rely_on(before[0], 2 * h, now); // until 128 sixteenths from now
    told_of(0, 99 * sixteenth, {0, 1, 2, 3, 4});
    BOOST_TEST(told_of(0, 29 * sixteenth, {1, 2, 3, 4}).empty());
    BOOST_TEST(watching.advance(now).questions.size() == 1U);
    std::vector<std::string> const from_24_on{"4?",  "8?2",   "12?2>", "16?3>", "20?3>", "24?2>",
                                              "24!", "28?2>", "32?2>", "36?2>", "40+"};
    BOOST_TEST(told_of(0, 41 * sixteenth, {1, 2, 3, 4}) == from_24_on, per_element());
}

BOOST_AUTO_TEST_CASE(one_that_counts_on_us_does_so_no_more_once_it_is_gone)
{
    watching.adopt(before[4], now);
    BOOST_TEST(watching.counting() == 3U);
    known.call_gone(nth(4), now);
    told_of(4, 100ms, {0, 1, 2, 3});
    BOOST_TEST(!watching.watches(nth(4).id));
    BOOST_TEST(watching.counting() == 2U);
}

BOOST_FIXTURE_TEST_CASE(one_that_has_proven_nothing_is_asked_four_times_in_a_beat_interval,
                        unproven_before)
{
    std::size_t asked = 0;
    for (auto const end = now + h; now < end; now += 1ms) {
        known.hear(nth(0), false, now);
        for (auto const& each : watching.advance(now).questions)
            if (each.whom->who() == nth(0)) {
                ++asked;
                BOOST_TEST(each.copies == 1);
            }
        BOOST_TEST((*watching.next_deadline() > now));
    }
    BOOST_TEST(asked == 4U);
}

// Then what is sent to it does not arrive.
BOOST_AUTO_TEST_CASE(one_that_speaks_half_an_interval_after_it_was_asked_should_have_answered)
{
    for (int const spoken : {26, 29}) { // it is asked at 20
        unanswering_before one;
        one.told_of(0, spoken * sixteenth, {1, 2, 3, 4, 5});
        one.known.hear(one.nth(0), false, one.now);
        auto const told = one.told_of(0, 46 * sixteenth, {1, 2, 3, 4, 5});
        bool const accused = std::ranges::find(told, "44!") != told.end();
        bool const given_up = std::ranges::find(told, "44-") != told.end();
        BOOST_TEST(accused == (spoken == 26));
        BOOST_TEST(given_up == (spoken == 29));
    }
}

// It may hear multicast only.
BOOST_FIXTURE_TEST_CASE(one_that_was_heard_and_never_answered_is_called_before_it_is_accused,
                        unanswering_before)
{
    std::vector<std::string> const called{"20?",   "24?", "28?2",  "32?2>*", "36?3>*", "40?3>*",
                                          "44?2>", "44!", "48?2>", "52?2>",  "56?2>",  "60+"};
    BOOST_TEST(told_of(0, 62 * sixteenth, {1, 2, 3, 4, 5}) == called, per_element());
}

BOOST_AUTO_TEST_CASE(the_silence_of_one_that_was_never_heard_here_means_nothing)
{
    never_heard_before one;
    auto const told = one.told_of(0, 62 * sixteenth, {1, 2, 3, 4, 5});
    BOOST_TEST_REQUIRE(told.size() > 6U);
    BOOST_TEST(told.front() == "20?");
    BOOST_TEST(told[5] == "40?3>");
    BOOST_TEST(told[6] == "44-");
    BOOST_TEST(told.back() == "44-");
}

// It is asked for the proof at once.
BOOST_FIXTURE_TEST_CASE(one_that_speaks_without_the_proof_it_was_asked_for_is_given_up,
                        unproven_before)
{
    told_of(0, 26 * sixteenth, {1, 2, 3, 4, 5});
    known.hear(nth(0), false, now);
    auto const told = told_of(0, 46 * sixteenth, {1, 2, 3, 4, 5});
    BOOST_TEST(std::ranges::count(told, "44!") == 0);
    BOOST_TEST(std::ranges::count(told, "44-") != 0);
}

BOOST_AUTO_TEST_CASE(one_that_is_denied_is_asked_at_once_and_gone_two_and_a_half_intervals_later)
{
    told_of(0, 5 * h, {0, 1, 2, 3, 4});
    watching.deny(*before[4], now);
    auto const told = told_of(4, 62 * sixteenth, {0, 1, 2, 3});
    BOOST_TEST(told.front() == "0?");
    BOOST_TEST(std::ranges::count(told, "24!") == 1);
    BOOST_TEST(std::ranges::count(told, "40+") == 1);
}

BOOST_AUTO_TEST_CASE(one_that_is_doubted_is_forgotten_once_it_speaks)
{
    told_of(0, 5 * h, {0, 1, 2, 3, 4});
    watching.doubt(*before[4], h, now);
    BOOST_TEST(told_of(4, 17 * sixteenth, {0, 1, 2, 3}) == std::vector<std::string>{"16?"},
               per_element());
    hear(4);
    BOOST_TEST(told_of(4, 10 * h, {0, 1, 2, 3}).empty());
    BOOST_TEST(!watching.watches(nth(4).id));
}

BOOST_AUTO_TEST_CASE(one_that_is_hurried_is_asked_as_if_it_had_been_silent_for_so_long)
{
    told_of(0, 5 * h, {0, 1, 2, 3});
    watching.hurry(*before[4], 24, now);
    std::vector<std::string> const from_24_on{"0?",  "4?2",   "8?2>",  "12?3>", "16?3>", "20?2>",
                                              "20!", "24?2>", "28?2>", "32?2>", "36+"};
    BOOST_TEST(told_of(4, 37 * sixteenth, {0, 1, 2, 3}) == from_24_on, per_element());
}

BOOST_AUTO_TEST_CASE(one_that_is_hurried_was_not_silent_before_it_was_heard_last)
{
    told_of(0, 5 * h, {0, 1, 2, 3, 4});
    told_of(0, 10 * sixteenth, {0, 1, 2, 3});
    watching.hurry(*before[1], 24, now); // which is watched, and speaks
    BOOST_TEST(told_of(1, 19 * sixteenth, {0, 2, 3}).empty());
}

BOOST_FIXTURE_TEST_CASE(one_that_is_sought_is_asked_at_once_like_one_that_was_silent, many<6>)
{
    now += 1ms;
    watching.seek(*before[3], now);
    auto const words = told_of(3, 42 * sixteenth, {0, 1, 2, 4, 5});
    BOOST_TEST_REQUIRE(words.size() > 3U);
    BOOST_TEST(words.front() == "0?");
    BOOST_TEST(words.back() == "40+");
}

BOOST_FIXTURE_TEST_CASE(one_that_is_sought_where_some_are_aside_is_not_accused, many<6>)
{
    known.set_aside(nth(5));
    now += 1ms;
    watching.seek(*before[3], now);
    auto const words = told_of(3, 42 * sixteenth, {0, 1, 2, 4});
    BOOST_TEST_REQUIRE(words.size() > 3U);
    BOOST_TEST(words.back() == "24-");
    BOOST_TEST(std::ranges::count(words, "24!") == 0);
}

BOOST_FIXTURE_TEST_CASE(one_that_is_sought_and_denied_by_others_is_accused_all_the_same, many<6>)
{
    known.set_aside(nth(5));
    now += 1ms;
    watching.seek(*before[3], now);
    watching.deny(*before[3], now);
    BOOST_TEST(told_of(3, 42 * sixteenth, {0, 1, 2, 4}).back() == "40+");
}

BOOST_AUTO_TEST_CASE(after_a_pause_of_ones_own_the_silence_of_others_begins_anew)
{
    now += 10 * h;
    watching.forgive(now);
    BOOST_TEST((watching.next_deadline() == now + 20 * sixteenth));
    BOOST_TEST(told_of(0, 21 * sixteenth, {1}) == std::vector<std::string>{"20?"}, per_element());
}

BOOST_AUTO_TEST_CASE(after_a_pause_of_ones_own_those_that_count_on_us_have_the_time_to_say_so)
{
    watching.adopt(before[4], now);
    now += 10 * h;
    watching.forgive(now);
    told_of(4, 7 * h, {0, 1, 2, 3, 4});
    BOOST_TEST(watching.watches(nth(4).id));
}

BOOST_AUTO_TEST_CASE(a_pause_is_long_for_those_that_speak_in_shorter_intervals)
{
    now += 3 * h;
    watching.forgive_within(h, now);
    BOOST_TEST(told_of(0, 2 * sixteenth).size() != 0U); // it was no longer than that
    told_of(0, h, {0, 1, 2, 3, 4});
    now += 3 * h;
    watching.forgive_within(h + 1ms, now);
    BOOST_TEST(told_of(0, h).empty());
}

BOOST_AUTO_TEST_CASE(whoever_stops_watches_nobody)
{
    watching.adopt(before[4], now);
    watching.stop();
    BOOST_TEST(watching.counting() == 0U);
    for (auto const& each : before)
        BOOST_TEST(!watching.watches(each->who().id));
}

BOOST_AUTO_TEST_CASE(whoever_rests_watches_nobody_until_it_does_not)
{
    watching.rest(true);
    BOOST_TEST(told_of(0, 10 * h).empty());
    BOOST_TEST(!watching.watches(nth(0).id));
    watching.rest(false);
    BOOST_TEST(!told_of(0, 2 * h).empty());
}

BOOST_AUTO_TEST_CASE(whoever_rests_asks_nobody_that_would_have_been_asked_now)
{
    told_of(0, 20 * sixteenth, {1, 2, 3, 4});
    watching.rest(true);
    BOOST_TEST(told_of(0, 1ms, {1, 2, 3, 4}).empty());
}

BOOST_FIXTURE_TEST_CASE(through_16_that_are_silent_others_are_asked, many<16>)
{
    auto const told = told_of(0, 62 * sixteenth);
    BOOST_TEST(std::ranges::count(told, "44?2>") == 1);
}

BOOST_FIXTURE_TEST_CASE(through_more_that_are_silent_nobody_else_is_asked, many<40>)
{
    auto const told = told_of(0, 62 * sixteenth);
    BOOST_TEST(std::ranges::count(told, "44?2") == 1);
    BOOST_TEST(std::ranges::count(told, "60+") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
