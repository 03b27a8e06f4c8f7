// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include "protocol/return_ways.hpp"
#include "protocol/sightings.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::endpoint;
using detail::sightings;
using texts = std::vector<std::string>;

namespace {

asio::ip::address ip(std::string const& text)
{
    return asio::ip::make_address(text);
}

/// Link 40003, on which we are 10.0.0.7/24 and fe80::7/64, and a member with three addresses.
struct three_addresses {
    three_addresses()
    {
        on.unicast_port_v4 = on.unicast_port_v6 = 40007;
        other.record.unicast_port_v6 = other.record.unicast_port_v4;
        other.record.addresses = {ip("10.1.0.99"), ip("10.0.0.99"), ip("fe80::99")};
    }

    endpoint at(std::string const& text) const { return {ip(text), other.record.unicast_port_v4}; }

    std::string best() const { return seen.best(*other.as_member())->address().to_string(); }
    std::string ask()
    {
        now += 1s;
        auto const where = next().value();
        seen.asked(*other.as_member(), where, now);
        return where.address().to_string();
    }
    std::optional<endpoint> next(std::chrono::milliseconds later = 0ms) const
    {
        auto const turns = seen.in_turn(*other.as_member(), now + later);
        return turns.empty() ? std::nullopt : std::optional(turns.front());
    }

