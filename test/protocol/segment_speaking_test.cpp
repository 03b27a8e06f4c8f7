// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

// What one says of itself and of others.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::beat_interval;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;
using ids = std::vector<std::uint64_t>;

namespace {

/// So many others in the order of the ring, with so much data each.
struct ring_of_speakers : lone_engine {
    explicit ring_of_speakers(std::uint64_t count, std::size_t data = 0)
    {
        settle_in();
        for (std::uint64_t id = 100; id < 100 + count; ++id) {
            others.push_back(on_its_own_host(id));
            others.back().record.data = test::bytes_of(std::string(data, 'x'));
        }
        std::ranges::sort(others, {}, [](auto const& each) { return place(each.who.id); });
        for (auto const& each : others)
            chart(each);
        pass_with_all(30s); // nothing of that is news
        heart.take_outgoing();
    }

    static std::uint64_t place(std::uint64_t id) { return detail::ring_position(id, group_key()); }

    void pass_with_all(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; pass(500ms))
            for (auto const& each : others)
                hear(each, message_type::beat);
    }

    /// The next digest that is said: whom it tells of, and who has ended.
    std::pair<ids, ids> next_digest()
    {
        for (auto const end = now + 2min; now < end; pass(10ms)) {
            if ((end - now) % 500ms == 0ms)
                for (auto const& each : others)
                    hear(each, message_type::beat);
            auto const all = sent(message_type::digest);
            if (all.empty())
                continue;
            std::pair<ids, ids> told;
            for (auto const& each : all.front().what.members)
                told.first.push_back(each.who.id);
            for (auto const& each : all.front().what.ended)
                told.second.push_back(each.who.id);
            return told;
        }
        return {};
    }

    /// The one that comes after this id round the ring, on which we are, too.
    std::uint64_t after(std::uint64_t id) const
    {
        std::optional<std::uint64_t> next;
        auto const distance = [&](std::uint64_t other) { return place(other) - place(id) - 1; };
        for (auto const& each : others)
            if (!next || distance(each.who.id) < distance(*next))
                next = each.who.id;
        return distance(7) < distance(*next) ? 7 : *next;
    }

    std::vector<stranger> others;
};

/// Where one of eight is set aside, and so not all hear each other.
struct where_not_all_hear : ring_of_speakers {
    where_not_all_hear() : ring_of_speakers(8)
    {
        for (auto const& each : others)
            if (each.who.id == after(7))
                watcher = each;
        for (auto const& each : others)
            if (each.who.id != after(7) && each.who.id == after(after(7)))
                heart.segments().front()->known().set_aside(each.who);
        pass_with_all(10s);
        heart.take_outgoing();
    }

    /// What goes to the next one on the ring while all beat, and it answers.
    std::vector<said> said_to_watcher(detail::duration how_long, std::uint16_t counting)
    {
        std::vector<said> all;
        for (auto const end = now + how_long; now < end; pass_with_all(1s)) {
            announcement says;
            says.echo = heart.segments().front()->own_voice().cookie(watcher.source, now);
            says.cookie = 1;
            says.summary = own_summary();
            says.counting = counting;
            hear(watcher, message_type::ack, says);
            for (auto& each : sent())
                if (each.how.to == watcher.source)
                    all.push_back(std::move(each));
        }
        return all;
    }

    stranger watcher{1};
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_segment_speaking)

BOOST_AUTO_TEST_CASE(a_beat_comes_up_to_a_tenth_of_the_interval_early)
{
    ring_of_speakers chart(1);
    std::vector<detail::time_point> times;
    for (auto const end = chart.now + 200 * beat_interval; chart.now < end; chart.pass(10ms)) {
        if ((end - chart.now) % 1s == 0ms)
            chart.hear(chart.others[0], message_type::beat);
        if (!chart.sent(message_type::beat).empty())
            times.push_back(chart.now);
    }
    BOOST_TEST_REQUIRE(times.size() > 100U);
    auto shortest = detail::duration::max();
    detail::duration longest{};
    for (std::size_t nth = 1; nth < times.size(); ++nth) {
        shortest = std::min(shortest, times[nth] - times[nth - 1]);
        longest = std::max(longest, times[nth] - times[nth - 1]);
    }
    BOOST_TEST((shortest >= beat_interval * 9 / 10 - 10ms));
    BOOST_TEST((shortest <= beat_interval * 92 / 100));
    BOOST_TEST((longest >= beat_interval * 98 / 100));
    BOOST_TEST((longest <= beat_interval + 10ms));
}

BOOST_AUTO_TEST_CASE(a_hello_is_as_long_as_the_usual_answer_to_a_question)
{
    lone_engine chart;
    chart.heart.start(chart.now);
    chart.pass(1s);
    auto const hellos = chart.sent(message_type::hello);
    BOOST_TEST(hellos.size() == 3U);
    for (auto const& each : hellos)
        BOOST_TEST(each.how.bytes.size() == 208U);
}

