// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/receiver.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace rollcast;
using test::hearing;
using test::ipv4;
using test::sending;

namespace {

struct listening {
    asio::io_context context;
    receiver all{context.get_executor()};

    subscription_id add(subscription_config const& config)
    {
        error_code ec;
        auto const id = all.add(config, ec);
        BOOST_REQUIRE_MESSAGE(!ec, ec.message());
        return id;
    }

    subscription_id join(subscription_config const& config)
    {
        auto const id = add(config);
        error_code ec;
        all.join(id, ec);
        BOOST_REQUIRE_MESSAGE(!ec, ec.message());
        return id;
    }

    subscription_id join(net::group const& group) { return join(hearing(group)); }

    void send(net::group const& group, std::string_view text)
    {
        publication pub(context.get_executor(), sending(group));
        test::run(context, pub.send(asio::buffer(text)));
    }

    error_code failure_of_add(subscription_config const& config)
    {
        error_code ec;
        all.add(config, ec);
        return ec;
    }

    /// "id:text" of what is queued, in the order it is handed out.
    std::vector<std::string> queued()
    {
        std::vector<std::string> seen;
        error_code ec;
        all.drain(
            [&](packet const& packet) {
                seen.push_back(std::to_string(packet.subscription) + ":" +
                               std::string(packet.text()));
            },
            ec);
        BOOST_TEST(!ec, ec.message());
        return seen;
    }
};

using payloads = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_receiver, listening,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(ids_start_with_one_and_are_never_used_again)
{
    BOOST_TEST(add(hearing(ipv4.any_source)) == 1);
    BOOST_TEST(add(hearing(ipv4.other_any_source)) == 2);
    BOOST_TEST(all.remove(1));
    BOOST_TEST(!all.remove(1));
    BOOST_TEST(add(hearing(ipv4.any_source)) == 3);
    BOOST_TEST(all.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_refused_subscription_uses_up_no_id)
{
    BOOST_TEST(failure_of_add(hearing(net::group())) == error::not_multicast);
    BOOST_TEST(add(hearing(ipv4.any_source)) == 1);
}

BOOST_AUTO_TEST_CASE(the_same_interface_by_another_name_is_a_duplicate)
{
    add(hearing(ipv4.any_source));
    auto by_address = hearing(ipv4.any_source);
    by_address.interfaces = {test::address("127.0.0.1")};
    BOOST_TEST(failure_of_add(by_address) == error::duplicate_entry);
    auto other_port = by_address;
    other_port.group.port = 5999;
    BOOST_TEST(failure_of_add(other_port) == error_code{});
}

BOOST_AUTO_TEST_CASE(all_are_walked_in_the_order_of_their_ids)
{
    for (unsigned char number = 1; number <= 40; ++number)
        add(hearing({asio::ip::address_v4({239, 1, 3, number}), 5000}));
    all.remove(2);
    subscription_id last = 0;
    std::size_t walked = 0;
    for (auto const& [id, sub] : all.subscriptions()) {
        BOOST_TEST(last < id);
        BOOST_TEST(&sub == all.find(id));
        BOOST_TEST(sub.config().group.address.to_v4().to_bytes()[3] == id);
        last = id;
        ++walked;
        all.remove(id);
    }
    BOOST_TEST(walked == 39U);
    BOOST_TEST(all.subscriptions().empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_told)
{
    error_code ec;
    all.join(7, ec);
    BOOST_TEST(ec == error::unknown_id);
    all.leave(7, ec);
    BOOST_TEST(ec == error::unknown_id);
    BOOST_TEST(!all.take(7).has_value());
    BOOST_TEST(all.find(7) == nullptr);
}

BOOST_AUTO_TEST_CASE(packets_come_in_turn)
{
    join(ipv4.any_source);
    join(ipv4.other_any_source);
    for (auto const* text : {"a", "b", "c"})
        send(ipv4.any_source, text);
    for (auto const* text : {"x", "y"})
        send(ipv4.other_any_source, text);
    BOOST_TEST(queued() == (payloads{"1:a", "2:x", "1:b", "2:y", "1:c"}));
}

BOOST_AUTO_TEST_CASE(a_subscription_that_is_not_joined_is_passed_over)
{
    join(ipv4.any_source);
    add(hearing(ipv4.other_any_source));
    send(ipv4.any_source, "a");
    send(ipv4.other_any_source, "x");
    BOOST_TEST(queued() == payloads{"1:a"});
}

BOOST_AUTO_TEST_CASE(a_receive_waits_for_whoever_comes_first)
{
    join(ipv4.any_source);
    auto const second = join(ipv4.other_any_source);
    auto pending = asio::co_spawn(context, all.recv(), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(pending));
    send(ipv4.other_any_source, "x");
    BOOST_TEST(test::result_of(context, std::move(pending)).subscription == second);
}

BOOST_AUTO_TEST_CASE(a_subscription_joined_while_a_receive_waits_is_heard)
{
    auto const id = add(hearing(ipv4.any_source));
    auto pending = asio::co_spawn(context, all.recv(), asio::use_future);
    test::run_ready(context);
    error_code ec;
    all.join(id, ec);
    send(ipv4.any_source, "late");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "late");
}

BOOST_AUTO_TEST_CASE(a_packet_outlasts_a_vain_look_at_its_subscription)
{
    auto config = hearing(ipv4.any_source);
    asio::ip::udp::socket socket(context, asio::ip::udp::v4());
    socket.set_option(asio::ip::udp::socket::reuse_address(true));
    socket.bind({asio::ip::udp::v4(), config.group.port}); // it hears unicast, too
    auto const first = all.add(subscription::adopt(config, socket).value());
    all.join(first);
    auto const second = join(ipv4.other_any_source);
    asio::ip::udp::socket stranger(context, asio::ip::udp::v4());
    for (int round = 0; round < 4; ++round) {
        send(ipv4.any_source, "one");
        auto const packet = test::run(context, all.recv());
        BOOST_TEST(packet.subscription == first);
        for (int look = 0; look < 3; ++look) {
            stranger.send_to(asio::buffer("foreign", 7),
                             {asio::ip::address_v4::loopback(), config.group.port});
            send(ipv4.other_any_source, "two");
            BOOST_TEST(test::run(context, all.recv()).subscription == second);
            BOOST_TEST(packet.text() == "one");
        }
    }
    BOOST_TEST(all.find(first)->counters().filtered == 12U);
}

BOOST_AUTO_TEST_CASE(a_taken_subscription_keeps_its_membership_and_what_is_queued)
{
    auto const id = join(ipv4.any_source);
    send(ipv4.any_source, "before");
    auto taken = all.take(id);
    BOOST_REQUIRE(taken.has_value());
    send(ipv4.any_source, "after");
    BOOST_TEST(taken->is_joined());
    BOOST_TEST(test::run(context, taken->recv()).text() == "before");
    BOOST_TEST(test::run(context, taken->recv()).text() == "after");
    BOOST_TEST(queued().empty());
    taken->leave();

    error_code ec;
    BOOST_TEST(all.add(std::move(*taken), ec) == 2);
}

BOOST_AUTO_TEST_CASE(a_drain_stops_at_its_cap_and_says_so)
{
    join(ipv4.any_source);
    for (int n = 0; n < 5; ++n)
        send(ipv4.any_source, "x");
    error_code ec;
    auto const ignore = [](packet const&) {};
    auto const part = all.drain(ignore, ec, 3);
    BOOST_TEST(part.packets == 3);
    BOOST_TEST(part.more);
    auto const rest = all.drain(ignore, ec, 3);
    BOOST_TEST(rest.packets == 2);
    BOOST_TEST(!rest.more);
}

BOOST_AUTO_TEST_CASE(a_batch_holds_what_one_subscription_has_ready)
{
    join(ipv4.any_source);
    join(ipv4.other_any_source);
    send(ipv4.any_source, "a");
    send(ipv4.any_source, "b");
    send(ipv4.other_any_source, "x");
    batch into;
    BOOST_TEST(test::run(context, all.recv_batch(into)) == 2);
    BOOST_TEST((*into.begin()).subscription == 1);
    BOOST_TEST(test::run(context, all.recv_batch(into)) == 1);
    BOOST_TEST((*into.begin()).subscription == 2);
}

BOOST_AUTO_TEST_CASE(cancelled_receives_lose_nothing)
{
    using namespace asio::experimental::awaitable_operators;
    join(ipv4.any_source);
    join(ipv4.other_any_source);
    for (int n = 0; n < 1000; ++n) {
        send(ipv4.any_source, "x");
        send(ipv4.other_any_source, "y");
        std::size_t received = 0;
        auto const race = [&]() -> asio::awaitable<void> {
            auto const first = co_await (asio::post(context, asio::use_awaitable) || all.recv());
            received += first.index() == 1;
        };
        test::run(context, race);
        BOOST_REQUIRE(received + queued().size() == 2);
    }
}

// What is queued there would wake the receive for ever, which takes it no more.
BOOST_AUTO_TEST_CASE(a_subscription_that_ends_with_datagrams_queued_wakes_nobody)
{
    std::vector<std::function<void(subscription_id)>> const ends{
        [&](subscription_id id) { all.leave(id); },
        [&](subscription_id id) { all.find(id)->leave(); },
        [&](subscription_id id) { all.find(id)->close(); },
    };
    std::vector<subscription_parts> apart; // whose sockets stay open
    for (std::size_t how = 0; how <= ends.size(); ++how) {
        auto const id = join(ipv4.any_source);
        auto pending = asio::co_spawn(context, all.recv(), asio::use_future);
        test::run_ready(context);
        send(ipv4.any_source, "too late");
        if (how < ends.size())
            ends[how](id);
        else
            apart.push_back(all.find(id)->into_parts());
        context.restart();
        // What was woken, what waits again, and that nobody awaits reports for a step; no
        // thousands.
        BOOST_TEST(context.run_for(std::chrono::milliseconds(50)) <= 6U);
        BOOST_TEST(!test::is_ready(pending));
        auto const other = join(ipv4.other_any_source);
        send(ipv4.other_any_source, "next");
        BOOST_TEST(test::result_of(context, std::move(pending)).text() == "next");
        all.remove(id);
        all.remove(other);
    }
}

BOOST_AUTO_TEST_CASE(what_is_closed_within_a_receiver_is_joined_no_more)
{
    auto const id = join(ipv4.any_source);
    auto const reader = all.enable_metrics();
    BOOST_TEST(reader.snapshot().joined_subscriptions == 1U);
    all.find(id)->close();
    BOOST_TEST(reader.snapshot().joined_subscriptions == 0U);
}

// `take` is the way; one that was moved out is heard here until it ends, before the receiver or
// after it.
BOOST_AUTO_TEST_CASE(
    a_subscription_that_was_moved_out_by_find_may_end_before_and_after_the_receiver)
{
    auto const id = join(ipv4.any_source);
    join(ipv4.other_any_source);
    auto pending = asio::co_spawn(context, all.recv(), asio::use_future);
    test::run_ready(context);
    {
        auto const moved = std::move(*all.find(id));
        BOOST_TEST(moved.is_joined());
        send(ipv4.any_source, "still heard");
        BOOST_TEST(test::result_of(context, std::move(pending)).text() == "still heard");
        pending = asio::co_spawn(context, all.recv(), asio::use_future);
        test::run_ready(context);
        send(ipv4.any_source, "too late");
    }
    context.restart();
    BOOST_TEST(context.run_for(std::chrono::milliseconds(50)) <= 3U);
    send(ipv4.other_any_source, "next");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "next");
    auto other = std::move(*all.find(2));
    {
        auto const ended = std::move(all);
    }
    other.close();
}

BOOST_AUTO_TEST_CASE(what_a_receiver_refuses_stays_the_callers)
{
    join(ipv4.any_source);
    subscription twin(context, hearing(ipv4.any_source));
    twin.join();
    error_code ec;
    BOOST_TEST(all.add(std::move(twin), ec) == 0U);
    BOOST_TEST(ec == error::duplicate_entry);
    BOOST_TEST(twin.is_joined());
}

BOOST_AUTO_TEST_CASE(destroying_a_receiver_aborts_what_it_waits_for)
{
    std::optional<receiver> other(context.get_executor());
    auto pending = asio::co_spawn(context, other->recv(), asio::use_future);
    test::run_ready(context);
    other.reset();
    BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(pending)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()
