// SPDX-License-Identifier: BSL-1.0
#include "receive/batch_fixture.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <utility>

using namespace rollcast;
using asio::cancellation_type;

namespace {

struct early : test::batch_fixture {
    receiver all{context.get_executor()};
    batch into{};
    std::optional<error_code> outcome{};

    /// What became of a receive that is cancelled by somebody whose turn comes before its first.
    template <class Start>
    std::optional<error_code> outcome_of(cancellation_type type, Start const& start)
    {
        outcome.reset();
        asio::cancellation_signal stop;
        asio::post(context, [&] { stop.emit(type); });
        start(asio::bind_cancellation_slot(stop.slot(),
                                           [this](error_code ec, auto const&) { outcome = ec; }));
        test::run_until(context, [this] { return outcome.has_value(); });
        return outcome;
    }

    template <class Start>
    void is_told(Start const& start)
    {
        for (auto const type :
             {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total})
            BOOST_TEST((outcome_of(type, start) == error_code(asio::error::operation_aborted)));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_early_cancellation, early,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_recv_cancelled_before_it_begins_is_told)
{
    is_told([this](auto token) { sub.recv(std::move(token)); });
}

BOOST_AUTO_TEST_CASE(a_recv_batch_cancelled_before_it_begins_is_told)
{
    is_told([this](auto token) { sub.recv_batch(into, std::move(token)); });
}

BOOST_AUTO_TEST_CASE(a_recv_of_a_receiver_cancelled_before_it_begins_is_told)
{
    is_told([this](auto token) { all.recv(std::move(token)); });
}

BOOST_AUTO_TEST_CASE(a_batch_of_a_receiver_cancelled_before_it_begins_is_told)
{
    is_told([this](auto token) { all.recv_batch(into, std::move(token)); });
}

BOOST_AUTO_TEST_SUITE_END()
