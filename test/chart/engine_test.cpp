// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::bytes_of;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

std::vector<message_type> types(std::vector<lone_engine::said> const& all)
{
    std::vector<message_type> result;
    for (auto const& each : all)
        result.push_back(each.what.type);
    return result;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_engine, lone_engine)

BOOST_AUTO_TEST_CASE(it_says_nothing_before_it_is_started)
{
    hear(stranger(1), message_type::hello, 1);
    pass(1min);
    BOOST_TEST(sent().empty());
    BOOST_TEST(heart.last_words().empty());
}

BOOST_AUTO_TEST_CASE(it_introduces_itself_three_times_and_asks_for_answers)
{
    heart.start(now);
    pass(1s);
    std::vector<int> attempts;
    for (auto const& each : sent()) {
        BOOST_TEST(each.what.type == message_type::hello);
        BOOST_TEST(!each.how.to.has_value());
        BOOST_TEST(each.how.link == 3U);
        attempts.push_back(each.what.attempt);
    }
    BOOST_TEST(attempts == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(its_hello_carries_its_whole_record)
{
    BOOST_TEST(!heart.update(bytes_of("data"), now).failed());
    heart.start(now);
    auto const hello = sent().at(0).what;
    BOOST_TEST(hello.who.id == 7U);
    BOOST_TEST((hello.who == heart.own()));
    BOOST_TEST_REQUIRE(hello.record.has_value());
    BOOST_TEST((hello.record->beat_interval == 2500ms));
    BOOST_TEST(hello.record->discovery_port == 8080);
    BOOST_TEST((hello.record->service_ports == std::vector<net::port_type>{9000}));
    BOOST_TEST((hello.record->addresses == std::vector{asio::ip::make_address("10.0.0.7")}));
    BOOST_TEST((hello.record->data == bytes_of("data")));
}

BOOST_AUTO_TEST_CASE(every_datagram_has_a_number_of_its_own)
{
    heart.start(now);
    pass(1min);
    std::uint64_t last = 0;
    auto const all = sent();
    BOOST_TEST(all.size() > 20U);
    for (auto const& each : all) {
        BOOST_TEST(each.what.counter > last);
        last = each.what.counter;
    }
}

BOOST_AUTO_TEST_CASE(each_attempt_of_a_newcomer_is_answered_once_to_where_it_came_from)
{
    heart.start(now);
    pass(1s);
    sent();
    stranger newcomer(1);
    for (std::uint8_t attempt = 1; attempt <= 3; ++attempt)
        for (int copy = 0; copy < 3; ++copy)
            hear(newcomer, message_type::hello, attempt);
    hear(newcomer, message_type::hello);
    auto const answers = sent();
    BOOST_TEST(types(answers) == std::vector(3, message_type::records), per_element());
    for (auto const& each : answers)
        BOOST_TEST((each.how.to == newcomer.source));
}

BOOST_AUTO_TEST_CASE(a_ping_is_acknowledged_with_the_record)
{
    heart.start(now);
    pass(1s);
    sent();
    hear(stranger(1), message_type::ping);
    auto const answers = sent();
    BOOST_TEST(types(answers) == std::vector{message_type::ack}, per_element());
    BOOST_TEST(answers.at(0).what.record.has_value());
}

BOOST_AUTO_TEST_CASE(only_hellos_and_pings_are_answered)
{
    heart.start(now);
    pass(1s);
    sent();
    stranger other(1);
    hear(other, message_type::hello);
    for (auto const type : {message_type::ack, message_type::records, message_type::bye})
        hear(other, type, 1);
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(a_silent_instance_is_asked_before_it_is_called_gone)
{
    heart.start(now);
    stranger other(1);
    hear(other, message_type::hello);
    pass(4999ms);
    sent();
    pass(4s);
    auto const said = sent();
    auto const pings = std::ranges::count(types(said), message_type::ping);
    BOOST_TEST(pings >= 4);
    for (auto const& each : said)
        if (each.what.type == message_type::ping)
            BOOST_TEST((each.how.to == other.source));
    BOOST_TEST(heart.size() == 2U);
    pass(1001ms);
    BOOST_TEST(heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_answer_to_a_ping_keeps_an_instance)
{
    heart.start(now);
    stranger other(1);
    hear(other, message_type::hello);
    pass(9s);
    hear(other, message_type::ack);
    pass(9s);
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_older_record_is_a_sign_of_life_but_no_news)
{
    stranger other(1);
    other.says.record->sequence = 5;
    other.says.record->data = bytes_of("new");
    hear(other, message_type::hello);
    pass(9s);
    other.says.record->sequence = 4;
    other.says.record->data = bytes_of("old");
    other.says.record->service_ports = {1};
    hear(other, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
    BOOST_TEST((heart.others().describe(1)->data == bytes_of("new")));
    BOOST_TEST(heart.counters().stale == 1U);
    pass(9s);
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_change_of_ports_or_addresses_is_told)
{
    stranger other(1);
    hear(other, message_type::hello);
    ++other.says.record->sequence;
    other.says.record->service_ports = {1, 2};
    hear(other, message_type::hello);
    ++other.says.record->sequence;
    other.says.record->addresses.push_back(asio::ip::make_address("10.0.0.100"));
    hear(other, message_type::hello);
    ++other.says.record->sequence;
    hear(other, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::updated, event_kind::updated}),
               per_element());
    BOOST_TEST(heart.others().describe(1)->addresses.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_earlier_life_of_a_living_id_is_a_conflict_told_once_per_limit)
{
    stranger charted(1, 1);
    charted.says.who.incarnation = 2000;
    stranger other(1, 2);
    hear(charted, message_type::hello);
    pass(1s);
    for (int i = 0; i < 8; ++i) {
        hear(other, message_type::hello);
        hear(charted, message_type::hello);
        pass(1s);
    }
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::id_conflict}), per_element());
    BOOST_TEST((heart.others().describe(1)->life == charted.says.who.life));
}

BOOST_AUTO_TEST_CASE(late_datagrams_of_the_life_before_a_restart_are_no_conflict)
{
    stranger before(1, 1);
    stranger after(1, 2);
    after.says.who.incarnation = 2000;
    hear(before, message_type::hello);
    hear(after, message_type::hello);
    pass(299ms);
    hear(before, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::restarted}), per_element());
}

