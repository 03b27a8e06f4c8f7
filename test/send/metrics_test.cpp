// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/metrics.hpp>
#include <rollcast/send/sender.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

using namespace rollcast;
using test::ipv4;
using test::sending;

namespace {

std::string const too_large(max_payload + 1, 'x');

struct measured {
    asio::io_context context;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_metrics, measured,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_snapshot_tells_what_the_publication_did)
{
    publication pub(context.get_executor(), sending(ipv4.any_source));
    auto const metrics = pub.enable_metrics();
    test::run(context, pub.send(asio::buffer("four", 4)));
    error_code ec;
    pub.try_send(asio::buffer(too_large), ec);
    std::array const payloads{asio::const_buffer("a", 1), asio::const_buffer("bb", 2)};
    test::run(context, pub.send_batch(payloads));
    auto const seen = metrics.snapshot();
    BOOST_TEST(seen.send_calls == 3U);
    BOOST_TEST(seen.packets_sent == 3U);
    BOOST_TEST(seen.bytes_sent == 7U);
    BOOST_TEST(seen.send_errors == 1U);
    BOOST_TEST(seen.dropped == 0U);
}

BOOST_AUTO_TEST_CASE(a_sender_counts_what_goes_through_it)
{
    sender all(context.get_executor());
    auto const metrics = all.enable_metrics();
    error_code ec;
    auto const first = all.add(sending(ipv4.any_source), ec);
    all.add(sending(ipv4.other_any_source), ec);
    test::run(context, all.send(first, asio::buffer("one", 3)));
    test::run(context, all.send_all(asio::buffer("all", 3)));
    all.try_send(first, asio::buffer(too_large), ec);
    // What a program sends past the sender is not the sender's.
    all.find(first)->try_send(asio::buffer("past", 4), ec);
    all.remove(first);
    auto const seen = metrics.snapshot();
    BOOST_TEST(seen.send_calls == 4U);
    BOOST_TEST(seen.packets_sent == 3U);
    BOOST_TEST(seen.bytes_sent == 9U);
    BOOST_TEST(seen.send_errors == 1U);
    BOOST_TEST(seen.publications_added == 2U);
    BOOST_TEST(seen.publications_removed == 1U);
    BOOST_TEST(seen.active_publications == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
