// SPDX-License-Identifier: BSL-1.0
#include "testing/scene.hpp"

#include <rollcast/metrics.hpp>

#include <boost/test/unit_test.hpp>

// The life of a chart around its engine: what it does when it is opened, run, cancelled, left and
// destroyed, and when what carries its datagrams fails and comes back.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::ended;
using test::unread;
using test::unread_kinds;
using kinds = std::vector<event_kind>;

namespace {

error_code const no_network =
    boost::system::errc::make_error_code(boost::system::errc::network_unreachable);

struct two_hosts : test::scene {
    testing::host here = network.add_host();
    testing::host there = network.add_host();
    chart one = make(here, 1);
    chart other = make(there, 2);
    std::future<void> others_run = maintain(other);

    /// What the other chart was told since the last call.
    kinds told() { return unread_kinds(seen); }

    notifications seen = other.notify();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(testing_shell, two_hosts)

BOOST_AUTO_TEST_CASE(a_chart_that_cannot_open_says_why_and_does_not_run)
{
    here.refuse(no_network);
    auto run = maintain(one);
    network.run_for(1s);
    BOOST_TEST((ended(run) == no_network));
    BOOST_REQUIRE(one.obstacles().size() == 1U);
    BOOST_TEST(one.obstacles()[0].why == no_network);
    BOOST_TEST(one.interfaces().empty());
    BOOST_TEST(told() == kinds{}, per_element());
}

BOOST_AUTO_TEST_CASE(readers_of_a_chart_that_could_not_open_learn_why)
{
    here.refuse(no_network);
    auto events = one.notify();
    auto next = asio::co_spawn(context, events.recv(), asio::use_future);
    auto const run = maintain(one);
    network.run_for(1s);
    BOOST_TEST((ended(next) == no_network));
}

BOOST_AUTO_TEST_CASE(a_chart_that_could_not_open_can_later)
{
    here.refuse(no_network);
    auto failed = maintain(one);
    network.run_for(1s);
    BOOST_REQUIRE(ended(failed).has_value());
    here.refuse({});
    auto const run = maintain(one);
    BOOST_TEST(comes_to(one, 2, 1s));
    BOOST_TEST(one.obstacles().empty());
}

BOOST_AUTO_TEST_CASE(without_a_cable_a_chart_fails_or_waits_as_it_was_told)
{
    here.unplug();
    auto failed = maintain(one);
    network.run_for(1s);
    BOOST_TEST((ended(failed) == error::interface_is_down));
    auto patient = make(here, 3, {.wait_for_interface = true});
    auto const run = maintain(patient);
    network.run_for(1min);
    BOOST_TEST(patient.size() == 1U);
    here.plug_in();
    BOOST_TEST(comes_to(patient, 2, 1s));
}

BOOST_AUTO_TEST_CASE(what_was_opened_but_does_not_run_says_and_hears_nothing)
{
    one.open();
    network.run_for(1min);
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(one.interfaces() == (std::vector<std::string>{"net0"}), per_element());
    BOOST_TEST(told() == kinds{}, per_element());
}

BOOST_AUTO_TEST_CASE(a_chart_runs_once_at_a_time)
{
    auto const run = maintain(one);
    network.run_for(1s);
    auto again = maintain(one);
    network.run_for(1s);
    BOOST_TEST((ended(again) == error::already_running));
    BOOST_TEST(one.size() == 2U);
}

BOOST_AUTO_TEST_CASE(cancelled_after_any_number_of_handlers_it_ends_with_a_goodbye_or_unheard)
{
    for (int steps = 0; steps < 40; ++steps) {
        BOOST_TEST_CONTEXT(steps << " handlers")
        {
            asio::cancellation_signal stop;
            auto run = maintain(one, stop);
            context.restart();
            for (int step = 0; step < steps; ++step)
                context.poll_one();
            stop.emit(asio::cancellation_type::terminal);
            network.run_for(1s);
            BOOST_TEST((ended(run) == asio::error::operation_aborted));
            BOOST_TEST(other.size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(cancelled_at_any_moment_it_ends_at_once_and_is_told_to_have_left)
{
    for (auto after = 0ms; after < 3s; after += 37ms) {
        BOOST_TEST_CONTEXT(after.count() << " ms")
        {
            asio::cancellation_signal stop;
            auto run = maintain(one, stop);
            network.run_for(after);
            bool const was_known = other.size() == 2;
            stop.emit(asio::cancellation_type::terminal);
            network.run_for(200ms);
            BOOST_TEST((ended(run) == asio::error::operation_aborted));
            BOOST_TEST(other.size() == 1U);
            auto const news = told();
            BOOST_TEST((!was_known || (!news.empty() && news.back() == event_kind::left)));
            network.run_for(1s);
        }
    }
}

BOOST_AUTO_TEST_CASE(leaving_takes_its_goodbyes_and_ends_everything_in_order)
{
    auto run = maintain(one);
    BOOST_REQUIRE(comes_to(other, 2, 1s));
    auto events = one.notify();
    auto const before = one.counters().sent;
    auto const began = network.elapsed();
    auto left = asio::co_spawn(context, one.leave(), asio::use_future);
    BOOST_TEST(
        network.run_until([&] { return left.wait_for(0s) == std::future_status::ready; }, 1s));
    BOOST_TEST((network.elapsed() - began > 50ms));
    BOOST_TEST((network.elapsed() - began <= 150ms));
    network.run_for(10ms);
    BOOST_TEST((ended(run) == error_code()));
    // Three goodbyes, by IPv4 and by IPv6.
    BOOST_TEST(one.counters().sent - before >= 6U);
    BOOST_TEST(told().back() == event_kind::left);
    unread(events);
    auto next = asio::co_spawn(context, events.recv(), asio::use_future);
    network.run_for(1ms);
    BOOST_TEST((ended(next) == error::stopped));
    BOOST_TEST(one.interfaces().empty());
}

BOOST_AUTO_TEST_CASE(two_that_ask_it_to_leave_are_both_answered)
{
    auto const run = maintain(one);
    BOOST_REQUIRE(comes_to(other, 2, 1s));
    auto first = asio::co_spawn(context, one.leave(), asio::use_future);
    network.run_for(20ms);
    auto second = asio::co_spawn(context, one.leave(), asio::use_future);
    network.run_for(300ms);
    BOOST_TEST((ended(first) == error_code()));
    BOOST_TEST((ended(second) == error_code()));
}

BOOST_AUTO_TEST_CASE(after_leaving_it_is_somebody_else_under_the_same_id)
{
    auto const run = maintain(one);
    BOOST_REQUIRE(comes_to(other, 2, 1s));
    auto const before = one.our_life();
    auto const left = asio::co_spawn(context, one.leave(), asio::use_future);
    network.run_for(1s);
    auto const again = maintain(one);
    BOOST_TEST(comes_to(other, 2, 1s));
    BOOST_TEST((one.our_life() != before));
}

BOOST_AUTO_TEST_CASE(destroyed_it_says_goodbye_and_ends_what_waits)
{
    std::optional<chart> brief(make(here, 3));
    auto run = maintain(*brief);
    BOOST_REQUIRE(comes_to(other, 2, 1s));
    BOOST_REQUIRE(comes_to(*brief, 2, 1s));
    auto events = brief->notify();
    auto next = asio::co_spawn(context, events.recv(), asio::use_future);
    network.run_for(1ms);
    brief.reset();
    network.run_for(10ms);
    BOOST_TEST((ended(run) == asio::error::operation_aborted));
    BOOST_TEST((ended(next) == error::stopped));
    BOOST_TEST(told() == (kinds{event_kind::found, event_kind::left}), per_element());
}

BOOST_AUTO_TEST_CASE(destroyed_while_it_leaves_it_does_not_wait_for_ever)
{
    std::optional<chart> brief(make(here, 3));
    auto run = maintain(*brief);
    BOOST_REQUIRE(comes_to(other, 2, 1s));
    auto left = asio::co_spawn(context, brief->leave(), asio::use_future);
    network.run_for(5ms);
    brief.reset();
    network.run_for(10ms);
    BOOST_TEST(ended(left).has_value());
    BOOST_TEST((ended(run) == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_cable_that_is_pulled_is_told_and_what_returns_is_found)
{
    auto const run = maintain(one);
    BOOST_REQUIRE(comes_to(one, 2, 1s));
    auto events = one.notify();
    here.unplug();
    network.run_for(1ms);
    auto const news = unread(events);
    BOOST_REQUIRE(!news.empty());
    BOOST_TEST(news[0].kind == event_kind::interface_down);
    BOOST_TEST(news[0].interface.name == "net0");
    BOOST_TEST(one.interfaces().empty());
    BOOST_REQUIRE(one.obstacles().size() == 1U);
    BOOST_TEST(one.obstacles()[0].why == error::interface_is_down);
    network.run_for(1min);
    BOOST_TEST(one.size() == 1U);
    here.plug_in();
    BOOST_TEST(comes_to(one, 2, 5s));
    auto const later = unread_kinds(events);
    BOOST_TEST(std::ranges::count(later, event_kind::interface_up) == 1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_counted_and_told_with_its_reason)
{
    auto const run = maintain(one);
    BOOST_REQUIRE(comes_to(one, 2, 1s));
    auto events = one.notify();
    here.obstruct(no_network);
    network.run_for(9s);
    auto const news = unread(events);
    BOOST_REQUIRE(!news.empty());
    BOOST_TEST(news[0].kind == event_kind::interface_failed);
    BOOST_TEST(news[0].why == no_network);
    BOOST_TEST(one.counters().send_errors > 0U);
    BOOST_REQUIRE(one.obstacles().size() == 1U);
    BOOST_TEST(one.obstacles()[0].why == no_network);
}

BOOST_AUTO_TEST_CASE(who_can_speak_again_introduces_itself_at_once)
{
    // What it says by itself comes seconds apart by then.
    auto slow = make(here, 3, {.detection_time = 1h});
    here.obstruct(no_network);
    auto const run = maintain(slow);
    network.run_for(20min);
    BOOST_REQUIRE(other.size() == 1U);
    auto events = slow.notify();
    here.obstruct({});
    BOOST_TEST(comes_to(other, 2, 50ms));
    BOOST_TEST(unread_kinds(events)[0] == event_kind::interface_up);
    BOOST_TEST(slow.obstacles().empty());
}

BOOST_AUTO_TEST_CASE(a_chart_that_cannot_speak_can_leave_all_the_same)
{
    auto run = maintain(one);
    BOOST_REQUIRE(comes_to(other, 2, 1s));
    here.obstruct(no_network);
    auto left = asio::co_spawn(context, one.leave(), asio::use_future);
    network.run_for(1s);
    BOOST_TEST((ended(left) == error_code()));
    BOOST_TEST((ended(run) == error_code()));
}

BOOST_AUTO_TEST_CASE(what_is_asked_before_it_runs_holds_when_it_runs)
{
    one.update_as(std::string("told early"));
    one.announce(false);
    auto const run = maintain(one);
    BOOST_TEST(comes_to(one, 1, 10s));
    network.run_for(10s);
    BOOST_TEST(other.size() == 1U);
    one.announce(true);
    BOOST_TEST(comes_to(other, 2, 1s));
    BOOST_TEST(*other.find(1)->data_as<std::string>() == "told early");
}

BOOST_AUTO_TEST_CASE(one_that_only_listens_is_not_seen)
{
    auto const run = asio::co_spawn(context, one.sniff(), asio::use_future);
    network.run_for(1min);
    BOOST_TEST(other.size() == 1U);
    BOOST_TEST(one.counters().sent == 0U);
    BOOST_TEST(one.size() == 2U);
}

BOOST_AUTO_TEST_CASE(its_metrics_are_what_it_has_counted_also_after_its_end)
{
    std::optional<chart> brief(make(here, 3));
    auto const reader = brief->enable_metrics();
    BOOST_TEST(reader.snapshot().sent == 0U);
    BOOST_TEST(reader.snapshot().instances == 1U);
    auto const run = maintain(*brief);
    BOOST_REQUIRE(comes_to(*brief, 2, 1s));
    auto const first = reader.snapshot();
    BOOST_TEST(first.sent == brief->counters().sent);
    BOOST_TEST(first.received == brief->counters().received);
    BOOST_TEST(first.instances == 2U);
    network.run_for(1min);
    auto const later = brief->enable_metrics().snapshot();
    auto const since = delta(first, later);
    BOOST_REQUIRE(since.has_value());
    BOOST_TEST(since->sent == brief->counters().sent - first.sent);
    BOOST_TEST(since->sent > 0U);
    brief->forget(2);
    BOOST_TEST(reader.snapshot().instances == 1U);
    auto const before = reader.snapshot().sent;
    brief.reset();
    network.run_for(1s);
    BOOST_TEST(reader.snapshot().sent > before); // a goodbye
}

BOOST_AUTO_TEST_CASE(its_metrics_begin_anew_with_each_life)
{
    auto const reader = one.enable_metrics();
    auto const run = maintain(one);
    network.run_for(1min);
    BOOST_TEST(reader.snapshot().received > 0U);
    auto const left = asio::co_spawn(context, one.leave(), asio::use_future);
    network.run_for(1s);
    one.open();
    BOOST_TEST(reader.snapshot().received == 0U);
}

BOOST_AUTO_TEST_CASE(a_cable_that_moves_between_opening_and_running_is_noticed)
{
    auto late = make(here, 3, {.wait_for_interface = true});
    here.unplug();
    late.open();
    here.plug_in();
    network.run_for(1s);
    auto const run = maintain(late);
    BOOST_TEST(comes_to(late, 2, 1s));
    one.open();
    here.unplug();
    auto events = one.notify();
    auto const alone = maintain(one);
    network.run_for(1s);
    BOOST_TEST(std::ranges::count(unread_kinds(events), event_kind::interface_down) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_in_the_way_when_it_begins_is_told_and_so_is_its_end)
{
    here.obstruct(no_network);
    auto events = one.notify();
    auto const run = maintain(one);
    network.run_for(1s);
    auto const news = unread(events);
    BOOST_REQUIRE(!news.empty());
    BOOST_TEST(news[0].kind == event_kind::interface_failed);
    BOOST_TEST(news[0].why == no_network);
    here.obstruct({});
    network.run_for(1s);
    BOOST_TEST(std::ranges::count(unread_kinds(events), event_kind::interface_up) == 1);
}

BOOST_AUTO_TEST_CASE(the_context_may_end_before_the_charts)
{
    auto run = maintain(one);
    network.run_for(1s);
    context.stop();
}

BOOST_AUTO_TEST_SUITE_END()
