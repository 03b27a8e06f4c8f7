// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <vector>

// What one does on a link as time passes.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;

namespace {

/// Somebody known for long, so that no digest is due soon.
struct known_for_long : lone_engine {
    known_for_long()
    {
        settle_in();
        chart(other);
        pass_with(other, 2min);
        heart.take_outgoing();
        heart.take_events();
    }

    /// Whom the digests said within a quarter of a second tell to have ended.
    std::vector<std::uint64_t> ended_told_soon()
    {
        std::vector<std::uint64_t> all;
        pass(250ms);
        for (auto const& each : sent(message_type::digest))
            for (auto const& told : each.what.ended)
                all.push_back(told.who.id);
        return all;
    }

    detail::segment& link() const { return *heart.segments().front(); }

    stranger const other = on_its_own_host(9);
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_segment)

BOOST_AUTO_TEST_CASE(where_others_find_no_room_four_at_a_time_are_asked_thrice_if_they_are_there)
{
    lone_engine chart(256);
    chart.settle_in();
    std::uint64_t id = 100;
    for (; id < 164; ++id) {
        chart.hear(on_its_own_host(id), message_type::hello);
        for (int i = 0; i < 10; ++i) // which pays for the questions
            chart.hear(on_its_own_host(id), message_type::beat);
    }
    chart.pass(200ms);
    chart.heart.take_outgoing();
    chart.hear(on_its_own_host(id), message_type::hello);
    chart.pass(99ms); // a round comes every 100
    std::map<asio::ip::address, int> asked;
    for (auto const& each : chart.sent(message_type::ping))
        ++asked[each.how.to->address()];
    BOOST_TEST(asked.size() == 4U);
    for (auto const& [who, times] : asked)
        BOOST_TEST(times == 3);
}

// Nothing at all is heard for longer than two beat intervals when it would be told.
BOOST_AUTO_TEST_CASE(multicast_is_not_lost_where_whoever_spoke_last_is_silent_too)
{
    lone_engine chart;
    chart.settle_in();
    stranger const other(1);
    chart.chart(other);
    chart.hear(other, message_type::digest);
    chart.pass_with(other, 122s);
    chart.pass(20s);
    BOOST_TEST(std::ranges::count(chart.news(), event_kind::multicast_lost) == 0);
}

BOOST_FIXTURE_TEST_CASE(whoever_has_lost_its_way_to_this_link_is_told_to_be_gone_soon,
                        known_for_long)
{
    link().lose(on_its_own_host(10).who, now);
    BOOST_TEST(ended_told_soon().empty());
    link().lose(other.who, now);
    BOOST_TEST(ended_told_soon() == std::vector<std::uint64_t>{9}, per_element());
}

BOOST_AUTO_TEST_CASE(a_chart_that_is_complete_from_the_start_is_as_if_all_had_said_hello)
{
    lone_engine chart;
    chart.heart.start_settled(chart.now);
    auto const other = on_its_own_host(9).as_member();
    chart.heart.preload(other->who(), other->record(), chart.now);
    BOOST_TEST(chart.heart.describe(9).has_value());
    chart.pass(4s); // so long a silence counts, and asking was paid for
    BOOST_TEST(!chart.sent(message_type::ping).empty());
}

BOOST_AUTO_TEST_CASE(the_last_words_are_a_goodbye_on_every_link)
{
    lone_engine chart;
    chart.heart.set_links({lone_engine::on(3), lone_engine::on(4)}, chart.now);
    chart.settle_in();
    std::vector<unsigned> links;
    for (auto const& each : chart.heart.last_words()) {
        auto const said = announce::decode(each.bytes, group_key()).value();
        BOOST_TEST((said.type == message_type::bye));
        BOOST_TEST(!each.to.has_value());
        links.push_back(each.link);
    }
    BOOST_TEST(links == (std::vector{3U, 4U}), per_element());
}

/// The one that is charted here is suspected, and that was said once of two times.
struct once_accused : lone_engine {
    once_accused()
    {
        settle_in();
        chart(silent);
        chart(living);
        while (sent(message_type::suspect).empty()) {
            if (now - heard >= 1s) {
                heard = now;
                hear(living, message_type::beat);
            }
            pass(1ms);
        }
    }

