// SPDX-License-Identifier: BSL-1.0
#include "allocation/rounds.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"

#include <rollcast/send/sender.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <vector>

// Nothing is allocated per datagram sent once coroutine frames, the storage of batches and what
// Asio keeps have been allocated for the first time.

using namespace rollcast;

namespace {

struct allocating_sends {
    asio::io_context context;
    std::string const text = std::string(100, 'x');
    asio::const_buffer const payload = asio::buffer(text);
    std::vector<asio::const_buffer> payloads = std::vector<asio::const_buffer>(100, payload);
    publication pub{context.get_executor(), test::sending(test::ipv4.any_source)};
    sender all{context.get_executor()};
    error_code ec;

    allocating_sends()
    {
        // Of several sizes, so that there are runs and single datagrams.
        payloads[10] = asio::buffer(text.data(), 50);
        payloads[20] = asio::const_buffer();
        for (auto const& group : {test::ipv4.any_source, test::ipv4.other_any_source}) {
            all.add(test::sending(group), ec);
            BOOST_TEST_REQUIRE(!ec.failed());
        }
    }

    void allocates_nothing(test::round const& one, std::size_t packets_a_round)
    {
        auto const outcome = test::run_rounds(context, one);
        BOOST_TEST(outcome.packets ==
                   packets_a_round * (test::warm_up_rounds + test::counted_rounds));
        BOOST_TEST(outcome.allocated == 0U);
    }

    static std::size_t sent(std::span<delivery const> made)
    {
        std::size_t count = 0;
        for (auto const& each : made)
            count += each.error ? 0 : 1;
        return count;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_allocation, allocating_sends,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(send_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            for (int i = 0; i < 20; ++i)
                co_await pub.send(payload);
            co_return 20;
        },
        20);
}

BOOST_AUTO_TEST_CASE(sending_pieces_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            auto const pieces = publication::buffers(payloads);
            auto const report = co_await pub.send(pieces);
            co_return report.bytes / text.size();
        },
        98);
}

BOOST_AUTO_TEST_CASE(try_send_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            for (int i = 0; i < 20; ++i)
                pub.try_send(payload, ec);
            co_return ec ? 0 : 20;
        },
        20);
}

BOOST_AUTO_TEST_CASE(send_batch_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            auto const report = co_await pub.send_batch(payloads);
            co_return report.packets;
        },
        100);
}

BOOST_AUTO_TEST_CASE(try_send_batch_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            auto const report = pub.try_send_batch(payloads);
            co_return report.packets;
        },
        100);
}

BOOST_AUTO_TEST_CASE(sending_by_id_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            auto const report = co_await all.send(2, payload);
            co_return report.publication == 2 ? 1 : 0;
        },
        1);
}

BOOST_AUTO_TEST_CASE(send_all_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> {
            auto const made = co_await all.send_all(payload);
            co_return sent(made);
        },
        2);
}

BOOST_AUTO_TEST_CASE(try_send_all_allocates_nothing)
{
    allocates_nothing(
        [this]() -> asio::awaitable<std::size_t> { co_return sent(all.try_send_all(payload)); }, 2);
}

BOOST_AUTO_TEST_SUITE_END()