BOOST_AUTO_TEST_CASE(a_digest_tells_of_four_that_ended_and_of_twelve_members)
{
    ring_of_speakers chart(24);
    auto const [members, none] = chart.next_digest();
    BOOST_TEST(none.empty());
    BOOST_TEST(members.size() == 12U);
    for (int i = 0; i < 8; ++i) {
        chart.hear(chart.others.back(), message_type::bye);
        chart.others.pop_back();
    }
    BOOST_TEST(chart.next_digest().second.size() == 4U);
}

// However long it is: as many ends are told as leave room for it, and no fewer.
BOOST_AUTO_TEST_CASE(the_next_record_of_the_round_has_room_whoever_ended)
{
    std::set<std::size_t> numbers;
    for (std::size_t data = 770; data < 840; data += 2) {
        lone_engine chart;
        chart.settle_in();
        auto longest = on_its_own_host(9);
        longest.record.data = test::bytes_of(std::string(data, 'x'));
        for (auto const* address : {"fe80::1", "fe80::2", "fe80::3", "fe80::4"})
            longest.record.addresses.push_back(asio::ip::make_address(address));
        chart.chart(longest);
        for (std::uint64_t id = 100; id < 104; ++id) {
            chart.hear(on_its_own_host(id), message_type::hello);
            chart.hear(on_its_own_host(id), message_type::bye);
        }
        chart.pass(1s);
        auto const digests = chart.sent(message_type::digest);
        BOOST_TEST_REQUIRE(digests.size() == 2U);
        auto const& second = digests.back(); // the first one may have begun with ourselves
        std::size_t ended = 0;
        for ([[maybe_unused]] auto const& each : second.what.ended)
            ++ended;
        std::size_t longest_told = 0;
        for (auto const& each : second.what.members)
            longest_told += each.who.id == 9;
        BOOST_TEST(longest_told == 1U);
        numbers.insert(ended);
        if (ended < 4)
            BOOST_TEST(second.how.bytes.size() + announce::ended_member_size >
                       announce::max_datagram);
    }
    BOOST_TEST(numbers.size() >= 2U);
}

BOOST_AUTO_TEST_CASE(digests_go_round_the_ring_and_tell_of_oneself_in_turn)
{
    ring_of_speakers chart(30);
    auto last = chart.next_digest().first.back();
    for (int i = 0; i < 6; ++i) {
        auto const told = chart.next_digest().first;
        BOOST_TEST(told.size() == 12U);
        for (auto const each : told) {
            BOOST_TEST(each == chart.after(last));
            last = each;
        }
    }
}

BOOST_AUTO_TEST_CASE(where_few_are_known_each_digest_tells_of_all_and_of_oneself_once)
{
    ring_of_speakers chart(5);
    for (int i = 0; i < 4; ++i) {
        auto told = chart.next_digest().first;
        std::ranges::sort(told);
        BOOST_TEST(told == (ids{7, 100, 101, 102, 103, 104}), per_element());
    }
}

// So that those have a turn where many change all the time.
BOOST_AUTO_TEST_CASE(every_second_digest_begins_with_two_of_the_ring_and_then_tells_of_changes)
{
    ring_of_speakers chart(30);
    std::size_t none = 0;
    std::size_t two = 0;
    for (std::uint64_t time = 0; time < 24; ++time) {
        std::set<std::uint64_t> fresh;
        for (std::uint64_t nth = 0; nth < 14; ++nth) {
            auto const who = on_its_own_host(1000 + 100 * time + nth);
            chart.hear(who, message_type::hello);
            fresh.insert(who.who.id);
        }
        auto const told = chart.next_digest().first;
        for (auto const id : fresh)
            chart.heart.forget(id);
        BOOST_TEST_REQUIRE(told.size() == 12U);
        auto const others = std::ranges::count_if(
            told, [&](std::uint64_t id) { return id != 7 && !fresh.contains(id); });
        none += others == 0;
        two += others == 2; // without ourselves, and those of the ring that have changed
        BOOST_TEST((others <= 2 || others > 4)); // more where all this is no news any more
    }
    BOOST_TEST(none >= 9U);
    BOOST_TEST(none <= 15U);
    BOOST_TEST(two >= 1U);
}

BOOST_AUTO_TEST_CASE(where_all_have_ipv6_and_not_ipv4_what_is_for_all_goes_by_that)
{
    lone_engine chart;
    chart.heart.set_links({lone_engine::on(3, {{asio::ip::make_address("10.0.0.7"), 24},
                                               {asio::ip::make_address("fe80::7"), 64}})},
                          chart.now);
    auto other = on_its_own_host(9);
    other.source = {asio::ip::make_address("fe80::9"), 40000};
    other.record.addresses = {other.source.address()};
    other.record.unicast_port_v4 = 0;
    other.record.unicast_port_v6 = 40000;
    chart.settle_in();
    chart.chart(other);
    chart.pass_with(other, 2min);
    auto const digests = chart.sent(message_type::digest);
    BOOST_TEST(!digests.empty());
    BOOST_TEST(std::ranges::count(digests, detail::versions::v6,
                                  [](auto const& each) { return each.how.by; }) > 0);
    BOOST_TEST(std::ranges::count(digests, detail::versions::v4,
                                  [](auto const& each) { return each.how.by; }) == 0);
}

