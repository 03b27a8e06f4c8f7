// SPDX-License-Identifier: BSL-1.0
#include "support/sim_at_rest.hpp"
#include "support/sim_attacker.hpp"
#include "support/sim_hearing.hpp"
#include "support/sim_ledger.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_times.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::detection_time;
using test::simulated_network;

// Instances that meet on several links.

namespace {

using kinds = std::vector<event_kind>;
using links = std::vector<unsigned>;

/// So many that share two segments, and one on each alone.
struct two_wires : simulated_network {
    explicit two_wires(std::uint64_t seed, std::size_t count) : simulated_network(seed)
    {
        add_segment();
        add_segment();
        add_many(count, {.segments = {0, 1}});
        add({.segments = {0}});
        add({.segments = {1}});
        start_all();
        run_for(1min);
        BOOST_TEST(engine(0).size() == count + 2);
    }

    std::size_t addresses(std::size_t who, std::size_t other)
    {
        auto const known = engine(who).describe(id(other));
        return known ? known->addresses.size() : 0;
    }
};

/// Five instances on each of two hosts, which share a wire (0); each host has a loopback (1, 2).
struct two_hosts_with_loopback : simulated_network {
    explicit two_hosts_with_loopback(std::uint64_t seed) : simulated_network(seed)
    {
        add_segment();
        add_segment({.loopback = true});
        add_segment({.loopback = true});
        add_many(5, {.segments = {1, 0}, .detection_time = 5s});
        add_many(5, {.segments = {2, 0}, .detection_time = 5s});
        start_all();
        run_for(1min);
        BOOST_TEST(all_know_all());
    }
};

/// One engine that is on links 3 and 4.
struct two_links : test::lone_engine {
    two_links()
    {
        heart.set_links({on(3), on(4)}, now);
        settle_in();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(real_networks_links)

BOOST_AUTO_TEST_CASE(neighbours_on_one_host_are_watched_on_the_wire_alone)
{
    test::test_seed const seed(920);
    two_hosts_with_loopback net(seed);
    std::size_t beats_on_loopback = 0;
    auto const before = net.total_traffic().received;
    check_calm(net, 3, 5s, 1min);
    // Each is watched by two: two beats in a quarter of five seconds, and a few digests.
    BOOST_TEST(static_cast<double>(net.total_traffic().received - before) / 10 / 60 < 2.2);
    net.observe([&](std::size_t from, detail::outgoing const& what) {
        auto const type = announce::decode(what.bytes, group_key())->type;
        beats_on_loopback += type == message_type::beat && what.link != net.link_of(from, 0);
    });
    net.run_for(1min);
    net.observe({});
    BOOST_TEST(beats_on_loopback == 0U);
}

BOOST_AUTO_TEST_CASE(one_that_dies_is_gone_on_loopback_as_soon_as_on_the_wire)
{
    for (auto const each : test::test_seeds(921, 10)) {
        test::test_seed const seed(each);
        two_hosts_with_loopback net(seed);
        auto const before = net.now();
        net.crash(2);
        net.run_for(5s);
        for (std::size_t who = 0; who < net.count(); ++who)
            if (who != 2) {
                auto const told = net.told(who, net.id(2), before);
                BOOST_TEST_REQUIRE(!told.empty());
                BOOST_TEST((told.back() == event_kind::gone), who);
            }
    }
}

BOOST_AUTO_TEST_CASE(instances_on_one_host_alone_are_watched_where_the_wire_is_gone)
{
    test::test_seed const seed(922);
    two_hosts_with_loopback net(seed);
    for (std::size_t who = 0; who < 5; ++who)
        net.detach(who, 0);
    net.run_for(10s);
    for (std::size_t who = 0; who < 5; ++who)
        BOOST_TEST(net.engine(who).size() == 5U);
    auto const before = net.now();
    net.crash(2);
    net.run_for(5s);
    BOOST_TEST((net.told(1, net.id(2), before).back() == event_kind::gone));
    BOOST_TEST(net.engine(1).size() == 4U);
}

BOOST_AUTO_TEST_CASE(neighbours_that_lose_the_wire_one_after_the_other_suspect_nobody)
{
    // The first ones say so on loopback while the others do not know yet what has happened.
    for (auto const each : test::test_seeds(924, 10)) {
        test::test_seed const seed(each);
        two_hosts_with_loopback net(seed);
        auto const before = net.now();
        for (std::size_t who = 0; who < 5; ++who) {
            net.detach(who, 0);
            net.run_for(20ms);
        }
        net.run_for(10s);
        for (std::size_t who = 0; who < 5; ++who)
            for (std::size_t other = 0; other < 5; ++other) {
                auto const told = net.told(who, net.id(other), before);
                BOOST_TEST(std::ranges::count(told, event_kind::suspect) == 0, who << other);
                BOOST_TEST(std::ranges::count(told, event_kind::gone) == 0);
            }
    }
}

BOOST_AUTO_TEST_CASE(who_loses_one_of_two_links_is_known_to_at_once)
{
    for (auto const each : test::test_seeds(923, 10)) {
        test::test_seed const seed(each);
        two_wires net(seed, 5);
        auto const before = net.now();
        net.detach(0, 0);
        net.run_for(1s);
        for (std::size_t who = 1; who < 5; ++who) {
            BOOST_TEST(net.addresses(who, 0) == 1U);
            BOOST_TEST(net.told(who, net.id(0), before) == kinds{event_kind::updated},
                       per_element());
        }
        net.run_for(detection_time);
        BOOST_TEST(!net.knows(5, 0));
        auto const back = net.now();
        net.attach(0, 0);
        net.run_for(10s);
        for (std::size_t who = 1; who < 5; ++who) {
            BOOST_TEST(net.addresses(who, 0) == 2U);
            BOOST_TEST(net.told(who, net.id(0), back) == kinds{event_kind::updated}, per_element());
        }
        BOOST_TEST(net.knows(5, 0));
        check_calm(net, 2, 10s, 2min);
    }
}

// What each is told has to add up to what it charts.
BOOST_AUTO_TEST_CASE(two_links_of_one_wire_on_which_somebody_is_heard_again_tell_it_once)
{
    for (auto const each : test::test_seeds(620, 3)) {
        test::test_seed const seed(each);
        test::sim_ledger ledger;
        simulated_network net(seed);
        net.add_segment();
        net.add_segment();
        net.join(0, 1);
        net.add_many(6, {.segments = {0, 1}, .detection_time = 5s});
        test::restrict_hearing(net, test::by_hub);
        net.read([&](std::size_t who, std::span<event const> told) {
            ledger.read(who, told, net.engine(who));
        });
        net.start_all();
        net.run_for(2min);
        net.heal();
        BOOST_CHECK_NO_THROW(net.run_for(2min));
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_FIXTURE_TEST_CASE(a_link_that_goes_with_the_latest_word_of_somebody_is_told, two_links)
{
    test::stranger other(9);
    other.record.data = test::bytes_of("old");
    chart(other);
    other.link = 4;
    other.record.sequence = 1;
    other.record.data = test::bytes_of("new");
    hear(other, message_type::hello);
    BOOST_TEST(news() == (kinds{event_kind::updated}), per_element());
    heart.set_links({on(3)}, now);
    auto const told = heart.take_events();
    auto const known = heart.describe(9).value();
    bool const is_new = known.data == other.record.data;
    BOOST_TEST((is_new || (!told.empty() && told.back().who.data == known.data)));
}

BOOST_FIXTURE_TEST_CASE(a_goodbye_on_one_link_is_told_in_the_moment_it_is_heard, two_links)
{
    test::stranger other(9);
    chart(other);
    other.link = 4;
    chart(other);
    hear(other, message_type::bye);
    BOOST_TEST(news() == kinds{event_kind::left}, per_element());
    BOOST_TEST(heart.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(whoever_was_on_two_links_that_are_both_lost_is_told_gone_once, two_links)
{
    test::stranger other(9);
    chart(other);
    other.link = 4;
    chart(other);
    heart.set_links({on(5)}, now);
    news();
    pass(detection_time - 1s);
    BOOST_TEST(heart.size() == 2U);
    pass(2s);
    BOOST_TEST(news() == kinds{event_kind::gone}, per_element());
    BOOST_TEST(heart.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_old_goodbye_on_one_link_is_none_where_more_was_heard_on_another,
                        two_links)
{
    test::stranger other(9);
    chart(other);
    other.link = 4;
    ++other.who.incarnation;
    hear(other, message_type::hello);
    news();
    other.link = 3;
    --other.who.incarnation;
    hear(other, message_type::bye);
    auto const told = news();
    BOOST_TEST(std::ranges::count(told, event_kind::left) == 0);
    BOOST_TEST(heart.describe(9).has_value());
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_flap_of_a_shared_link_is_told_once_each_way)
{
    for (auto const away : {3s, 15s, 120s}) {
        test::test_seed const seed(924);
        two_wires net(seed, 5);
        auto const before = net.now();
        net.detach(0, 0);
        net.run_for(away);
        net.attach(0, 0);
        net.run_for(30s);
        for (std::size_t other = 1; other < 5; ++other) {
            BOOST_TEST(net.addresses(0, other) == 2U);
            BOOST_TEST(net.told(0, net.id(other), before) ==
                           (kinds{event_kind::updated, event_kind::updated}),
                       per_element());
            // The last event has what the chart has.
            auto const known = net.engine(0).describe(net.id(other))->addresses;
            auto const& events = net.events(0);
            auto const last = std::ranges::find_if(events.rbegin(), events.rend(), [&](auto& e) {
                return e.what.who.id == net.id(other);
            });
            BOOST_TEST(last->what.who.addresses == known, per_element());
        }
        BOOST_TEST(net.knows(0, 5));
        BOOST_TEST(net.knows(5, 0));
        check_calm(net, 2, 10s, 2min);
    }
}

BOOST_AUTO_TEST_CASE(newcomers_on_two_links_take_the_room_of_one)
{
    test::test_seed const seed(925);
    simulated_network net(seed);
    net.add_segment();
    net.add_segment();
    net.add_many(60, {.segments = {0, 1}, .max_instances = 240});
    net.start_all();
    net.run_for(1s);
    BOOST_TEST(net.all_know_all());
    std::uint64_t refused = 0;
    for (std::size_t who = 0; who < net.count(); ++who)
        refused += net.engine(who).counters().refused;
    BOOST_TEST(refused == 0U);
    BOOST_TEST(net.times_told(event_kind::chart_full) == 0U);
}

// Forged on one of two links; the objection comes by the other one, where nothing had changed.
BOOST_AUTO_TEST_CASE(an_objection_on_another_link_is_told_where_it_undoes_a_forgery)
{
    for (unsigned const forged_on : {0U, 1U}) {
        test::test_seed const seed(941);
        two_wires net(seed, 2);
        test::sim_attacker enemy(seed + 1);
        auto const genuine = net.engine(0).describe(net.id(1)).value();
        detail::endpoint const somewhere{genuine.addresses.front(), 5555};
        std::vector<std::byte> const data(7, std::byte{'f'});
        auto told = test::sim_attacker::record_at(somewhere);
        told.sequence = genuine.sequence + 1;
        told.data = data;
        auto const forgery = enemy.say_hello({genuine.id, genuine.life, genuine.incarnation}, told);
        net.segment(forged_on).loss = 1;
        net.forge(0, forgery, {net.link_of(0, forged_on), somewhere, true});
        BOOST_TEST((net.engine(0).describe(net.id(1))->data == data));
        auto const since = net.now();
        net.forge(1, forgery, {net.link_of(1, 1 - forged_on), somewhere, true});
        net.run_for(1s);
        BOOST_TEST((net.engine(0).describe(net.id(1))->data == genuine.data));
        auto const kinds_told = net.told(0, net.id(1), since);
        BOOST_TEST(std::ranges::count(kinds_told, event_kind::updated) == 2); // there and back
    }
}

// With the number of the truth, and as the first word of it on that link.
BOOST_FIXTURE_TEST_CASE(a_forgery_that_comes_and_goes_on_one_of_two_links_is_told, two_links)
{
    test::stranger genuine(1);
    genuine.link = 4;
    hear(genuine, message_type::hello);
    heart.take_events();
    auto forged = genuine;
    forged.link = 3; // which comes first
    forged.record.data = test::bytes_of("forged");
    hear(forged, message_type::hello);
    BOOST_TEST((heart.describe(1)->data == forged.record.data));
    BOOST_TEST(news() == std::vector{event_kind::updated}, per_element());
    heart.segments().front()->known().call_gone(forged.who, now);
    pass(1ms);
    heart.advance(now);
    BOOST_TEST((heart.describe(1)->data == genuine.record.data));
    BOOST_TEST(news() == std::vector{event_kind::updated}, per_element());
}

// The same with the words of another link, at the same address.
BOOST_FIXTURE_TEST_CASE(the_same_words_on_one_more_link_are_not_told, two_links)
{
    test::stranger genuine(1);
    hear(genuine, message_type::hello);
    heart.take_events();
    genuine.link = 4;
    ++genuine.record.sequence; // of which applications see nothing
    hear(genuine, message_type::hello);
    BOOST_TEST(news().empty());
}

BOOST_FIXTURE_TEST_CASE(a_link_that_hears_another_one_relies_on_it_until_it_leads_elsewhere,
                        test::lone_engine)
{
    heart.set_links({on(3), on(4)}, now);
    heart.start(now);
    pass(1s);
    auto const said = heart.take_outgoing();
    auto const hello = std::ranges::find_if(
        said, [](detail::outgoing const& each) { return !each.to && each.link == 3; });
    BOOST_TEST_REQUIRE((hello != said.end()));
    test::stranger other(1);
    chart(other);
    other.link = 4;
    hear(other, message_type::hello);
    pass(100ms);
    auto const& second = *heart.segments().back();
    BOOST_TEST(!second.relies_on().has_value());
    detail::endpoint const ours{asio::ip::make_address("10.0.0.7"), 40007};
    heart.receive(hello->bytes, {4, ours, true}, now);
    heart.advance(now);
    BOOST_TEST((second.relies_on() == 3U));
    auto moved = on(4, {{asio::ip::make_address("10.9.0.7"), 24}});
    heart.set_links({on(3), moved}, now);
    hear(other, message_type::hello);
    heart.advance(now);
    BOOST_TEST(!second.relies_on().has_value());
}

/// Loopback, which relies on the wire for one that is on both.
struct relying : test::lone_engine {
    relying()
    {
        auto lo = on(1, {{asio::ip::make_address("127.0.0.1"), 8}});
        heart.set_links({lo, on(3)}, now);
        heart.start(now);
        pass(1s);
        chart(other);
        auto near = other;
        near.link = 1;
        near.source.address(asio::ip::make_address("127.0.0.1"));
        near.record.addresses = {near.source.address()};
        chart(near);
        heart.advance(now);
        BOOST_TEST_REQUIRE((relies() == 3U));
    }
    std::optional<unsigned> relies() const
    {
        for (auto const& each : heart.segments())
            if (each->where().is_loopback())
                return each->relies_on();
        return {};
    }
    test::stranger other{1};
};

BOOST_FIXTURE_TEST_CASE(one_suspected_on_the_link_relied_upon_is_asked_on_the_other_one, relying)
{
    heart.take_outgoing();
    std::size_t asked = 0;
    auto const begun = now;
    while (heart.describe(1)) {
        pass(1ms);
        for (auto const& each : sent(message_type::ping))
            asked += each.how.link == 1;
    }
    BOOST_TEST((now - begun <= detection_time));
    BOOST_TEST(asked >= 3U); // from the suspicion to the end
}

BOOST_FIXTURE_TEST_CASE(whoever_announces_no_more_watches_each_link_for_itself, relying)
{
    heart.announce(false, now);
    pass(1s);
    BOOST_TEST(!relies().has_value());
}

BOOST_FIXTURE_TEST_CASE(nobody_is_watched_where_it_is_set_aside, relying)
{
    BOOST_TEST(heart.segments().front()->known().set_aside(other.who)); // on the wire
    pass_with(other, 2s);
    BOOST_TEST(!relies().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_link_that_leads_elsewhere_is_introduced_there, test::lone_engine)
{
    settle_in();
    pass(10s);
    heart.take_outgoing();
    heart.set_links({on(3, {{asio::ip::make_address("10.9.0.7"), 24}})}, now);
    pass(1s);
    std::vector<int> attempts;
    for (auto const& each : sent(message_type::hello))
        attempts.push_back(each.what.attempt);
    BOOST_TEST(attempts == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_SUITE_END()
