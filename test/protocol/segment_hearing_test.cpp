// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include "protocol/beat_pace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// What one does when it hears a datagram.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::beat_interval;
using test::list_of;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;

namespace {

/// Two others that have shown that they receive at their addresses.
struct two_at_hand : lone_engine {
    two_at_hand()
    {
        settle_in();
        chart(first);
        chart(second);
    }

    std::uint64_t cookie_for(stranger const& who) const
    {
        return heart.segments().front()->own_voice().cookie(who.source, now);
    }

    /// What went to this one since the last call.
    std::vector<said> sent_to(stranger const& whom, message_type type)
    {
        auto all = sent(type);
        std::erase_if(all, [&](said const& each) { return each.how.to != whom.source; });
        return all;
    }

    stranger const first = on_its_own_host(9);
    stranger const second = on_its_own_host(10);
};

/// An observer, and a member on which so many count, as it says in each answer.
struct asker_of_counted : lone_engine {
    /// How often the member is asked in five minutes.
    std::size_t questions(std::uint16_t counting)
    {
        heart.observe(now);
        hear(member, message_type::hello);
        answer(counting);
        std::size_t times = 0;
        for (auto const end = now + 5min; now < end; pass(50ms))
            for (auto const& each : sent(message_type::ping))
                if (each.how.to == member.source) {
                    ++times;
                    answer(counting);
                }
        return times;
    }

    void answer(std::uint16_t counting)
    {
        announcement says;
        says.echo = heart.segments().front()->own_voice().cookie(member.source, now);
        says.cookie = 1;
        says.summary = own_summary();
        says.counting = counting;
        hear(member, message_type::ack, says);
    }

    stranger const member = on_its_own_host(9);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_segment_hearing, two_at_hand)

BOOST_AUTO_TEST_CASE(however_many_there_are_what_differs_is_asked_for_within_four_seconds)
{
    for (std::uint64_t id = 1000; id < 3000; ++id) {
        auto const who = stranger(id).as_member();
        heart.segments().front()->known().learn(who->who(), who->record(),
                                                {detail::channel::records, true, true}, now);
    }
    pass(10s);
    detail::duration longest{};
    for (std::uint64_t time = 0; time < 30; ++time) {
        announcement says;
        says.summary = summary{2003, {1, time}, 1};
        hear(first, message_type::digest, says);
        sent();
        auto const begun = now;
        while (now - begun < 10s && sent_to(first, message_type::pull).empty())
            pass(10ms);
        longest = std::max(longest, now - begun);
        pass(1s); // no answer comes
        hear(first, message_type::beat);
    }
    BOOST_TEST(longest <= 4s + 10ms);
    BOOST_TEST(longest > 3s);
}

BOOST_AUTO_TEST_CASE(who_is_asked_of_somebody_it_has_just_heard_answers_at_once)
{
    pass(2500ms);
    hear(first, message_type::beat);
    heart.take_outgoing();
    pass(1200ms);
    hear_about(second, message_type::ping, first.who);
    BOOST_TEST(sent_to(second, message_type::ack).size() == 1U);
    pass(100ms);
    heart.take_outgoing();
    hear_about(second, message_type::ping, first.who);
    auto const all = sent();
    BOOST_TEST(types(all) == std::vector{message_type::ping}, per_element());
    BOOST_TEST((all.at(0).how.to == first.source));
}

BOOST_AUTO_TEST_CASE(who_only_looks_on_asks_whomever_many_count_on_half_as_often_as_these_beat)
{
    BOOST_TEST(asker_of_counted().questions(0) >= 5min / (beat_interval * 3 / 2));
    auto const spacing = detail::spacing_of_beats(100, beat_interval);
    auto const seldom = asker_of_counted().questions(100);
    BOOST_TEST(seldom <= 5min / (2 * spacing) + 1);
    BOOST_TEST(seldom >= 5min / (2 * spacing));
}

// As where it answers for many that do not hear each other.
BOOST_AUTO_TEST_CASE(who_hears_that_many_count_on_another_one_beats_it_seldom_and_says_so)
{
    heart.segments().front()->known().set_aside(second.who);
    auto const pass_with_answers = [&](std::uint16_t counting) {
        std::size_t times = 0;
        for (auto const end = now + 1min; now < end; pass(1250ms)) {
            announcement says;
            says.echo = cookie_for(first);
            says.cookie = 1;
            says.summary = own_summary();
            says.counting = counting;
            hear(first, message_type::ack, says);
            hear(first, message_type::beat);
            for (auto const& each : sent_to(first, message_type::beat))
                times +=
                    std::ranges::find(each.what.subjects, heart.own()) != each.what.subjects.end();
        }
        return times;
    };
    BOOST_TEST(pass_with_answers(0) == 0U);
    auto const times = pass_with_answers(100);
    BOOST_TEST(times >= 2U);
    BOOST_TEST(times <= 4U);
}

BOOST_AUTO_TEST_CASE(a_newcomer_is_told_of_the_earlier_life_that_had_its_id)
{
    for (bool const over : {false, true}) {
        if (over)
            hear(second, message_type::bye);
        auto const& former = over ? second : first;
        auto newcomer = on_its_own_host(former.who.id, 2);
        newcomer.source.port(40010);
        newcomer.who.incarnation = 2000;
        announcement says;
        says.attempt = 3;
        says.padding = 300;
        hear(newcomer, message_type::hello, says);
        auto const answers = sent_to(newcomer, message_type::ack);
        BOOST_TEST_REQUIRE(answers.size() == 1U);
        BOOST_TEST_REQUIRE(!answers[0].what.ended.empty());
        auto const told = *answers[0].what.ended.begin();
        BOOST_TEST((told.who == former.who));
        BOOST_TEST(told.left == over);
    }
}

BOOST_AUTO_TEST_CASE(a_newcomer_that_has_said_little_is_answered_without_what_it_did_not_pay_for)
{
    auto newcomer = on_its_own_host(9, 2);
    newcomer.source.port(40010);
    announcement says;
    says.attempt = 3;
    auto const least = newcomer.datagram(message_type::hello, says).size();
    hear(newcomer, message_type::hello, says);
    auto const answers = sent_to(newcomer, message_type::ack);
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0].what.ended.empty());
    BOOST_TEST(answers[0].how.bytes.size() <= least);
}

