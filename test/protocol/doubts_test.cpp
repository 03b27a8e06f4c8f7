// SPDX-License-Identifier: BSL-1.0
#include "support/sim_attacker.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

// Somebody is not there any more, and those whose task it is to tell do not: they have never heard
// it, or are gone themselves.

using namespace rollcast;
using namespace std::chrono_literals;
using test::detection_time;
using test::on_its_own_host;
using test::stranger;

namespace {

/// Sixteen others. Those next to us on the ring are watched here, and the farthest one is not.
struct crowd : test::lone_engine {
    crowd()
    {
        settle_in();
        for (std::uint64_t id = 11; id < 27; ++id)
            others.push_back(on_its_own_host(id));
        std::ranges::sort(others, {}, &crowd::distance);
        for (auto const& each : others)
            chart(each);
    }

    /// From us, clockwise on the ring.
    static std::uint64_t distance(stranger const& who)
    {
        group_key const key{};
        return detail::ring_position(who.who.id, key) - detail::ring_position(7, key);
    }

    stranger const& farthest() const { return others[others.size() / 2]; }

    /// Lets time pass in which all beat.
    void pass_with_all(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; pass(1250ms))
            for (auto const& each : others)
                hear(each, message_type::beat);
    }

    /// The same but for the farthest one.
    void pass_without_it(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; pass(1250ms))
            for (auto const& each : others)
                if (each.who.id != farthest().who.id)
                    hear(each, message_type::beat);
    }

    bool is_charted(stranger const& who) const { return heart.describe(who.who.id).has_value(); }

    std::vector<stranger> others;
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_doubts)

// The other one that watches it, and one by chance: who never was heard by the first may be by
// that.
BOOST_FIXTURE_TEST_CASE(one_that_is_missed_is_asked_through_two_others_at_a_time, crowd)
{
    auto const& silent = others.back();
    pass_with_all(detection_time);
    sent();
    std::set<asio::ip::address> helpers; // each has one of its own
    for (auto const end = now + detection_time; now < end; pass(250ms)) {
        for (auto const& each : others)
            if (each.who.id != silent.who.id)
                hear(each, message_type::beat);
        std::set<asio::ip::address> asked;
        for (auto const& each : sent(message_type::ping))
            if (!each.what.subjects.empty() && (*each.what.subjects.begin()).id == silent.who.id)
                asked.insert(each.how.to->address());
        BOOST_TEST(asked.size() <= 2U);
        helpers.merge(asked);
    }
    BOOST_TEST(helpers.size() >= 3U);
}

BOOST_FIXTURE_TEST_CASE(whom_others_watch_is_theirs_to_call_gone, crowd)
{
    pass_without_it(3 * detection_time);
    BOOST_TEST(is_charted(farthest()));
}

BOOST_FIXTURE_TEST_CASE(it_stays_theirs_where_all_hear_each_other, crowd)
{
    pass_without_it(30 * detection_time);
    BOOST_TEST(is_charted(farthest()));
}

// Those whose it is may have set it aside, and nothing that is said tells.
BOOST_FIXTURE_TEST_CASE(if_they_do_not_it_is_called_gone_here_in_the_end, crowd)
{
    pass_with_all(17 * detection_time);
    pass_without_it(28 * detection_time);
    BOOST_TEST(is_charted(farthest()));
    pass_without_it(6 * detection_time);
    BOOST_TEST(!is_charted(farthest()));
    for (auto const& each : others)
        BOOST_TEST(is_charted(each) == (each.who.id != farthest().who.id));
}

/// Not everybody hears everybody, so those who should miss somebody may be out of hearing.
struct partial_crowd : crowd {
    partial_crowd() { heart.segments().front()->known().set_aside(others[3].who); }
};

