// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::beat_interval;
using test::bytes_of;
using test::list_of;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;
using kinds = std::vector<event_kind>;

BOOST_FIXTURE_TEST_SUITE(chart_engine, lone_engine)

BOOST_AUTO_TEST_CASE(it_says_nothing_before_it_is_started)
{
    hear_attempt(stranger(1), 1);
    pass(1min);
    BOOST_TEST(sent().empty());
    BOOST_TEST(heart.last_words().empty());
}

BOOST_AUTO_TEST_CASE(it_introduces_itself_three_times_and_asks_for_an_answer)
{
    heart.start(now);
    pass(1s);
    std::vector<int> attempts;
    for (auto const& each : sent(message_type::hello)) {
        BOOST_TEST(!each.how.to.has_value());
        BOOST_TEST(each.how.link == 3U);
        attempts.push_back(each.what.attempt);
    }
    BOOST_TEST(attempts == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(once_answered_it_asks_no_more)
{
    heart.start(now);
    pass(10ms);
    announcement answer;
    answer.summary = own_summary();
    hear(stranger(1), message_type::ack, answer);
    pass(1s);
    std::vector<int> attempts;
    for (auto const& each : sent(message_type::hello))
        attempts.push_back(each.what.attempt);
    BOOST_TEST(attempts == (std::vector{1, 0, 0}), per_element());
}

BOOST_AUTO_TEST_CASE(after_a_pause_of_more_than_ten_detection_times_it_introduces_itself_anew)
{
    for (auto const pause : {90s, 110s}) {
        lone_engine chart;
        chart.settle_in();
        chart.chart(stranger(1));
        chart.now += pause;
        chart.heart.advance(chart.now);
        chart.pass(200ms);
        BOOST_TEST(chart.sent(message_type::hello).empty() == (pause < 100s));
    }
}

// Nobody remembers who has ended meanwhile. The two before it are watched all the time.
BOOST_AUTO_TEST_CASE(after_a_pause_of_more_than_ten_detection_times_all_others_are_asked)
{
    for (auto const pause : {90s, 110s}) {
        lone_engine chart;
        chart.settle_in();
        for (std::uint64_t id = 100; id < 112; ++id)
            chart.chart(on_its_own_host(id));
        chart.now += pause;
        chart.heart.advance(chart.now);
        chart.pass(1500ms);
        std::set<asio::ip::address> asked;
        for (auto const& each : chart.sent(message_type::ping))
            asked.insert(each.how.to->address());
        BOOST_TEST(asked.size() == (pause > 100s ? 10U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(a_timer_later_than_a_quarter_of_a_beat_interval_is_a_sign_of_its_own_slowness)
{
    for (auto const late : {600ms, 650ms}) {
        lone_engine chart;
        chart.settle_in();
        chart.chart(stranger(1));
        chart.now = *chart.heart.next_deadline() + late;
        chart.heart.advance(chart.now);
        BOOST_TEST(chart.heart.local_health() == (late > 625ms ? 2 : 1));
    }
}

BOOST_AUTO_TEST_CASE(what_an_update_makes_due_is_late_as_anything_else)
{
    lone_engine chart;
    chart.settle_in();
    while (*chart.heart.next_deadline() - chart.now < 1s)
        chart.pass(10ms);
    chart.heart.update(test::bytes_of("new"), chart.now); // which is to be told at once
    chart.now += 900ms;
    chart.heart.advance(chart.now);
    BOOST_TEST(chart.heart.local_health() == 2);
}

BOOST_AUTO_TEST_CASE(whatever_makes_something_due_it_is_late_as_anything_else)
{
    auto const health_after = [](auto const& what) {
        lone_engine chart;
        chart.settle_in();
        while (*chart.heart.next_deadline() - chart.now < 1s)
            chart.pass(10ms);
        what(chart);
        chart.now += 900ms;
        chart.heart.advance(chart.now);
        return chart.heart.local_health();
    };
    BOOST_TEST(health_after([](lone_engine&) {}) == 1);
    BOOST_TEST(health_after([](lone_engine& chart) { chart.heart.discover(chart.now); }) == 2);
    BOOST_TEST(health_after([](lone_engine& chart) { chart.heart.wake_up(1h, chart.now); }) == 2);
    BOOST_TEST(health_after([](lone_engine& chart) {
                   chart.heart.set_links({on(3), on(4)}, chart.now);
               }) == 2);
    BOOST_TEST(health_after([](lone_engine& chart) {
                   stranger forged(7);
                   forged.who = chart.heart.own(); // to which it objects
                   chart.hear(forged, message_type::bye);
               }) == 2);
}

BOOST_AUTO_TEST_CASE(after_a_detection_time_without_trouble_its_own_slowness_is_forgotten)
{
    settle_in();
    chart(stranger(1));
    now = *heart.next_deadline() + 650ms;
    heart.advance(now);
    pass_with(stranger(1), 9s);
    BOOST_TEST(heart.local_health() == 2);
    pass_with(stranger(1), 4s);
    BOOST_TEST(heart.local_health() == 1);
}

/// Of many others few have a place in one digest.
template <std::uint64_t Others>
struct among_many : lone_engine {
    among_many()
    {
        settle_in();
        for (std::uint64_t id = 100; id < 100 + Others; ++id) {
            others.push_back(on_its_own_host(id));
            chart(others.back());
        }
        pass_with_all(20s);
    }

    void pass_with_all(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; pass(500ms))
            for (auto const& each : others)
                hear(each, message_type::beat);
    }

    /// What each digest tells of that is said within two seconds: members, and those that ended.
    std::vector<std::pair<std::set<std::uint64_t>, std::set<std::uint64_t>>> next_digests()
    {
        pass_with_all(2s);
        std::vector<std::pair<std::set<std::uint64_t>, std::set<std::uint64_t>>> all;
        for (auto const& each : sent(message_type::digest)) {
            auto& [members, ended] = all.emplace_back();
            for (auto const& told : each.what.members)
                members.insert(told.who.id);
            for (auto const& told : each.what.ended)
                ended.insert(told.who.id);
        }
        return all;
    }

    std::vector<stranger> others;
};

BOOST_FIXTURE_TEST_CASE(the_next_digests_tell_of_the_latest_changes, among_many<40>)
{
    std::size_t digests = 0;
    for (int i = 0; i < 12; ++i) {
        pass_with_all(20s);
        sent();
        heart.update(test::bytes_of("new " + std::to_string(i)), now);
        auto& changed = others[static_cast<std::size_t>(7 * i) % others.size()];
        ++changed.record.sequence;
        hear(changed, message_type::hello);
        auto const newcomer = on_its_own_host(static_cast<std::uint64_t>(200 + i));
        hear(newcomer, message_type::hello);
        for (auto const& [told, ended] : next_digests()) {
            ++digests;
            BOOST_TEST(told.contains(7));
            BOOST_TEST(told.contains(changed.who.id));
            BOOST_TEST(told.contains(newcomer.who.id));
        }
    }
    BOOST_TEST(digests >= 4U); // of so many others may speak first
}

BOOST_FIXTURE_TEST_CASE(the_next_digest_tells_whom_one_has_called_gone, among_many<5>)
{
    group_key const key{};
    auto const before_us = [&](stranger const& who) { // on the ring, where we watch the nearest one
        return detail::ring_position(7, key) - detail::ring_position(who.who.id, key);
    };
    auto const nearest = std::ranges::min_element(others, {}, before_us);
    auto const silent = nearest->who.id;
    others.erase(nearest);
    while (heart.describe(silent)) {
        sent();
        pass_with_all(500ms);
    }
    auto const digests = next_digests();
    BOOST_TEST(!digests.empty());
    for (auto const& [told, ended] : digests)
        BOOST_TEST(ended.contains(silent));
}

BOOST_AUTO_TEST_CASE(an_instance_that_nobody_hears_says_hello_no_more)
{
    settle_in();
    pass(1h);
    BOOST_TEST(sent(message_type::hello).empty());
}

BOOST_AUTO_TEST_CASE(its_hello_carries_its_whole_record)
{
    BOOST_TEST(!heart.update(bytes_of("data"), now).failed());
    heart.start(now);
    pass(1ms);
    auto const said = sent(message_type::hello);
    BOOST_TEST_REQUIRE(said.size() == 1U);
    auto const& hello = said.front().what;
    BOOST_TEST((hello.who == heart.own()));
    BOOST_TEST_REQUIRE(hello.record.has_value());
    auto const told = announce::unpack(*hello.record);
    BOOST_TEST((told.beat_interval == beat_interval));
    BOOST_TEST(told.discovery_port == 8080);
    BOOST_TEST(told.unicast_port_v4 == 40007);
    BOOST_TEST(told.unicast_port_v6 == 0);
    BOOST_TEST((told.service_ports == std::vector<net::port_type>{9000}));
    BOOST_TEST((told.addresses == std::vector{asio::ip::make_address("10.0.0.7")}));
    BOOST_TEST((told.data == bytes_of("data")));
}

BOOST_AUTO_TEST_CASE(every_datagram_has_a_number_of_its_own)
{
    heart.start(now);
    hear(stranger(1), message_type::hello);
    pass(3min);
    std::uint64_t last = 0;
    auto const all = sent();
    BOOST_TEST(all.size() > 20U);
    for (auto const& each : all) {
        BOOST_TEST(each.what.counter > last);
        last = each.what.counter;
    }
}

BOOST_AUTO_TEST_CASE(a_newcomer_is_told_what_the_chart_amounts_to_but_no_records)
{
    settle_in();
    stranger newcomer(1);
    hear_attempt(newcomer, 1);
    auto const answers = sent();
    BOOST_TEST(types(answers) == std::vector{message_type::ack}, per_element());
    auto const& answer = answers.at(0);
    BOOST_TEST((answer.how.to == newcomer.source));
    BOOST_TEST((answer.what.summary == own_summary()));
    BOOST_TEST(answer.what.cookie.has_value());
    BOOST_TEST(answer.what.members.empty());
    BOOST_TEST(!answer.what.record.has_value());
}

BOOST_AUTO_TEST_CASE(a_hello_that_asks_for_nothing_is_not_answered)
{
    settle_in();
    hear(stranger(1), message_type::hello);
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(
    the_first_attempt_is_answered_by_the_next_on_the_ring_and_others_by_those_behind)
{
    settle_in();
    auto const place = [](std::uint64_t id) { return detail::ring_position(id, group_key()); };
    auto const own = place(7);
    std::vector<std::uint64_t> const members{101, 102, 103, 104, 105};
    for (auto const id : members)
        hear(stranger(id), message_type::hello);
    int most = 0;
    for (std::uint64_t id = 1; id <= 30; ++id) {
        if (id == 7)
            continue;
        auto const between = std::ranges::count_if(
            members, [&](std::uint64_t each) { return place(each) - place(id) < own - place(id); });
        most = std::max(most, static_cast<int>(between));
        stranger newcomer(id);
        for (std::uint8_t attempt = 1; attempt <= 3; ++attempt) {
            heart.take_outgoing();
            hear_attempt(newcomer, attempt);
            BOOST_TEST(sent().size() == (between < attempt ? 1U : 0U));
        }
        heart.forget(id);
    }
    BOOST_TEST(most >= 3);
}

BOOST_AUTO_TEST_CASE(an_unproven_address_never_gets_more_bytes_than_came_from_it)
{
    settle_in();
    std::size_t asked = 0;
    std::size_t answered = 0;
    std::array<std::byte, announce::bucket_count * 4> const buckets{};
    for (auto const type : {message_type::hello, message_type::ping, message_type::pull})
        for (std::size_t padding = 1; padding <= 100; ++padding) {
            announcement says;
            says.padding = padding;
            says.attempt = type == message_type::hello ? 1 : 0;
            says.cookie = 1;
            if (type == message_type::pull) {
                says.summary = summary{};
                says.buckets = buckets;
                says.padding = 0;
            }
            stranger const somebody(1);
            asked += somebody.datagram(type, says).size();
            hear(somebody, type, says);
            for (auto const& each : heart.take_outgoing())
                answered += each.bytes.size();
            BOOST_TEST(answered <= asked);
            pass(100ms);
            for (auto const& each : heart.take_outgoing())
                answered += each.to ? each.bytes.size() : 0;
            heart.forget(1);
        }
}

BOOST_AUTO_TEST_CASE(a_ping_is_acknowledged_with_its_cookie_and_one_of_ours)
{
    settle_in();
    announcement ping;
    ping.cookie = 77;
    stranger const other(1);
    hear(other, message_type::ping, ping);
    auto const answers = sent();
    BOOST_TEST(types(answers) == std::vector{message_type::ack}, per_element());
    auto const& answer = answers.at(0);
    BOOST_TEST((answer.how.to == other.source));
    BOOST_TEST((answer.what.echo == 77U));
    BOOST_TEST(answer.what.cookie.has_value());
    BOOST_TEST((answer.what.summary == own_summary()));
}

BOOST_AUTO_TEST_CASE(what_it_gave_an_address_is_its_proof_for_a_minute_and_for_two_at_most)
{
    stranger const who(1);
    stranger elsewhere(1);
    elsewhere.source.port(40001);
    auto const answers_after = [&](detail::duration age, stranger const& from) {
        lone_engine chart;
        chart.settle_in();
        announcement says;
        auto const& voice = chart.heart.segments().front()->own_voice();
        says.echo = voice.cookie(who.source, chart.now);
        chart.pass(age);
        chart.hear(from, message_type::ack, says);
        return voice.is_proven(from.source);
    };
    BOOST_TEST(answers_after(1ms, who));
    BOOST_TEST(answers_after(60s, who));
    BOOST_TEST(!answers_after(120s, who));
    BOOST_TEST(!answers_after(1ms, elsewhere));
}

BOOST_AUTO_TEST_CASE(only_questions_are_answered)
{
    settle_in();
    stranger const other(1);
    hear(other, message_type::hello);
    for (auto const type : {message_type::beat, message_type::digest, message_type::ack,
                            message_type::records, message_type::bye})
        hear(other, type);
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(records_nobody_asked_for_are_not_believed)
{
    settle_in();
    auto const third = stranger(2).as_member();
    auto const members = list_of(member_view{third->who(), true, third->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(stranger(1), message_type::records, says);
    BOOST_TEST(heart.size() == 1U);
    says.echo = heart.segments().front()->own_voice().cookie(stranger(1).source, now);
    hear(stranger(1), message_type::records, says);
    BOOST_TEST(heart.describe(2).has_value());
}

BOOST_AUTO_TEST_CASE(a_digest_charts_whom_it_tells_of)
{
    settle_in();
    auto const third = stranger(2).as_member();
    auto const members = list_of(member_view{third->who(), true, third->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(stranger(1), message_type::digest, says);
    BOOST_TEST(heart.describe(2).has_value());
    // It was only mentioned, and must show itself that it is there.
    BOOST_TEST(heart.segments().front()->known().members().unproven() == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_does_not_answer_is_asked_for_a_proof_and_never_for_all_it_knows)
{
    settle_in();
    stranger const other(1);
    hear(other, message_type::hello);
    pass(1s);
    heart.take_outgoing();
    announcement says;
    says.summary = own_summary();
    says.summary->hash[1] ^= 1;
    says.cookie = 77;
    says.padding = 400;
    hear(other, message_type::beat, says);
    std::size_t questions = 0;
    std::size_t pulls = 0;
    pass(2s);
    for (auto const& each : sent()) {
        questions += each.what.type == message_type::ping && !each.what.summary;
        pulls += each.what.type == message_type::pull;
    }
    BOOST_TEST(questions >= 3U);
    BOOST_TEST(pulls == 0U);
}

BOOST_AUTO_TEST_CASE(a_different_chart_is_pulled)
{
    settle_in();
    stranger const other(1);
    chart(other);
    pass(1s);
    heart.take_outgoing();
    announcement says;
    says.summary = summary{3, {1, 2}, 1};
    says.cookie = 77;
    hear(other, message_type::beat, says);
    pass(1s);
    auto const pulls = sent(message_type::pull);
    BOOST_TEST_REQUIRE(!pulls.empty());
    BOOST_TEST((pulls.front().how.to == other.source));
    BOOST_TEST((pulls.front().what.echo == 77U));
    BOOST_TEST(pulls.front().what.cookie.has_value());
}

BOOST_AUTO_TEST_CASE(a_pull_is_answered_with_records_once_the_address_is_proven)
{
    settle_in();
    chart(stranger(2));
    stranger other(1);
    other.source.port(40001);
    other.record.unicast_port_v4 = 40001;
    std::array<std::byte, announce::bucket_count * 4> const buckets{};
    announcement says;
    says.summary = summary{};
    says.buckets = buckets;
    says.cookie = 77;
    hear(other, message_type::pull, says);
    auto const challenge = sent();
    BOOST_TEST_REQUIRE(types(challenge) == std::vector{message_type::records}, per_element());
    BOOST_TEST(challenge[0].what.members.empty());
    says.echo = challenge[0].what.cookie;
    hear(other, message_type::pull, says);
    auto const answer = sent();
    BOOST_TEST_REQUIRE(types(answer) == std::vector{message_type::records}, per_element());
    BOOST_TEST((answer[0].how.to == other.source));
    BOOST_TEST((answer[0].what.echo == 77U));
    BOOST_TEST((answer[0].what.part == part{0, true}));
    std::vector<std::uint64_t> told;
    for (auto const& each : answer[0].what.members)
        told.push_back(each.who.id);
    std::ranges::sort(told);
    BOOST_TEST(told == (std::vector<std::uint64_t>{2, 7}), per_element());
}

BOOST_AUTO_TEST_CASE(a_change_of_ports_or_addresses_is_told)
{
    stranger other(1);
    hear(other, message_type::hello);
    ++other.record.sequence;
    other.record.service_ports = {1, 2};
    hear(other, message_type::hello);
    ++other.record.sequence;
    other.record.addresses.push_back(asio::ip::make_address("10.0.0.100"));
    hear(other, message_type::hello);
    ++other.record.sequence;
    hear(other, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::updated, event_kind::updated}),
               per_element());
    BOOST_TEST(heart.describe(1)->addresses.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_it_sent_itself_is_not_counted_as_received)
{
    heart.start(now);
    pass(1s);
    for (auto const& each : heart.take_outgoing())
        heart.receive(each.bytes, {3, {asio::ip::make_address("10.0.0.7"), 40007}, !each.to}, now);
    BOOST_TEST(heart.counters().received == 0U);
    BOOST_TEST(heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_known_of_an_instance_is_what_its_record_says)
{
    settle_in();
    stranger other(1);
    other.record.beat_interval = 1500ms;
    other.record.service_ports = {80, 443, 53};
    other.record.port_names = {"https", "dns"};
    other.record.data = bytes_of("data");
    auto const since = now;
    chart(other);
    auto const known = heart.describe(1).value();
    BOOST_TEST(known.id == 1U);
    BOOST_TEST((known.life == other.who.life));
    BOOST_TEST(known.incarnation == other.who.incarnation);
    BOOST_TEST((known.detection_time == 6s));
    BOOST_TEST((known.state == instance_state::alive));
    BOOST_TEST(known.service_ports == other.record.service_ports, per_element());
    BOOST_TEST_REQUIRE(known.services.size() == 2U);
    BOOST_TEST((known.services[0].name == "https" && known.services[0].port == 443));
    BOOST_TEST((known.services[1].name == "dns" && known.services[1].port == 53));
    BOOST_TEST(known.addresses == other.record.addresses, per_element());
    BOOST_TEST((known.data == other.record.data));
    BOOST_TEST((known.first_heard >= since && known.first_heard <= now));
    BOOST_TEST((known.last_heard >= known.first_heard && known.last_heard <= now));
}

BOOST_AUTO_TEST_CASE(the_address_book_has_whoever_has_the_port_and_follows_the_chart)
{
    settle_in();
    auto one = test::on_its_own_host(1);
    auto without = test::on_its_own_host(2);
    without.record.service_ports.clear();
    auto named = test::on_its_own_host(3);
    named.record.service_ports = {80, 443};
    named.record.port_names = {"http", "https"};
    for (auto const* each : {&one, &without, &named})
        chart(*each);
    auto const first = heart.best_addresses(std::size_t{0});
    BOOST_REQUIRE(first->size() == 2U);
    BOOST_TEST((*first)[0].id == 1U);
    BOOST_TEST((*first)[0].address == one.source.address());
    BOOST_TEST((*first)[0].port == 8042U);
    BOOST_TEST((*first)[1].id == 3U);
    BOOST_TEST((*first)[1].port == 80U);
    auto const https = heart.best_addresses(std::string("https"));
    BOOST_REQUIRE(https->size() == 1U);
    BOOST_TEST((*https)[0].port == 443U);
    BOOST_TEST(heart.best_addresses(std::size_t{0}).get() == first.get()); // nothing has changed
    heart.forget(1);
    BOOST_TEST(heart.best_addresses(std::size_t{0})->size() == 1U);
}

// Each link counts its own changes, and takes what it has counted along when it is forgotten.
BOOST_AUTO_TEST_CASE(the_address_book_follows_however_many_come_once_a_link_is_forgotten)
{
    auto const hear_many = [](lone_engine& chart, unsigned link, std::uint64_t first, int count) {
        for (int i = 0; i < count; ++i) {
            auto who = on_its_own_host(first + static_cast<std::uint64_t>(i));
            who.link = link;
            chart.hear(who, message_type::hello);
        }
        return chart.heart.best_addresses(std::size_t{0})->size();
    };
    for (int there = 1; there < 6; ++there)
        for (int here = 1; here < 12; ++here) {
            lone_engine chart;
            chart.heart.set_links({on(3), on(4)}, chart.now);
            chart.heart.start_withdrawn(chart.now);
            BOOST_TEST(hear_many(chart, 4, 200, there) == static_cast<std::size_t>(there));
            chart.heart.set_links({on(3)}, chart.now);
            chart.pass(110s);
            BOOST_TEST(hear_many(chart, 3, 100, here) == static_cast<std::size_t>(here));
        }
}

BOOST_AUTO_TEST_CASE(digests_tell_of_everybody_in_turn_though_many_change_all_the_time)
{
    settle_in();
    std::vector<stranger> all;
    for (std::uint64_t id = 100; id < 140; ++id) {
        all.emplace_back(id);
        all.back().source.port(static_cast<net::port_type>(40000 + id));
        all.back().record.unicast_port_v4 = all.back().source.port();
        chart(all.back());
    }
    std::set<std::uint64_t> told;
    for (int i = 0; i < 600; ++i, pass(1s)) {
        for (std::size_t busy = 0; busy < 15; ++busy) {
            ++all[busy].record.sequence;
            hear(all[busy], message_type::hello);
        }
        for (auto const& each : all)
            hear(each, message_type::beat);
        for (auto const& each : sent(message_type::digest))
            for (auto const& member : each.what.members)
                told.insert(member.who.id);
    }
    BOOST_TEST(told.size() == 41U);
}

BOOST_AUTO_TEST_CASE(a_listener_never_speaks)
{
    heart.listen_only(now);
    stranger const other(1);
    hear_attempt(other, 1);
    hear(other, message_type::ping);
    announcement differs;
    differs.summary = summary{9, {1, 2}, 1};
    hear(other, message_type::digest, differs);
    pass(1h);
    BOOST_TEST(sent().empty());
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_only_listens_from_now_on_says_nothing_that_was_planned)
{
    heart.start(now);
    pass(100ms); // the introduction is under way
    stranger const other(1);
    hear(other, message_type::hello);
    hear_proof(other);
    announcement differs;
    differs.summary = summary{9, {1, 2}, 1};
    differs.cookie = 1;
    hear(other, message_type::beat, differs);
    sent();
    heart.listen_only(now);
    pass(1h);
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(a_listener_of_more_than_twelve_gives_each_of_them_two_rounds)
{
    heart.listen_only(now);
    std::vector<stranger> all;
    for (std::uint64_t id = 100; id < 113; ++id)
        all.emplace_back(id);
    for (auto const& each : all)
        hear(each, message_type::hello);
    auto const charted_after = [&](detail::duration how_long) {
        for (auto const end = now + how_long; now < end; pass(8s))
            hear(all.front(), message_type::digest);
        return heart.size() - 1;
    };
    BOOST_TEST(charted_after(88s) == all.size());
    BOOST_TEST(charted_after(24s) == 1U);
}

// So that all of a mass start together say no more than 500 hellos a second.
BOOST_AUTO_TEST_CASE(the_more_others_begin_with_it_the_later_it_repeats_itself)
{
    auto const repeated_after = [](std::uint64_t others) {
        lone_engine chart;
        chart.heart.start(chart.now);
        while (chart.sent(message_type::hello).empty())
            chart.pass(1ms);
        for (std::uint64_t id = 100; id < 100 + others; ++id)
            chart.hear(stranger(id), message_type::hello);
        auto const begun = chart.now;
        while (chart.sent(message_type::hello).empty())
            chart.pass(1ms);
        return chart.now - begun;
    };
    BOOST_TEST((repeated_after(0) <= 100ms));
    BOOST_TEST((repeated_after(500) >= 300ms));
    BOOST_TEST((repeated_after(500) <= 800ms));
}

BOOST_AUTO_TEST_CASE(garbage_is_counted_by_what_is_wrong_with_it_and_changes_nothing)
{
    settle_in();
    auto const whole = stranger(1).datagram(message_type::hello);
    auto const from = detail::arrival{3, stranger(1).source, true};
    auto const hear_with = [&](std::size_t at) {
        auto bytes = whole;
        bytes[at] ^= std::byte{1};
        heart.receive(bytes, from, now);
    };
    hear_with(0);
    hear_with(2);
    hear_with(50);
    hear_with(60);
    heart.receive(std::span(whole).first(20), from, now);
    auto const& counted = heart.counters();
    BOOST_TEST(counted.foreign == 1U);
    BOOST_TEST(counted.unsupported == 1U);
    BOOST_TEST(counted.corrupted == 2U);
    BOOST_TEST(counted.malformed == 1U);
    BOOST_TEST(counted.received == 5U);
    BOOST_TEST(counted.applied == 0U);
    BOOST_TEST(news().empty());
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(data_over_the_limit_is_refused_and_the_old_kept)
{
    settle_in();
    auto const limit = announce::max_data_size(1);
    BOOST_TEST(!heart.update(std::vector<std::byte>(limit), now).failed());
    pass(1s);
    heart.take_outgoing();
    BOOST_TEST(heart.update(std::vector<std::byte>(limit + 1), now) == error::data_too_large);
    BOOST_TEST(heart.data().size() == limit);
    pass(100ms);
    BOOST_TEST(sent(message_type::hello).empty());
}

BOOST_AUTO_TEST_CASE(a_change_is_told_three_times_without_asking)
{
    settle_in();
    BOOST_TEST(!heart.update(bytes_of("new"), now).failed());
    BOOST_TEST(!heart.update(bytes_of("new"), now).failed());
    pass(1s);
    auto const hellos = sent(message_type::hello);
    BOOST_TEST(hellos.size() == 3U);
    for (auto const& each : hellos) {
        BOOST_TEST(each.what.attempt == 0);
        BOOST_TEST(each.what.record->sequence == 1U);
        BOOST_TEST((announce::unpack(*each.what.record).data == bytes_of("new")));
    }
}

BOOST_AUTO_TEST_CASE(while_it_leaves_it_says_nothing_but_goodbye)
{
    settle_in();
    heart.leave(now);
    BOOST_TEST(heart.is_leaving());
    hear_attempt(stranger(1), 1);
    hear(stranger(2), message_type::ping);
    hear_about(stranger(3), message_type::suspect, heart.own());
    (void)heart.update(bytes_of("too late"), now);
    heart.set_links({on(3), on(4)}, now);
    pass(1min);
    BOOST_TEST(!heart.is_leaving());
    BOOST_TEST(types(sent()) == std::vector(3, message_type::bye), per_element());
    BOOST_TEST(heart.last_words().empty());
}

BOOST_AUTO_TEST_CASE(a_link_that_is_away_does_not_hold_up_leaving)
{
    settle_in();
    heart.set_links({}, now);
    heart.leave(now);
    pass(200ms);
    BOOST_TEST(!heart.is_leaving());
}

BOOST_AUTO_TEST_CASE(one_that_is_gone_on_two_links_in_the_same_moment_is_counted_and_told_once)
{
    heart.set_links({on(3), on(4, {{asio::ip::make_address("10.0.4.7"), 24}})}, now);
    settle_in();
    stranger other(1);
    chart(other);
    for (unsigned const link : {3U, 4U}) {
        other.link = link;
        hear(other, message_type::hello);
        hear_proof(other);
    }
    BOOST_TEST(heart.size() == 2U);
    news();
    pass(beat_interval * 15 / 4 - 100ms);
    BOOST_TEST(heart.size() == 2U);
    now += 1s; // a call that comes late finds both
    heart.advance(now);
    BOOST_TEST(heart.size() == 1U);
    BOOST_TEST(news() == (kinds{event_kind::suspect, event_kind::gone}), per_element());
}

BOOST_AUTO_TEST_SUITE_END()
