// SPDX-License-Identifier: BSL-1.0
#include "receive/cancellation_cycles.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/test/unit_test.hpp>

using namespace rollcast;
using test::cycling;
using test::cycling_receiver;

BOOST_AUTO_TEST_SUITE(receive_cancellation_cycles,
                      *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_FIXTURE_TEST_CASE(recv_loses_nothing_to_cancellation, cycling)
{
    auto sub = joined(test::ipv4.any_source);
    run_cycles(1, [&](asio::cancellation_slot slot) {
        sub.recv(asio::bind_cancellation_slot(slot, on_packet()));
    });
    finish(rest_of(sub));
    BOOST_TEST(sub.counters().dropped == 0U);
}

BOOST_FIXTURE_TEST_CASE(recv_batch_loses_nothing_to_cancellation, cycling)
{
    auto sub = joined(test::ipv4.any_source);
    run_cycles(1, [&](asio::cancellation_slot slot) {
        sub.recv_batch(into, asio::bind_cancellation_slot(slot, on_batch()));
    });
    finish(rest_of(sub));
}

BOOST_FIXTURE_TEST_CASE(recv_and_recv_batch_in_turn_lose_nothing_to_cancellation, cycling)
{
    auto sub = joined(test::ipv4.any_source);
    run_cycles(1, [&](asio::cancellation_slot slot) {
        if (below(2) == 0)
            sub.recv(asio::bind_cancellation_slot(slot, on_packet()));
        else
            sub.recv_batch(into, asio::bind_cancellation_slot(slot, on_batch()));
    });
    finish(rest_of(sub));
}

BOOST_FIXTURE_TEST_CASE(a_receiver_loses_nothing_to_cancellation, cycling_receiver)
{
    run_cycles(2, [&](asio::cancellation_slot slot) {
        both.recv(asio::bind_cancellation_slot(slot, on_packet()));
    });
    finish(rest_of(both));
}

BOOST_FIXTURE_TEST_CASE(batches_of_a_receiver_lose_nothing_to_cancellation, cycling_receiver)
{
    run_cycles(2, [&](asio::cancellation_slot slot) {
        if (below(2) == 0)
            both.recv(asio::bind_cancellation_slot(slot, on_packet()));
        else
            both.recv_batch(into, asio::bind_cancellation_slot(slot, on_batch()));
    });
    finish(rest_of(both));
}

BOOST_FIXTURE_TEST_CASE(recv_loses_nothing_to_another_operation, cycling)
{
    auto sub = joined(test::ipv4.any_source);
    run_races(1, [&] { return sub.recv(); });
    finish(rest_of(sub));
}

BOOST_FIXTURE_TEST_CASE(recv_batch_loses_nothing_to_another_operation, cycling)
{
    auto sub = joined(test::ipv4.any_source);
    run_races(1, [&] { return sub.recv_batch(into); });
    finish(rest_of(sub));
}

BOOST_FIXTURE_TEST_CASE(a_receiver_loses_nothing_to_another_operation, cycling_receiver)
{
    run_races(2, [&] { return both.recv(); });
    finish(rest_of(both));
}

BOOST_FIXTURE_TEST_CASE(batches_of_a_receiver_lose_nothing_to_another_operation, cycling_receiver)
{
    run_races(2, [&] { return both.recv_batch(into); });
    finish(rest_of(both));
}

BOOST_AUTO_TEST_SUITE_END()