BOOST_FIXTURE_TEST_CASE(whoever_is_silent_for_long_is_asked_by_all_where_some_are_aside,
                        partial_crowd)
{
    pass_without_it(15 * detection_time);
    BOOST_TEST(is_charted(farthest()));
    heart.take_events();
    pass_without_it(5 * detection_time);
    BOOST_TEST(!is_charted(farthest()));
    auto const told = news();
    BOOST_TEST(std::ranges::count(told, event_kind::unreachable) == 1);
    BOOST_TEST(std::ranges::count(told, event_kind::suspect) == 0); // it may be there for others
}

BOOST_FIXTURE_TEST_CASE(whoever_is_asked_after_a_long_silence_and_answers_stays, partial_crowd)
{
    std::size_t answers = 0;
    for (auto const end = now + 40 * detection_time; now < end;) {
        heart.take_outgoing();
        pass_without_it(1250ms);
        for (auto const& each : sent(message_type::ping))
            if (each.how.to == farthest().source) {
                hear_proof(farthest());
                ++answers;
            }
    }
    BOOST_TEST(is_charted(farthest()));
    BOOST_TEST(answers >= 2U); // and it costs little
    BOOST_TEST(answers <= 8U);
}

BOOST_FIXTURE_TEST_CASE(after_so_long_a_sleep_that_nobody_remembers_the_dead_all_are_asked, crowd)
{
    now += 9 * detection_time;
    pass_without_it(3 * detection_time);
    BOOST_TEST(is_charted(farthest())); // others would tell
    now += 11 * detection_time;
    pass_without_it(3 * detection_time);
    BOOST_TEST(!is_charted(farthest()));
    for (auto const& each : others)
        BOOST_TEST(is_charted(each) == (each.who.id != farthest().who.id));
}

// As at an access point, which hears all and has nobody set aside.
BOOST_FIXTURE_TEST_CASE(whoever_is_silent_for_long_is_asked_where_others_count_on_us, crowd)
{
    for (auto const end = now + 20 * detection_time; now < end; pass_without_it(1250ms))
        hear_about(others[others.size() / 2 - 1], message_type::beat,
                   others[others.size() / 2 - 1].who);
    BOOST_TEST(!is_charted(farthest()));
}

/// Where another link watched for this one, and has doubts, the silence there counts here as well.
struct doubted_elsewhere : crowd {
    doubted_elsewhere()
    {
        pass_without_it(15s); // others watch it on this link
        heart.take_outgoing();
        heart.take_events();
    }

    void doubt(bool gone)
    {
        auto& on = *heart.segments().front();
        on.doubt(on.known().members().find(farthest().who.id)->who(), gone, now);
        heart.advance(now);
    }

    std::size_t times_asked()
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(sent(message_type::ping), [&](said const& each) {
                return each.how.to == farthest().source;
            }));
    }
};