    stranger const silent = on_its_own_host(9);
    stranger const living = on_its_own_host(10);
    detail::time_point heard{};
};

BOOST_FIXTURE_TEST_CASE(whoever_says_goodbye_accuses_nobody_any_more, once_accused)
{
    heart.leave(now);
    pass(1s);
    for (auto const& each : sent())
        BOOST_TEST((each.what.type == message_type::bye));
}

BOOST_AUTO_TEST_CASE(what_another_one_says_of_somebody_is_not_said_again)
{
    for (auto const what : {message_type::suspect, message_type::gone}) {
        once_accused chart;
        chart.hear_about(chart.living, what, chart.silent.who);
        chart.pass(500ms);
        BOOST_TEST(chart.sent(message_type::suspect).empty());
    }
}

// It has watched them until then, and they had no reason to speak to it meanwhile.
BOOST_FIXTURE_TEST_CASE(whoever_comes_back_counts_the_silence_of_others_from_then_on,
                        known_for_long)
{
    heart.announce(false, now);
    pass(20s);
    BOOST_TEST_REQUIRE(heart.describe(9).has_value());
    heart.announce(true, now);
    pass(5s);
    BOOST_TEST(news().empty());
}

BOOST_FIXTURE_TEST_CASE(whoever_says_goodbye_is_accused_no_more, once_accused)
{
    hear(silent, message_type::bye);
    pass(500ms);
    BOOST_TEST(sent(message_type::suspect).empty());
}

BOOST_FIXTURE_TEST_CASE(a_goodbye_is_in_the_next_digest, known_for_long)
{
    auto const applied = heart.counters().applied;
    hear(other, message_type::bye);
    BOOST_TEST(heart.counters().applied == applied + 1);
    BOOST_TEST(ended_told_soon() == std::vector<std::uint64_t>{9}, per_element());
    pass(16s);
    sent();
    hear(other, message_type::bye); // which is no news any more
    BOOST_TEST(heart.counters().applied == applied + 1);
    BOOST_TEST(ended_told_soon().empty());
}

BOOST_FIXTURE_TEST_CASE(an_end_that_is_told_to_all_is_in_the_next_digest, known_for_long)
{
    auto const accuser = on_its_own_host(10);
    chart(accuser);
    pass_with(accuser, 3s);
    heart.take_outgoing();
    hear_about(accuser, message_type::gone, other.who);
    BOOST_TEST(ended_told_soon() == std::vector<std::uint64_t>{9}, per_element());
    hear_about(accuser, message_type::gone, other.who);
    pass(16s);
    sent();
    hear_about(accuser, message_type::gone, other.who); // which is no news any more
    BOOST_TEST(sent(message_type::digest).empty());
}

/// On the link are we as 10.0.0.7, and another one with two addresses.
struct of_two_addresses : lone_engine {
    of_two_addresses()
    {
        other.record.addresses.push_back(asio::ip::make_address("10.0.0.200"));
        settle_in();
        chart(other);
    }

    static detail::link moved() { return on(3, {{asio::ip::make_address("10.0.0.8"), 24}}); }

    asio::ip::address best() const
    {
        auto const& link = *heart.segments().front();
        return link.seen().best(link.known().members().find(9)->who())->address();
    }

    stranger other = on_its_own_host(9);
};

BOOST_FIXTURE_TEST_CASE(
    with_another_address_of_ours_others_have_to_show_anew_where_they_are_reached, of_two_addresses)
{
    auto const preferred = best();
    auto elsewhere = other;
    auto const& all = other.record.addresses;
    elsewhere.source.address(all[0] == preferred ? all[1] : all[0]);
    auto const seen_at = [&] { return heart.segments().front()->seen().known(*other.as_member()); };
    hear_proof(elsewhere);
    auto const answered = [](auto const& each) { return each.answered; };
    BOOST_TEST(std::ranges::any_of(seen_at(), answered));
    heart.set_links({moved()}, now);
    BOOST_TEST(std::ranges::none_of(seen_at(), answered));
}

BOOST_FIXTURE_TEST_CASE(an_address_that_is_ours_no_more_is_not_answered_from, of_two_addresses)
{
    auto const from_after_a_ping = [&](asio::ip::address const& asked) {
        heart.receive(other.datagram(message_type::ping), {3, other.source, false, asked}, now);
        auto const answers = sent(message_type::ack);
        BOOST_TEST_REQUIRE(answers.size() == 1U);
        return answers.front().how.from;
    };
    auto const ours = asio::ip::make_address("10.0.0.7");
    BOOST_TEST(from_after_a_ping(ours) == ours);
    heart.set_links({moved()}, now);
    BOOST_TEST(from_after_a_ping({}).is_unspecified());
}

BOOST_AUTO_TEST_CASE(in_another_subnet_than_the_others_digests_do_not_go_by_ipv4_alone)
{
    auto const on_both = [](char const* v4) {
        return lone_engine::on(
            3, {{asio::ip::make_address(v4), 24}, {asio::ip::make_address("fe80::7"), 64}});
    };
    lone_engine chart;
    chart.heart.set_links({on_both("10.0.0.7")}, chart.now);
    auto other = on_its_own_host(9);
    other.record.addresses.push_back(asio::ip::make_address("fe80::9"));
    other.record.unicast_port_v6 = other.source.port();
    chart.settle_in();
    chart.chart(other);
    auto const by_ipv4_alone = [&] {
        chart.pass_with(other, 2min);
        auto const digests = chart.sent(message_type::digest);
        BOOST_TEST(!digests.empty());
        return std::ranges::count(digests, detail::versions::v4,
                                  [](auto const& each) { return each.how.by; });
    };
    BOOST_TEST(by_ipv4_alone() > 0);
    chart.heart.set_links({on_both("10.1.0.7")}, chart.now);
    BOOST_TEST(by_ipv4_alone() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
