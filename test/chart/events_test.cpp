// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <vector>

// Readers of events that begin with those who are there.

using namespace rollcast;
using namespace std::chrono_literals;
using test::on_loopback;
using test::run;

namespace {

/// What a program makes of events: who is there, by id.
struct book {
    std::map<std::uint64_t, life_id> entries{};

    /// Whether the event was right for a book as it is.
    bool enter(event const& what)
    {
        auto const id = what.who.id;
        if (what.arrived()) {
            auto const [at, fresh] = entries.try_emplace(id, what.who.life);
            bool const right = fresh || at->second != what.who.life;
            at->second = what.who.life;
            return right;
        }
        return !what.departed() || entries.erase(id) == 1;
    }
};

std::vector<std::uint64_t> ids_of(std::vector<instance> const& all)
{
    std::vector<std::uint64_t> ids;
    for (auto const& each : all)
        ids.push_back(each.id);
    return ids;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_events, test::charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_reader_begins_with_those_who_are_there_and_goes_on_with_who_comes)
{
    auto one = make(1);
    auto two = make(2);
    auto three = make(3);
    auto const running = std::pair(maintain(one), maintain(two));
    wait_until_found(one, 2);
    auto events = one.events(replay_present);
    auto const first = events.try_recv();
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST(first->kind == event_kind::found);
    BOOST_TEST(first->who.id == 2U);
    BOOST_TEST(first->who.address().value().port() == 8002); // the whole record
    BOOST_TEST(first->size == 2U);
    BOOST_TEST(!events.try_recv().has_value());
    auto const third = maintain(three);
    BOOST_TEST(next_about(events, 3).arrived());
}

BOOST_AUTO_TEST_CASE(a_reader_from_now_on_is_told_nothing_of_before)
{
    auto one = make(1);
    auto two = make(2);
    auto const running = std::pair(maintain(one), maintain(two));
    wait_until_found(one, 2);
    auto from_now_on = one.events();
    auto as_ever = one.notify();
    BOOST_TEST(one.forget(2));
    BOOST_TEST(from_now_on.try_recv().value().kind == event_kind::forgotten);
    BOOST_TEST(as_ever.try_recv().value().kind == event_kind::forgotten);
    BOOST_TEST(ids_of(one.peers()).empty());
    BOOST_TEST(ids_of(one.snapshot()).empty());
    BOOST_TEST(!one.events(replay_present).try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(the_reader_of_an_empty_chart_waits_for_the_first)
{
    auto one = make(1);
    auto events = one.events(replay_present); // not even opened
    auto two = make(2);
    auto const running = std::pair(maintain(one), maintain(two));
    BOOST_TEST(next_about(events, 2).kind == event_kind::found);
}

BOOST_AUTO_TEST_CASE(more_than_a_reader_holds_may_be_there)
{
    auto config = on_loopback(1);
    config.detection_time = 1h;
    chart crowded(context.get_executor(), config);
    auto const running = maintain(crowded);
    asio::ip::udp::socket crowd(context, asio::ip::udp::v4());
    crowd.set_option(asio::ip::multicast::outbound_interface(asio::ip::address_v4::loopback()));
    asio::ip::udp::endpoint const group(default_group_v4(), 8080);
    std::uint64_t id = 1000;
    for (int i = 0; i < 200 && crowded.size() <= 300; ++i) {
        for (int burst = 0; burst < 20; ++burst)
            crowd.send_to(asio::buffer(test::hello_of(++id)), group);
        context.run_for(20ms);
    }
    auto const expected = ids_of(crowded.peers());
    BOOST_TEST_REQUIRE(expected.size() > 256U);
    auto events = crowded.events(replay_present);
    std::size_t size = 1;
    for (auto const each : expected) {
        auto const told = events.try_recv().value();
        BOOST_TEST_REQUIRE(told.who.id == each);
        BOOST_TEST_REQUIRE(told.size == ++size);
    }
}

BOOST_AUTO_TEST_CASE(readers_made_by_any_thread_at_any_time_lose_nothing_and_hear_nothing_twice)
{
    asio::thread_pool threads(2);
    chart watched(threads.get_executor(), on_loopback(1));
    watched.open();
    auto const running = watched.maintain(asio::use_future);
    std::vector<std::unique_ptr<chart>> others;
    for (std::uint64_t id = 2; id <= 6; ++id) {
        others.push_back(std::make_unique<chart>(threads.get_executor(), on_loopback(id)));
        others.back()->maintain(asio::detached);
    }
    std::atomic<bool> over = false;
    std::thread churn([&] {
        while (!over)
            for (std::uint64_t id = 2; id <= 6; ++id) {
                watched.forget(id);
                watched.discover();
            }
    });
    std::size_t arrived = 0;
    auto const until = std::chrono::steady_clock::now() + 2s;
    while (std::chrono::steady_clock::now() < until) {
        auto events = watched.events(replay_present);
        book mine;
        for (int i = 0; i < 50; ++i) {
            while (auto const told = events.try_recv()) {
                BOOST_TEST_REQUIRE((told->kind != event_kind::overflow));
                BOOST_TEST_REQUIRE(mine.enter(*told));
                BOOST_TEST_REQUIRE(told->size == mine.entries.size() + 1);
                arrived += told->arrived();
            }
            std::this_thread::yield();
        }
    }
    over = true;
    churn.join();
    BOOST_TEST(arrived > 0U);
    threads.stop();
    threads.join();
}

BOOST_AUTO_TEST_SUITE_END()
