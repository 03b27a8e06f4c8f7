// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/batch_fixture.hpp"
#include "receive/numbered_stream.hpp"
#include "support/sim_seed.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <random>
#include <variant>

namespace rollcast::test {

inline constexpr int cycles = 10'000;

/// Of datagrams on their way; far fewer than a queue holds.
inline constexpr std::size_t most_queued = 64;

inline std::ptrdiff_t open_files()
{
    using files = std::filesystem::directory_iterator;
    return std::distance(files("/proc/self/fd"), files());
}

/// Two subscriptions, alone or in a receiver, whose receives are cancelled again and again.
struct cycling {
    using cancellation_type = asio::cancellation_type;

    asio::io_context context;
    bool const runs = !!carries_runs(0);
    std::array<numbered_stream, 2> streams{numbered_stream(context, ipv4.any_source, runs),
                                           numbered_stream(context, ipv4.other_any_source, runs)};
    test_seed const seed{20'261};
    std::mt19937_64 random{seed};
    batch into{4};
    int delivered = 0;
    int cancelled = 0;
    std::optional<error_code> outcome;

    int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(random); }

    subscription joined(net::group const& group)
    {
        subscription sub(context.get_executor(), hearing(group));
        sub.join();
        return sub;
    }

    /// An id of a receiver tells the stream; a subscription of its own has the first.
    void note(packet const& packet) { streams.at(packet.subscription == 2 ? 1 : 0).note(packet); }

    void note(std::size_t)
    {
        for (auto const& packet : into)
            note(packet);
    }

    auto on_packet()
    {
        return [this](error_code ec, packet const& packet) {
            outcome = ec;
            if (!ec)
                note(packet);
        };
    }

    auto on_batch()
    {
        return [this](error_code ec, std::size_t packets) {
            outcome = ec;
            BOOST_TEST(packets == (ec ? 0U : into.size()));
            if (!ec)
                note(packets);
        };
    }

    void send_something(std::size_t used_streams)
    {
        auto& to = streams.at(static_cast<std::size_t>(below(static_cast<int>(used_streams))));
        if (to.queued() < most_queued)
            to.send(1 + below(4));
    }

    /// A few steps of the receive, with datagrams arriving in between.
    void go_on_a_little(std::size_t used_streams)
    {
        for (int steps = below(6); steps > 0; --steps) {
            if (below(4) == 0)
                send_something(used_streams);
            context.restart();
            context.poll_one();
        }
    }

    template <class Start>
    void cycle(std::size_t used_streams, Start const& start)
    {
        constexpr std::array types{cancellation_type::terminal, cancellation_type::partial,
                                   cancellation_type::total};
        asio::cancellation_signal stop;
        outcome.reset();
        if (below(3) == 0)
            send_something(used_streams);
        start(stop.slot());
        go_on_a_little(used_streams);
        auto const type = types.at(static_cast<std::size_t>(below(3)));
        if (below(2) == 0)
            stop.emit(type);
        else
            asio::post(context, [&stop, type] { stop.emit(type); });
        run_until(context, [this] { return outcome.has_value(); });
        run_ready(context); // what a late cancellation left there refers to the signal
        BOOST_TEST_REQUIRE((!*outcome || *outcome == asio::error::operation_aborted));
        ++(*outcome ? cancelled : delivered);
    }

    template <class Start>
    void run_cycles(std::size_t used_streams, Start const& start)
    {
        auto const files = open_files();
        for (int i = 0; i < cycles; ++i)
            cycle(used_streams, start);
        check_cycles(files);
    }

    asio::awaitable<void> some_steps(std::size_t used_streams)
    {
        for (int steps = below(6); steps > 0; --steps) {
            if (below(4) == 0)
                send_something(used_streams);
            co_await asio::post(context, asio::use_awaitable);
        }
    }

    /// As most are cancelled: somebody else is first, and what the receive brings is dropped.
    template <class Receive>
    asio::awaitable<void> race(std::size_t used_streams, Receive const& receive)
    {
        using namespace asio::experimental::awaitable_operators;
        for (int i = 0; i < cycles; ++i) {
            if (below(3) == 0)
                send_something(used_streams);
            auto const either = co_await (some_steps(used_streams) || receive());
            if (either.index() == 1)
                note(std::get<1>(either));
            ++(either.index() == 1 ? delivered : cancelled);
        }
    }

    template <class Receive>
    void run_races(std::size_t used_streams, Receive const& receive)
    {
        auto const files = open_files();
        run(context, race(used_streams, receive), std::chrono::seconds(30));
        check_cycles(files);
    }

    void check_cycles(std::ptrdiff_t files_before)
    {
        // The first wait makes a readiness set, which stays.
        BOOST_TEST(open_files() <= files_before + 1);
        // Of both many, or the cancellation never came at an interesting moment.
        BOOST_TEST(delivered > cycles / 10);
        BOOST_TEST(cancelled > cycles / 10);
    }

    /// Takes what is left, as somebody would who goes on after a cancelled receive.
    template <class Take>
    void finish(Take const& take)
    {
        error_code ec;
        while (take(ec)) {
        }
        BOOST_TEST(ec == asio::error::would_block);
        for (auto const& each : streams)
            each.check();
    }

    auto rest_of(subscription& from)
    {
        return [&](error_code& ec) {
            auto const packet = from.try_recv(ec);
            if (packet)
                note(*packet);
            return packet.has_value();
        };
    }

    auto rest_of(receiver& from)
    {
        return [&](error_code& ec) {
            auto const packet = from.try_recv_any(ec);
            if (packet)
                note(*packet);
            return packet.has_value();
        };
    }
};

struct cycling_receiver : cycling {
    receiver both{context.get_executor()};

    cycling_receiver()
    {
        error_code ec;
        both.add(joined(ipv4.any_source), ec);
        BOOST_TEST_REQUIRE(!ec.failed());
        both.add(joined(ipv4.other_any_source), ec);
        BOOST_TEST_REQUIRE(!ec.failed());
    }
};

} // namespace rollcast::test