    detail::link on = test::lone_engine::on(40003, {{ip("10.0.0.7"), 24}, {ip("fe80::7"), 64}});
    sightings seen{on};
    test::stranger other{1};
    detail::time_point now{24h};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_sightings, three_addresses)

BOOST_AUTO_TEST_CASE(a_shared_subnet_is_better_than_a_link_local_address_and_than_other_subnets)
{
    BOOST_TEST(best() == "10.0.0.99");
    other.record.addresses = {ip("10.1.0.99"), ip("fe80::99")};
    BOOST_TEST(best() == "fe80::99%40003");
    other.record.addresses = {ip("192.168.0.1"), ip("10.1.0.99")};
    BOOST_TEST(best() == "10.1.0.99"); // more like our own
}

BOOST_AUTO_TEST_CASE(of_a_subnet_that_is_best_from_where_it_has_spoken)
{
    other.record.addresses = {ip("10.0.0.5"), ip("10.0.0.99"), ip("10.0.0.100")};
    BOOST_TEST(best() == "10.0.0.5"); // most like our own
    seen.spoke(*other.as_member(), at("10.0.0.99"));
    BOOST_TEST(best() == "10.0.0.99");
    seen.answered(*other.as_member(), at("10.0.0.100"));
    BOOST_TEST(best() == "10.0.0.100");
}

BOOST_AUTO_TEST_CASE(that_it_has_spoken_from_afar_makes_no_address_better_than_a_link_local_one)
{
    other.record.addresses = {ip("10.1.0.99"), ip("fe80::99")};
    seen.spoke(*other.as_member(), at("10.1.0.99"));
    BOOST_TEST(best() == "fe80::99%40003");
}

BOOST_AUTO_TEST_CASE(where_it_has_answered_is_best)
{
    seen.answered(*other.as_member(), at("10.1.0.99"));
    BOOST_TEST(best() == "10.1.0.99");
    BOOST_TEST(seen.hears_at(*other.as_member(), at("10.1.0.99")));
    BOOST_TEST(!seen.hears_at(*other.as_member(), at("10.0.0.99")));
}

BOOST_AUTO_TEST_CASE(an_answer_from_an_address_that_it_does_not_tell_changes_nothing)
{
    seen.answered(*other.as_member(), at("10.0.0.66"));
    seen.spoke(*other.as_member(), at("10.0.0.66"));
    BOOST_TEST(best() == "10.0.0.99");
    BOOST_TEST(seen.size() == 0U);
}

BOOST_AUTO_TEST_CASE(questions_go_round_until_one_is_answered)
{
    BOOST_TEST(ask() == "10.0.0.99");
    BOOST_TEST(ask() == "fe80::99%40003");
    BOOST_TEST(ask() == "10.1.0.99");
    BOOST_TEST(ask() == "10.0.0.99");
    seen.answered(*other.as_member(), at("fe80::99"));
    BOOST_TEST(ask() == "fe80::99%40003");
}

BOOST_AUTO_TEST_CASE(a_question_that_may_still_be_answered_is_repeated_at_the_same_address)
{
    BOOST_TEST(ask() == "10.0.0.99");
    BOOST_TEST(seen.in_turn(*other.as_member(), now + 200ms).size() == 1U);
    BOOST_TEST(next(200ms)->address() == ip("10.0.0.99"));
    BOOST_TEST(next(250ms)->address() != ip("10.0.0.99"));
}

BOOST_AUTO_TEST_CASE(no_answer_is_waited_for_longer_than_250_ms)
{
    other.record.beat_interval = 10s;
    BOOST_TEST(ask() == "10.0.0.99");
    BOOST_TEST(next(249ms)->address() == ip("10.0.0.99"));
    BOOST_TEST(next(250ms)->address() != ip("10.0.0.99"));
}

BOOST_AUTO_TEST_CASE(the_best_address_is_asked_again_after_half_a_beat_interval)
{
    auto const to_ask = [&](std::chrono::milliseconds later) {
        auto const where = seen.best_to_ask(*other.as_member(), now + later);
        return where ? where->address().to_string() : "none";
    };
    other.record.addresses = {ip("10.0.0.99"), ip("10.1.0.99")};
    BOOST_TEST(to_ask(0ms) == "10.0.0.99");
    ask();
    BOOST_TEST(to_ask(1249ms) == "none");
    BOOST_TEST(to_ask(1250ms) == "10.0.0.99");
}

// There is nothing to find out.
BOOST_AUTO_TEST_CASE(of_one_address_it_is_neither_asked_nor_remembered_whether_it_works)
{
    auto const is_left_alone = [&] {
        auto const who = other.as_member();
        seen.answered(*who, at("10.0.0.99"));
        return seen.unseen(*who, now).empty() && !seen.best_to_ask(*who, now) && seen.size() == 0;
    };
    other.record.addresses = {ip("10.0.0.99")};
    BOOST_TEST(is_left_alone());
    on = test::lone_engine::on(40003, {{ip("10.0.0.7"), 24}});
    other.record.addresses = {ip("10.0.0.99"), ip("fd09::99")}; // of which one can be reached
    BOOST_TEST(is_left_alone());
}

BOOST_AUTO_TEST_CASE(all_that_it_tells_is_known_though_the_link_lacks_an_ip_version)
{
    on = test::lone_engine::on(40003, {{ip("10.0.0.7"), 24}});
    seen.answered(*other.as_member(), at("10.0.0.99"));
    texts all;
    for (auto const& each : seen.known(*other.as_member()))
        all.push_back(each.address.to_string() + (each.answered ? " has answered" : ""));
    BOOST_TEST(all == (texts{"10.1.0.99", "10.0.0.99 has answered", "fe80::99"}), per_element());
}

BOOST_AUTO_TEST_CASE(those_that_were_asked_least_often_in_vain_come_first)
{
    ask();
    texts turns;
    for (auto const& each : seen.in_turn(*other.as_member(), now + 1s))
        turns.push_back(each.address().to_string());
    BOOST_TEST(turns == (texts{"fe80::99%40003", "10.1.0.99", "10.0.0.99"}), per_element());
}

BOOST_AUTO_TEST_CASE(what_was_asked_four_times_in_vain_is_not_used_before_others)
{
    auto const version = seen.version();
    for (int i = 0; i < 3 * 3; ++i)
        ask();
    BOOST_TEST(best() == "10.0.0.99");
    BOOST_TEST(seen.version() == version);
    BOOST_TEST(ask() == "10.0.0.99");
    BOOST_TEST(best() == "fe80::99%40003");
    BOOST_TEST(seen.version() > version);
    seen.answered(*other.as_member(), at("10.0.0.99"));
    BOOST_TEST(best() == "10.0.0.99");
}

BOOST_AUTO_TEST_CASE(the_first_address_that_can_be_asked_is_until_one_has_answered)
{
    auto const unseen = [&] {
        texts all;
        for (auto const& each : seen.unseen(*other.as_member(), now))
            all.push_back(each.address().to_string());
        return all;
    };
    BOOST_TEST(unseen() == (texts{"10.0.0.99", "fe80::99%40003", "10.1.0.99"}), per_element());
    seen.answered(*other.as_member(), at("fe80::99"));
    BOOST_TEST(unseen() == texts{"10.0.0.99"}, per_element());
    seen.answered(*other.as_member(), at("10.0.0.99"));
    BOOST_TEST(unseen().empty());
}

BOOST_AUTO_TEST_CASE(what_has_failed_is_asked_again_after_64_beat_intervals)
{
    seen.answered(*other.as_member(), at("fe80::99"));
    for (int i = 0; i < 4; ++i)
        seen.asked(*other.as_member(), at("10.0.0.99"), now);
    now += 64 * other.record.beat_interval - 1ms;
    BOOST_TEST(seen.unseen(*other.as_member(), now).empty());
    auto const again = seen.unseen(*other.as_member(), now + 1ms);
    BOOST_TEST_REQUIRE(again.size() == 1U);
    BOOST_TEST((again.front() == at("10.0.0.99")));
}

BOOST_AUTO_TEST_CASE(a_new_address_of_the_same_life_is_added_to_what_was_seen)
{
    seen.answered(*other.as_member(), at("10.1.0.99"));
    other.record.addresses.push_back(ip("10.2.0.99"));
    seen.answered(*other.as_member(), at("10.2.0.99"));
    BOOST_TEST(seen.hears_at(*other.as_member(), at("10.2.0.99")));
    BOOST_TEST(seen.hears_at(*other.as_member(), at("10.1.0.99")));
}

BOOST_AUTO_TEST_CASE(on_another_link_nothing_is_known_of_what_was_seen_before)
{
    seen.answered(*other.as_member(), at("10.1.0.99"));
    auto const version = seen.version();
    seen.forget();
    BOOST_TEST(best() == "10.0.0.99");
    BOOST_TEST(seen.size() == 0U);
    BOOST_TEST(seen.version() > version);
}

BOOST_AUTO_TEST_CASE(the_scope_of_where_it_speaks_from_makes_no_difference)
{
    other.record.addresses = {ip("10.1.0.99"), ip("fe80::98"), ip("fe80::99")};
    seen.spoke(*other.as_member(), at("fe80::99%40003"));
    BOOST_TEST(best() == "fe80::99%40003");
    seen.answered(*other.as_member(), at("fe80::98%40003"));
    BOOST_TEST(best() == "fe80::98%40003");
}

BOOST_AUTO_TEST_CASE(the_port_it_tells_of_last_is_used_where_it_was_seen_before)
{
    seen.answered(*other.as_member(), at("10.1.0.99"));
    other.record.unicast_port_v4 = 40001;
    BOOST_TEST(seen.best(*other.as_member())->port() == 40001);
}

BOOST_AUTO_TEST_CASE(the_version_grows_with_what_is_new_alone)
{
    auto const grows = [&](auto const& what) {
        auto const before = seen.version();
        what();
        return seen.version() > before;
    };
    auto const speaks = [&] { seen.spoke(*other.as_member(), at("10.0.0.99")); };
    auto const answers = [&] { seen.answered(*other.as_member(), at("10.0.0.99")); };
    BOOST_TEST(grows(speaks));
    BOOST_TEST(!grows(speaks));
    BOOST_TEST(grows(answers));
    ask();
    BOOST_TEST(!grows(answers));
    for (int i = 0; i < 4; ++i)
        seen.asked(*other.as_member(), at("10.0.0.99"), now);
    BOOST_TEST(grows(answers)); // it had failed
}

BOOST_AUTO_TEST_CASE(what_has_answered_and_then_failed_is_as_if_it_had_not_answered)
{
    seen.answered(*other.as_member(), at("10.0.0.99"));
    BOOST_TEST(seen.unseen(*other.as_member(), now).empty());
    for (int i = 0; i < 4; ++i)
        seen.asked(*other.as_member(), at("10.0.0.99"), now);
    auto const known = seen.known(*other.as_member());
    BOOST_TEST(!known[1].answered);
    BOOST_TEST(known[1].failed);
    auto const others = seen.unseen(*other.as_member(), now);
    BOOST_TEST_REQUIRE(others.size() == 2U);
    BOOST_TEST(others[0].address().to_string() == "fe80::99%40003");
}

BOOST_AUTO_TEST_CASE(another_life_begins_without_what_was_seen)
{
    seen.answered(*other.as_member(), at("10.1.0.99"));
    other.who.life.bytes[0] = 77;
    BOOST_TEST(best() == "10.0.0.99");
}

BOOST_AUTO_TEST_CASE(no_more_members_are_remembered_than_there_is_room_for)
{
    for (std::uint64_t id = 1; id <= sightings::most_remembered + 10; ++id) {
        other.who.id = id;
        seen.answered(*other.as_member(), at("10.1.0.99"));
    }
    BOOST_TEST(seen.size() == 1024U);
    BOOST_TEST(best() == "10.1.0.99");
    other.who.id = 12; // of those that were used last
    seen.spoke(*other.as_member(), at("10.1.0.99"));
    other.who.id = 20'000;
    seen.answered(*other.as_member(), at("10.1.0.99"));
    other.who.id = 12;
    seen.answered(*other.as_member(), at("10.1.0.99"));
    for (std::uint64_t id = 30'000; id < 30'010; ++id) {
        other.who.id = id;
        seen.answered(*other.as_member(), at("10.1.0.99"));
    }
    other.who.id = 12;
    BOOST_TEST(best() == "10.1.0.99");
    other.who.id = 1; // the first one is forgotten
    BOOST_TEST(best() == "10.0.0.99");
}

BOOST_AUTO_TEST_CASE(the_address_that_was_asked_is_remembered_for_the_last_ones)
{
    detail::return_ways ways;
    for (unsigned i = 1; i <= detail::return_ways::most_remembered + 1; ++i)
        ways.note({ip("10.0.0.99"), static_cast<net::port_type>(i)}, ip("10.0.0.7"));
    BOOST_TEST(ways.find({ip("10.0.0.99"), 2}) == ip("10.0.0.7"));
    BOOST_TEST(ways.find({ip("10.0.0.99"), 1}).is_unspecified());
    ways.note({ip("10.0.0.99"), 2}, ip("10.0.0.8"));
    BOOST_TEST(ways.find({ip("10.0.0.99"), 2}) == ip("10.0.0.8"));
}

// Its address would lead to ourselves; so there is no way to it, whatever it has proven.
BOOST_AUTO_TEST_CASE(a_member_that_tells_of_its_loopback_address_alone_is_relied_upon_for_nothing)
{
    test::lone_engine alone;
    alone.settle_in();
    test::stranger nowhere(1);
    nowhere.record.addresses = {ip("127.0.0.1")};
    alone.chart(nowhere);
    test::stranger neighbour(2);
    neighbour.source.port(40002);
    neighbour.record.unicast_port_v4 = 40002;
    alone.chart(neighbour);
    alone.pass_with(neighbour, 20s);
    std::size_t beats = 0;
    for (auto const& each : alone.sent()) {
        if (each.how.to)
            BOOST_TEST((*each.how.to == neighbour.source || *each.how.to == nowhere.source));
        beats += each.what.type == message_type::beat;
    }
    BOOST_TEST(beats >= 7U);
}

BOOST_AUTO_TEST_SUITE_END()