BOOST_AUTO_TEST_CASE(two_lives_that_began_in_the_same_millisecond_are_a_conflict)
{
    stranger one(1, 1);
    stranger other(1, 2);
    for (int i = 0; i < 8; ++i) {
        hear(one, message_type::hello);
        hear(other, message_type::hello);
        pass(1s);
    }
    auto const told = news();
    BOOST_TEST(std::ranges::count(told, event_kind::restarted) <= 1);
    BOOST_TEST(std::ranges::count(told, event_kind::id_conflict) == 1);
}

BOOST_AUTO_TEST_CASE(another_who_claims_the_own_id_is_told_once_per_limit_and_not_charted)
{
    heart.start(now);
    stranger twin(7, 99);
    twin.says.who.incarnation = 5000;
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

BOOST_AUTO_TEST_CASE(right_after_a_restart_the_own_life_before_is_no_conflict)
{
    heart.start(now);
    stranger before(7, 99);
    before.says.who.incarnation = heart.own().incarnation - 1;
    pass(300ms);
    hear(before, message_type::hello);
    BOOST_TEST(news().empty());
    pass(1ms);
    hear(before, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::id_conflict}, per_element());
}

BOOST_AUTO_TEST_CASE(what_it_sent_itself_is_not_counted_as_received)
{
    heart.start(now);
    for (auto const& each : heart.take_outgoing())
        heart.receive(each.bytes, {3, {asio::ip::make_address("10.0.0.7"), 40001}}, now);
    BOOST_TEST(heart.counters().received == 0U);
    BOOST_TEST(heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_goodbye_of_another_life_is_ignored)
{
    hear(stranger(1, 1), message_type::hello);
    hear(stranger(1, 2), message_type::bye);
    hear(stranger(2), message_type::bye);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_a_goodbye_has_overtaken_charts_nobody)
{
    hear(stranger(1), message_type::bye);
    hear(stranger(1), message_type::records);
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.size() == 1U);
    hear(stranger(1, 2), message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(a_late_datagram_of_an_earlier_life_does_not_undo_a_goodbye)
{
    stranger before(1, 1);
    stranger after(1, 2);
    after.says.who.incarnation = 2000;
    hear(before, message_type::hello);
    hear(after, message_type::hello);
    pass(100ms);
    hear(after, message_type::bye);
    pass(100ms);
    hear(before, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::restarted, event_kind::left}),
               per_element());
    BOOST_TEST(heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(garbage_is_counted_by_what_is_wrong_with_it_and_changes_nothing)
{
    heart.start(now);
    sent();
    auto const whole = stranger(1).datagram(message_type::hello);
    auto const from = detail::arrival{3, stranger(1).source};
    auto const hear_with = [&](std::size_t at) {
        auto bytes = whole;
        bytes[at] ^= std::byte{1};
        heart.receive(bytes, from, now);
    };
    hear_with(0);
    hear_with(2);
    hear_with(50);
    heart.receive(std::span(whole).first(20), from, now);
    auto const& counted = heart.counters();
    BOOST_TEST(counted.foreign == 1U);
    BOOST_TEST(counted.unsupported == 1U);
    BOOST_TEST(counted.corrupted == 1U);
    BOOST_TEST(counted.malformed == 1U);
    BOOST_TEST(counted.received == 4U);
    BOOST_TEST(counted.applied == 0U);
    BOOST_TEST(news().empty());
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(data_over_the_limit_is_refused_and_the_old_kept)
{
    heart.start(now);
    auto const limit = announce::max_data_size(1);
    BOOST_TEST(!heart.update(std::vector<std::byte>(limit), now).failed());
    sent();
    BOOST_TEST(heart.update(std::vector<std::byte>(limit + 1), now) == error::data_too_large);
    BOOST_TEST(heart.data().size() == limit);
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(while_it_leaves_it_says_nothing_but_goodbye)
{
    heart.start(now);
    pass(1s);
    sent();
    heart.leave(now);
    BOOST_TEST(heart.is_leaving());
    hear(stranger(1), message_type::hello, 1);
    hear(stranger(2), message_type::ping);
    (void)heart.update(bytes_of("too late"), now);
    heart.set_links({on(4)}, now);
    pass(1min);
    BOOST_TEST(!heart.is_leaving());
    BOOST_TEST(types(sent()) == std::vector(3, message_type::bye), per_element());
    BOOST_TEST(heart.last_words().empty());
}

BOOST_AUTO_TEST_SUITE_END()