// Its beats are answered by nobody, so it is asked.
BOOST_FIXTURE_TEST_CASE(where_not_all_hear_each_other_who_watches_us_is_asked_instead_of_beaten,
                        where_not_all_hear)
{
    std::size_t pings = 0;
    for (auto const& each : said_to_watcher(1min, 0)) {
        BOOST_TEST((each.what.type == message_type::ping));
        ++pings;
    }
    BOOST_TEST(pings >= 1min / beat_interval);
}

BOOST_FIXTURE_TEST_CASE(where_one_watches_many_it_is_beaten_and_told_that_we_count_on_it_to_answer,
                        where_not_all_hear)
{
    said_to_watcher(10s, 100);
    std::size_t beats = 0;
    for (auto const& each : said_to_watcher(2min, 100)) {
        if (each.what.type != message_type::beat)
            continue;
        ++beats;
        std::vector<identity> subjects;
        for (auto const& subject : each.what.subjects)
            subjects.push_back(subject);
        BOOST_TEST((subjects == std::vector{heart.own(), watcher.who}));
    }
    BOOST_TEST(beats >= 4U);
}

BOOST_FIXTURE_TEST_CASE(where_not_all_hear_each_other_who_watches_us_and_is_silent_is_missed,
                        where_not_all_hear)
{
    said_to_watcher(10s, 0);
    BOOST_TEST_REQUIRE(heart.describe(watcher.who.id).has_value());
    std::erase_if(others, [&](auto const& each) { return each.who.id == watcher.who.id; });
    pass_with_all(30s);
    BOOST_TEST(!heart.describe(watcher.who.id).has_value());
}

// Where those next to us are set aside, it has to be told.
BOOST_AUTO_TEST_CASE(whoever_watches_us_out_of_turn_is_told_that_we_count_on_it)
{
    ring_of_speakers chart(8);
    auto const next = chart.after(7);
    auto const second = chart.after(next);
    auto const third = chart.after(second);
    stranger watcher(1);
    for (auto const& each : chart.others) {
        if (each.who.id == next || each.who.id == second)
            chart.heart.segments().front()->known().set_aside(each.who);
        if (each.who.id == third)
            watcher = each;
    }
    chart.pass_with_all(10s);
    chart.heart.take_outgoing();
    chart.pass_with_all(10s);
    std::size_t beats = 0;
    for (auto const& each : chart.sent(message_type::beat)) {
        if (each.how.to != watcher.source)
            continue;
        ++beats;
        BOOST_TEST((*each.what.subjects.begin() == chart.heart.own()));
    }
    BOOST_TEST(beats >= 1U);
}

BOOST_AUTO_TEST_CASE(whoever_is_alone_tells_of_itself)
{
    lone_engine chart;
    chart.settle_in();
    chart.pass(1min);
    auto const digests = chart.sent(message_type::digest);
    BOOST_TEST(!digests.empty());
    for (auto const& each : digests) {
        BOOST_TEST_REQUIRE(!each.what.members.empty());
        BOOST_TEST(((*each.what.members.begin()).who == chart.heart.own()));
    }
}

// The other link watches for this one, and nobody else asks there.
BOOST_AUTO_TEST_CASE(whoever_is_gone_is_asked_on_a_link_that_relies_on_another_one_too)
{
    auto const on_loopback = [](stranger who, net::port_type port) {
        who.link = 1;
        who.source = {asio::ip::make_address("127.0.0.1"), port};
        who.record.addresses = {who.source.address()};
        who.record.unicast_port_v4 = port;
        return who;
    };
    lone_engine chart;
    chart.heart.set_links(
        {lone_engine::on(3), lone_engine::on(1, {{asio::ip::make_address("127.0.0.1"), 8}})},
        chart.now);
    chart.settle_in();
    auto const both = on_its_own_host(9);
    auto const lost = on_loopback(stranger(10), 40010);
    chart.chart(both);
    for (auto const& each : {on_loopback(both, 40009), lost}) {
        chart.hear(each, message_type::hello);
        announcement says;
        says.echo = chart.heart.segments().back()->own_voice().cookie(each.source, chart.now);
        chart.hear(each, message_type::ack, says);
    }
    chart.heart.segments().back()->known().call_gone(lost.who, chart.now);
    chart.pass_with(both, 5s);
    BOOST_TEST_REQUIRE((chart.heart.segments().back()->relies_on() == 3U));
    chart.heart.take_outgoing();
    chart.pass_with(both, 25s);
    auto const asked = chart.sent(message_type::ping);
    BOOST_TEST(std::ranges::count_if(asked, [&](auto const& each) {
                   return each.how.link == 1 && each.how.to == lost.source;
               }) >= 9);
}

BOOST_AUTO_TEST_SUITE_END()
