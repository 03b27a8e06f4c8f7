// SPDX-License-Identifier: BSL-1.0
#include "allocation/counting.hpp"
#include "allocation/rounds.hpp"
#include "receive/batch_fixture.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <functional>
#include <string>

// Nothing is allocated per packet once buffers, coroutine frames and what Asio keeps have been
// allocated for the first time. Asio keeps them only within one run() of the context.

using namespace rollcast;

namespace {

constexpr std::size_t all_rounds = test::warm_up_rounds + test::counted_rounds;

struct allocating : test::batch_fixture {
    std::string const payload = std::string(100, 'x');
    batch into{8};
    receiver all{context.get_executor()};
    asio::cancellation_signal stop;

    allocating() { sub = joined(test::one_by_one()); }

    void send_datagrams(int count)
    {
        for (int i = 0; i < count; ++i)
            sender.send(asio::buffer(payload));
    }

    /// When whoever receives now has begun to wait.
    void send_later(int count)
    {
        asio::post(context, [this, count] { send_datagrams(count); });
    }

    void hand_to_receiver()
    {
        error_code failure;
        all.add(std::move(sub), failure);
        BOOST_TEST_REQUIRE(!failure.failed());
        all.add(joined(test::hearing(test::ipv4.other_any_source)), failure);
        BOOST_TEST_REQUIRE(!failure.failed());
    }

    void allocates_nothing(test::round const& one, std::size_t packets_a_round);
};

void allocating::allocates_nothing(test::round const& one, std::size_t packets_a_round)
{
    auto const outcome = test::run_rounds(context, one);
    BOOST_TEST(outcome.packets == packets_a_round * all_rounds);
    BOOST_TEST(outcome.allocated == 0U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_allocation, allocating,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(what_a_copy_of_a_packet_allocates_is_counted)
{
    send({"hello"});
    auto const before = test::allocations();
    receive(into);
    BOOST_TEST(test::allocations() > before);
    auto const first = test::allocations();
    auto const copy = (*into.begin()).copy();
    BOOST_TEST(test::allocations() - first == 1U);
    BOOST_TEST(copy.size() == 5U);
}

BOOST_AUTO_TEST_CASE(recv_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            send_datagrams(20);
            for (int i = 0; i < 20; ++i)
                co_await sub.recv();
            co_return 20;
        },
        20);
}

BOOST_AUTO_TEST_CASE(recv_that_waits_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            send_later(1);
            co_await sub.recv();
            co_return 1;
        },
        1);
}

BOOST_AUTO_TEST_CASE(a_loop_that_can_be_cancelled_allocates_nothing)
{
    // The coroutine of every round is launched, and marks its slot anew.
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            auto body = [this]() -> asio::awaitable<void> {
                send_datagrams(20);
                for (int i = 0; i < 20; ++i)
                    co_await sub.recv();
                send_later(1);
                co_await sub.recv();
            };
            co_await asio::co_spawn(context, body(),
                                    asio::bind_cancellation_slot(stop.slot(), asio::use_awaitable));
            co_return 21;
        },
        21);
}

BOOST_AUTO_TEST_CASE(recv_batch_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            std::size_t packets = 0;
            send_datagrams(20);
            while (packets < 20)
                packets += co_await sub.recv_batch(into);
            co_return packets;
        },
        20);
}

BOOST_AUTO_TEST_CASE(recv_batch_that_waits_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            send_later(5);
            co_return co_await sub.recv_batch(into);
        },
        5);
}

BOOST_AUTO_TEST_CASE(runs_allocate_nothing, *boost::unit_test::precondition(test::carries_runs))
{
    sub = joined(test::hearing(test::ipv4.any_source));
    std::string const whole(6400, 'x');
    segment(100);
    allocates_nothing(
        [&]() -> asio::awaitable<std::size_t> {
            sender.send(asio::buffer(whole));
            co_await sub.recv(); // from here on the batch gets a copy of the rest
            co_return 1 + co_await sub.recv_batch(into);
        },
        64);
}

BOOST_AUTO_TEST_CASE(try_recv_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            std::size_t packets = 0;
            send_datagrams(20);
            while (sub.try_recv(ec))
                ++packets;
            co_return packets;
        },
        20);
}

BOOST_AUTO_TEST_CASE(try_recv_batch_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            std::size_t packets = 0;
            send_datagrams(20);
            while (auto const got = sub.try_recv_batch(into, ec))
                packets += got;
            co_return packets;
        },
        20);
}

BOOST_AUTO_TEST_CASE(a_receiver_allocates_nothing)
{
    hand_to_receiver();
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            send_datagrams(20);
            for (int i = 0; i < 20; ++i)
                co_await all.recv();
            co_return 20;
        },
        20);
}

BOOST_AUTO_TEST_CASE(a_receiver_that_waits_allocates_nothing)
{
    hand_to_receiver();
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            send_later(1);
            co_await all.recv();
            co_return 1;
        },
        1);
}

BOOST_AUTO_TEST_CASE(batches_of_a_receiver_allocate_nothing)
{
    hand_to_receiver();
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            std::size_t packets = 0;
            send_datagrams(20);
            while (packets < 20)
                packets += co_await all.recv_batch(into);
            co_return packets;
        },
        20);
}

BOOST_AUTO_TEST_CASE(batches_of_a_receiver_that_waits_allocate_nothing)
{
    hand_to_receiver();
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            send_later(5);
            co_return co_await all.recv_batch(into);
        },
        5);
}

BOOST_AUTO_TEST_CASE(try_recv_any_allocates_nothing)
{
    hand_to_receiver();
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            std::size_t packets = 0;
            send_datagrams(20);
            while (all.try_recv_any(ec))
                ++packets;
            co_return packets;
        },
        20);
}

BOOST_AUTO_TEST_CASE(drain_allocates_nothing)
{
    hand_to_receiver();
    std::size_t bytes = 0;
    std::function<void(packet const&)> const each = [&](packet const& packet) {
        bytes += packet.payload.size();
    };
    allocates_nothing(
        [&]() -> asio::awaitable<std::size_t> {
            send_datagrams(20);
            auto const drained = all.drain(each, ec);
            co_return drained.packets;
        },
        20);
    BOOST_TEST(bytes == all_rounds * 20U * payload.size());
}

BOOST_AUTO_TEST_SUITE_END()
