// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <numeric>
#include <string>

using namespace rollcast;
using test::ipv4;
using test::ipv6;
using test::texts;

namespace {

/// A datagram in pieces, sent on `lo`.
struct pieces_on_lo {
    asio::io_context context;

    subscription joined(net::group const& group)
    {
        subscription sub(context.get_executor(), test::hearing(group));
        sub.join();
        return sub;
    }

    publication make(net::group const& group)
    {
        return publication(context.get_executor(), test::sending(group));
    }

    std::size_t send(publication& pub, texts const& pieces)
    {
        auto const buffers = test::buffers_of(pieces);
        return test::run(context, pub.send(buffers)).bytes;
    }

    void arrives_as_one(net::group const& group, texts const& pieces);
};

void pieces_on_lo::arrives_as_one(net::group const& group, texts const& pieces)
{
    auto sub = joined(group);
    auto pub = make(group);
    auto const whole = std::accumulate(pieces.begin(), pieces.end(), std::string());
    BOOST_TEST(send(pub, pieces) == whole.size());
    error_code ec;
    BOOST_TEST(pub.try_send(test::buffers_of(pieces), ec).bytes == whole.size());
    BOOST_TEST(!ec.failed());
    BOOST_TEST((test::queued_texts(sub) == texts{whole, whole}), pieces.size() << " pieces");
    BOOST_TEST(pub.counters().packets == 2U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_pieces, pieces_on_lo,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(pieces_arrive_as_one_datagram)
{
    for (std::size_t const count : {1U, 3U, 1024U})
        arrives_as_one(ipv4.any_source, test::numbered(test::sizes(count, 4)));
    arrives_as_one(ipv4.any_source, {"head", "", "tail"});
}

BOOST_AUTO_TEST_CASE(no_pieces_are_an_empty_datagram)
{
    arrives_as_one(ipv4.any_source, {});
}

BOOST_AUTO_TEST_CASE(pieces_beyond_1024_are_refused)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(ipv4.any_source);
    auto const pieces = test::numbered(test::sizes(1025, 4));
    BOOST_TEST(test::failure_of([&] { send(pub, pieces); }) == asio::error::message_size);
    error_code ec;
    BOOST_TEST(pub.try_send(test::buffers_of(pieces), ec).bytes == 0U);
    BOOST_TEST(ec == asio::error::message_size);
    BOOST_TEST(test::queued_texts(sub).empty());
    BOOST_TEST(pub.counters().errors == 2U);
    BOOST_TEST(send(pub, {"good"}) == 4U);
}

BOOST_AUTO_TEST_CASE(the_limit_is_on_all_pieces_together)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(ipv4.any_source);
    std::string const most(max_payload - 1, 'x');
    BOOST_TEST(send(pub, {most, "y"}) == max_payload);
    BOOST_TEST(test::failure_of([&] { send(pub, {most, "yz"}); }) == error::payload_too_large);
    BOOST_TEST(test::queued_texts(sub).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(send_pieces_ipv6, pieces_on_lo,
                         *boost::unit_test::precondition(test::loopback_carries_ipv6))

BOOST_AUTO_TEST_CASE(pieces_arrive_as_one_datagram_over_ipv6)
{
    arrives_as_one(ipv6.any_source, {"head", "", "tail"});
}

BOOST_AUTO_TEST_SUITE_END()