BOOST_FIXTURE_TEST_CASE(whom_another_link_suspects_is_asked_here_and_suspected_a_moment_later,
                        doubted_elsewhere)
{
    doubt(false);
    BOOST_TEST(news().empty());
    BOOST_TEST(times_asked() == 1U);
    pass(150ms);
    BOOST_TEST(news().empty());
    pass(10ms);
    BOOST_TEST(news() == std::vector{event_kind::suspect}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(whom_another_link_has_lost_is_asked_here_and_gone_a_moment_later,
                        doubted_elsewhere)
{
    doubt(true);
    BOOST_TEST(news() == std::vector{event_kind::suspect}, boost::test_tools::per_element());
    BOOST_TEST(times_asked() >= 1U);
    pass(150ms);
    BOOST_TEST(news().empty());
    pass(10ms);
    BOOST_TEST(news() == std::vector{event_kind::gone}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_suspicion_that_nobody_decides_is_decided_here, crowd)
{
    pass_without_it(detection_time);
    hear_about(others.front(), message_type::suspect, farthest().who);
    heart.take_outgoing();
    pass_without_it(detection_time / 2);
    BOOST_TEST(is_charted(farthest())); // it is for the other one to go on
    for (auto const& each : sent(message_type::ping))
        BOOST_TEST((each.how.to != farthest().source));
    pass_without_it(2 * detection_time);
    BOOST_TEST(!is_charted(farthest()));
}

BOOST_FIXTURE_TEST_CASE(a_suspicion_that_nobody_decides_is_looked_into_within_three_beats, crowd)
{
    pass_without_it(detection_time);
    hear_about(others.front(), message_type::suspect, farthest().who);
    heart.take_outgoing();
    pass_without_it(3 * test::beat_interval);
    BOOST_TEST(std::ranges::count_if(sent(message_type::ping), [&](said const& each) {
                   return each.how.to == farthest().source;
               }) >= 1);
}

// It has spoken, but has not objected, so it may be only its last words that came late.
BOOST_FIXTURE_TEST_CASE(a_suspicion_of_one_that_only_spoke_is_decided_here_later, crowd)
{
    pass_without_it(detection_time);
    hear_about(others.front(), message_type::suspect, farthest().who);
    pass_without_it(4s);
    hear(farthest(), message_type::beat);
    pass_without_it(4 * detection_time);
    BOOST_TEST(!is_charted(farthest()));
}

BOOST_FIXTURE_TEST_CASE(a_suspicion_of_one_that_answers_ends_there, crowd)
{
    pass_without_it(detection_time);
    hear_about(others.front(), message_type::suspect, farthest().who);
    pass_without_it(detection_time * 3 / 4);
    BOOST_TEST(is_charted(farthest()));
    hear_proof(farthest());
    pass_without_it(2 * detection_time);
    BOOST_TEST(is_charted(farthest()));
}

BOOST_FIXTURE_TEST_CASE(who_is_asked_about_one_it_used_to_hear_finds_out, crowd)
{
    pass_without_it(detection_time);
    hear_about(others.front(), message_type::ping, farthest().who);
    heart.take_outgoing();
    pass_without_it(2 * detection_time);
    BOOST_TEST(!is_charted(farthest()));
}

/// What another one tells of somebody is believed, but not for long.
BOOST_FIXTURE_TEST_CASE(who_is_known_by_others_only_is_asked_and_not_charted_for_long, crowd)
{
    auto ghost = on_its_own_host(27);
    while (distance(ghost) < distance(others[4]) || distance(ghost) > distance(others[11]))
        ghost = on_its_own_host(ghost.who.id + 1); // it is not for us to watch it
    auto const who = ghost.as_member();
    std::vector<std::byte> members;
    announce::append(members, member_view{who->who(), false, who->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(others.front(), message_type::digest, says);
    BOOST_TEST(is_charted(ghost));
    pass_without_it(4 * detection_time);
    BOOST_TEST(!is_charted(ghost));
}

// What a question costs was paid for by whoever told of it, if that one has had an answer.
BOOST_AUTO_TEST_CASE(whom_others_have_had_an_answer_of_is_asked_more_often)
{
    auto const questions = [](bool answered) {
        test::lone_engine chart;
        chart.settle_in();
        auto const teller = on_its_own_host(9);
        chart.chart(teller);
        auto const told = on_its_own_host(12);
        chart.hear(told, message_type::hello);
        auto const known = told.as_member();
        std::vector<std::byte> members;
        announce::append(members, member_view{known->who(), answered, known->record()});
        announcement says;
        says.members = wire_list<member_view>(members);
        std::size_t times = 0;
        for (int i = 0; i < 36; ++i) {
            chart.hear(teller, message_type::digest, says);
            chart.pass(250ms);
            for (auto const& each : chart.sent(message_type::ping))
                times += each.how.to == told.source;
        }
        return times;
    };
    BOOST_TEST(questions(true) > questions(false));
}

// Each one that is found costs questions.
BOOST_FIXTURE_TEST_CASE(those_silent_for_long_are_asked_one_every_four_beats, partial_crowd)
{
    auto const middle = std::vector(others.begin() + 6, others.begin() + 10);
    auto const is_silent = [&](stranger const& who) {
        return std::ranges::find(middle, who.source, &stranger::source) != middle.end();
    };
    std::map<detail::endpoint, detail::time_point> asked;
    for (auto const end = now + 25 * detection_time; now < end; pass(250ms)) {
        for (auto const& each : others)
            if (!is_silent(each))
                hear(each, message_type::beat);
        for (auto const& each : sent(message_type::ping))
            if (each.what.subjects.empty())
                asked.emplace(*each.how.to, now);
    }
    std::vector<detail::time_point> times;
    for (auto const& each : middle)
        times.push_back(asked[each.source]);
    std::ranges::sort(times);
    for (std::size_t nth = 1; nth < times.size(); ++nth) {
        BOOST_TEST((times[nth] - times[nth - 1] >= 4 * test::beat_interval - 250ms));
        BOOST_TEST((times[nth] - times[nth - 1] <= 5 * test::beat_interval));
    }
}

/// One that answers nobody, and is heard by what it says to all.
struct by_multicast_only : test::lone_engine {
    explicit by_multicast_only(std::uint64_t others, std::chrono::milliseconds limit)
        : lone_engine(4096, limit)
    {
        settle_in();
        for (std::uint64_t id = 11; id < 11 + others; ++id)
            chart(on_its_own_host(id));
        hear(who, message_type::hello);
        for (auto const end = now + 2min; now < end; pass(500ms)) {
            hear_others(others);
            hear(who, message_type::digest);
        }
    }

    void hear_others(std::uint64_t others)
    {
        for (std::uint64_t id = 11; id < 11 + others; ++id)
            hear(on_its_own_host(id), message_type::beat);
    }

    /// Seconds until it is not charted any more if it says nothing now.
    std::int64_t kept_for(std::uint64_t others)
    {
        auto const begun = now;
        for (; now < begun + 1h && heart.describe(who.who.id); pass(500ms))
            hear_others(others);
        return (now - begun) / 1s;
    }

    stranger const who = on_its_own_host(9);
};

// Of so many each says a digest in 8.5 of the longest intervals on average.
BOOST_AUTO_TEST_CASE(whoever_is_heard_by_digests_alone_is_kept_for_eight_rounds_of_them)
{
    auto const kept = by_multicast_only(16, detection_time).kept_for(16);
    BOOST_TEST(kept >= 8 * 8 * 16);
    BOOST_TEST(kept <= 8 * 8 * 16 + 180); // those next to it should miss it, so we seldom look
}

BOOST_AUTO_TEST_CASE(of_two_that_hear_digests_alone_each_is_kept_for_eight_of_them)
{
    auto const kept = by_multicast_only(0, 1s).kept_for(0);
    BOOST_TEST(kept >= 8 * 16);
    BOOST_TEST(kept <= 8 * 16 + 30);
}

/// The farthest one has lately kept its id from another life, which claims it once more.
struct claimed : crowd {
    claimed()
    {
        rival.who.life.bytes[0] = 2;
        hear(rival, message_type::hello);
        hear(farthest(), message_type::hello);
        pass(1s);
        hear(rival, message_type::beat);
    }

    std::size_t asked_after_a_claim()
    {
        sent();
        hear(rival, message_type::hello);
        std::size_t times = 0;
        for (int i = 0; i < 3; ++i) {
            pass_without_it(1250ms);
            for (auto const& each : sent(message_type::ping))
                times += each.how.to == farthest().source;
        }
        return times;
    }

    stranger rival = farthest();
};

BOOST_FIXTURE_TEST_CASE(whose_id_is_claimed_again_is_not_asked_when_it_was_heard_lately, claimed)
{
    pass_with_all(3 * detection_time);
    BOOST_TEST(asked_after_a_claim() == 0U);
}

BOOST_FIXTURE_TEST_CASE(whose_id_is_claimed_again_is_asked_when_it_was_silent_for_long, claimed)
{
    pass_without_it(detection_time + 2500ms);
    BOOST_TEST(asked_after_a_claim() >= 1U);
}

// Not all who hear the claim ask at once, and none later than a beat interval after it.
BOOST_AUTO_TEST_CASE(whose_id_is_claimed_again_is_asked_at_a_random_moment_within_a_beat)
{
    detail::duration longest{};
    for (int i = 0; i < 10; ++i) {
        claimed chart;
        for (int draw = 0; draw < i; ++draw) // of other random numbers each time
            chart.heart.discover(chart.now);
        chart.pass_without_it(test::detection_time + test::beat_interval);
        chart.sent();
        chart.hear(chart.rival, message_type::hello);
        auto const claimed_at = chart.now;
        auto const is_asked = [&] {
            return std::ranges::any_of(chart.sent(message_type::ping), [&](auto const& each) {
                return each.how.to == chart.farthest().source && each.what.subjects.empty();
            });
        };
        while (!is_asked() && chart.now - claimed_at < 2 * test::beat_interval)
            chart.pass(10ms);
        longest = std::max(longest, chart.now - claimed_at);
    }
    BOOST_TEST(longest > test::beat_interval * 2 / 3);
    BOOST_TEST(longest <= test::beat_interval + 10ms);
}

/// Those next to us on the ring are to come later.
struct watching : test::lone_engine {
    watching()
    {
        settle_in();
        for (auto const& each : {suspect, far, farther})
            chart(each);
        for (auto const end = now + 30s; now < end; pass(1250ms))
            hear_all();
    }

    void hear_all(bool suspect_too = true)
    {
        for (auto const& each : {far, farther})
            hear(each, message_type::beat);
        if (suspect_too)
            hear(suspect, message_type::beat);
        for (auto const& each : came)
            hear(each, message_type::beat);
    }

    bool is_suspected() const
    {
        auto const seen = heart.describe(suspect.who.id);
        return seen && seen->state == instance_state::suspect;
    }

    /// The one that is as far from us on the ring as that, of 256.
    static stranger at_distance(unsigned distance)
    {
        auto who = on_its_own_host(8);
        while (crowd::distance(who) >> 56 != distance)
            who = on_its_own_host(who.who.id + 1);
        return who;
    }

    stranger const suspect = at_distance(140); // those before us on the ring are ours to watch
    stranger const far = at_distance(120);
    stranger const farther = at_distance(100);
    std::vector<stranger> came;
};

BOOST_FIXTURE_TEST_CASE(whom_one_suspected_oneself_is_decided_though_others_come_to_watch_it,
                        watching)
{
    for (auto const end = now + detection_time; now < end && !is_suspected(); pass(100ms))
        hear_all(false);
    BOOST_TEST_REQUIRE(is_suspected());
    for (unsigned const distance : {160U, 180U, 200U, 240U}) {
        came.push_back(at_distance(distance));
        hear(came.back(), message_type::hello);
        hear_proof(came.back());
    }
    for (auto const end = now + 2 * detection_time; now < end; pass(1250ms))
        hear_all(false);
    BOOST_TEST(!heart.describe(suspect.who.id).has_value());
}

/// One who is there calls somebody before everybody.
struct call : test::lone_engine {
    call()
    {
        settle_in();
        chart(caller);
        chart(other);
    }

    std::vector<message_type> answer_to(identity const& called, bool by_observer = false)
    {
        auto const subjects = test::list_of(called);
        announcement says;
        says.observer = by_observer;
        says.subjects = wire_list<identity>(subjects);
        heart.receive(caller.datagram(message_type::ping, says), {caller.link, caller.source, true},
                      now);
        pass(150ms);
        auto all = sent();
        std::erase_if(all, [](auto const& each) {
            auto const type = each.what.type;
            return type == message_type::digest || type == message_type::beat;
        });
        return types(all);
    }

    stranger const caller = on_its_own_host(9);
    stranger const other = on_its_own_host(10);
};

BOOST_FIXTURE_TEST_CASE(whoever_is_called_says_hello_and_nobody_else_does_anything, call)
{
    std::vector const hellos(3, message_type::hello);
    auto const own = heart.segments().front()->own_voice().own().who();
    BOOST_TEST(answer_to(own) == hellos, boost::test_tools::per_element());
    BOOST_TEST(answer_to(caller.who).empty());
    BOOST_TEST(answer_to(other.who).empty());
    auto former = own;
    former.life.bytes[0] ^= 1;
    BOOST_TEST(answer_to(former).empty());
}

BOOST_FIXTURE_TEST_CASE(those_who_look_on_may_call_too, call)
{
    std::vector const hellos(3, message_type::hello);
    auto const own = heart.segments().front()->own_voice().own().who();
    BOOST_TEST(answer_to(own, true) == hellos, boost::test_tools::per_element());
    BOOST_TEST(answer_to(other.who, true).empty());
}

BOOST_FIXTURE_TEST_CASE(whoever_is_called_all_the_time_says_hello_now_and_then, call)
{
    std::size_t hellos = 0;
    auto const own = heart.segments().front()->own_voice().own().who();
    for (auto const end = now + 20s; now < end;)
        hellos += static_cast<std::size_t>(std::ranges::count(answer_to(own), message_type::hello));
    BOOST_TEST(hellos <= 3 * (6 + 10));
    BOOST_TEST(hellos >= 3 * (6 + 9));
}

/// What is known of somebody here by others only, on the first link.
struct hearsay : test::lone_engine {
    hearsay()
    {
        heart.set_links({on(3), on(4)}, now);
        settle_in();
        was.who.incarnation = 1001;
    }

    void tell()
    {
        auto const who = was.as_member();
        link().known().learn(who->who(), who->record(), {detail::channel::records}, now);
        link().known().set_aside(who->who());
        pass(1ms);
        BOOST_TEST_REQUIRE(!heart.describe(was.who.id).has_value());
    }

    detail::segment& link() const { return *heart.segments().front(); }
    bool is_held(stranger const& who) const
    {
        auto const* entry = link().known().members().find(who.who.id);
        return entry && entry->who().who().life == who.who.life;
    }

    stranger was{1, 1};
    stranger is{1, 2};
};

BOOST_FIXTURE_TEST_CASE(an_id_that_is_held_by_hearsay_goes_to_whoever_claims_it, hearsay)
{
    auto earlier = was;
    earlier.who.incarnation = 1000;
    hear(earlier, message_type::hello);
    hear(is, message_type::hello);
    hear(earlier, message_type::hello); // objects, and keeps the id
    link().known().call_gone(earlier.who, now);
    tell();
    hear(is, message_type::hello);
    pass(1s);
    BOOST_TEST(is_held(is));
}

BOOST_FIXTURE_TEST_CASE(a_goodbye_on_one_link_ends_hearsay_on_another_one, hearsay)
{
    tell();
    auto elsewhere = was;
    elsewhere.link = 4;
    hear(elsewhere, message_type::hello);
    BOOST_TEST_REQUIRE(is_held(was));
    hear(elsewhere, message_type::bye);
    BOOST_TEST(!is_held(was));
}

// Those next to it on the ring have set it aside, since they never heard it, and accuse nobody.
BOOST_AUTO_TEST_CASE(one_that_was_made_up_for_one_chart_alone_goes_there_too)
{
    test::test_seed const seed(942);
    for (std::size_t const count : {3U, 8U}) {
        test::settled net(seed, {}, count);
        test::sim_attacker enemy(seed + 1);
        detail::endpoint const nowhere{asio::ip::make_address("10.0.1.77"), 5555};
        auto const made_up = enemy.forged(4711, net.engine(0).own().incarnation);
        net.forge(0, enemy.say(message_type::hello, made_up, nowhere),
                  {net.link_of(0, 0), nowhere, true});
        BOOST_TEST(net.engine(0).size() == count + 1);
        net.run_for(1min);
        for (std::size_t who = 1; who < count; ++who)
            BOOST_TEST(net.engine(who).size() == count);
        net.run_for(20min);
        BOOST_TEST(net.engine(0).size() == count);
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_SUITE_END()