// So that it may ask twice for what it has to know.
BOOST_AUTO_TEST_CASE(a_newcomer_that_has_said_enough_gets_a_long_answer)
{
    auto const newcomer = on_its_own_host(11);
    announcement says;
    says.attempt = 3;
    says.padding = 300;
    hear(newcomer, message_type::hello, says);
    auto const answers = sent_to(newcomer, message_type::ack);
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0].how.bytes.size() == 208U);
}

/// On a link with both IP versions, on which all have IPv4.
struct of_both_versions : lone_engine {
    of_both_versions()
    {
        heart.set_links({on(3, {{asio::ip::make_address("10.0.0.7"), 24},
                                {asio::ip::make_address("fe80::7"), 64}})},
                        now);
        other.record.addresses.push_back(asio::ip::make_address("fe80::9"));
        other.record.unicast_port_v6 = other.source.port();
        settle_in();
        chart(other);
    }

    /// Which of the digests of three minutes went by both versions, while another one says digests
    /// from this address.
    std::size_t digests_by_both(char const* address)
    {
        auto speaker = other;
        speaker.source.address(asio::ip::make_address(address));
        std::size_t times = 0;
        for (auto const end = now + 3min; now < end; pass(500ms)) {
            hear(speaker, message_type::digest);
            hear(other, message_type::beat);
            for (auto const& each : sent(message_type::digest))
                times += each.how.by == detail::versions::all;
        }
        return times;
    }

    stranger other = on_its_own_host(9);
};

BOOST_FIXTURE_TEST_CASE(digests_go_by_the_other_version_too_where_nobody_else_says_any_by_it,
                        of_both_versions)
{
    BOOST_TEST(digests_by_both("10.0.0.109") >= 5U);
    BOOST_TEST(digests_by_both("fe80::9") == 0U);
}

BOOST_AUTO_TEST_CASE(who_is_told_that_another_one_has_its_id_tells_of_that)
{
    auto const told = [&](identity const& subject) {
        lone_engine chart;
        chart.settle_in();
        chart.pass(1s);
        chart.hear_about(on_its_own_host(9), message_type::conflict, subject);
        return chart.news();
    };
    BOOST_TEST(told({7, {{9}}, 1000}) == std::vector{event_kind::id_conflict}, per_element());
    BOOST_TEST(told({7, {{7}}, 1000}).empty());
    BOOST_TEST(told({8, {{9}}, 1000}).empty());
}

// It cannot tell it to object.
BOOST_AUTO_TEST_CASE(who_only_looks_on_believes_one_that_still_speaks_after_it_was_called_gone)
{
    lone_engine chart;
    chart.heart.observe(chart.now);
    for (auto const* each : {&first, &second})
        chart.chart(*each);
    chart.pass(3s);
    chart.hear_about(second, message_type::gone, first.who);
    BOOST_TEST_REQUIRE(!chart.heart.describe(9).has_value());
    chart.hear(first, message_type::hello); // perhaps under way since before
    BOOST_TEST(!chart.heart.describe(9).has_value());
    chart.pass(400ms);
    chart.hear(first, message_type::hello);
    BOOST_TEST(chart.heart.describe(9).has_value());
}

BOOST_AUTO_TEST_CASE(who_counts_on_us_and_has_proven_nothing_is_asked_at_once)
{
    auto const third = on_its_own_host(11);
    hear(third, message_type::hello);
    heart.take_outgoing();
    hear_about(third, message_type::beat, first.who);
    BOOST_TEST(sent_to(third, message_type::ping).empty());
    hear_about(third, message_type::beat, third.who);
    BOOST_TEST(sent_to(third, message_type::ping).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_beat_that_asks_us_is_answered)
{
    hear_about(first, message_type::beat, second.who);
    BOOST_TEST(sent_to(first, message_type::ack).empty());
    hear_about(first, message_type::beat, heart.own());
    BOOST_TEST(sent_to(first, message_type::ack).size() == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_asks_and_has_another_chart_is_asked_for_it)
{
    pass(1s);
    announcement says;
    says.cookie = 77;
    says.summary = summary{4, {1, 2}, 1};
    hear(first, message_type::ping, says);
    pass(1s);
    BOOST_TEST(!sent_to(first, message_type::pull).empty());
}

BOOST_AUTO_TEST_SUITE_END()
