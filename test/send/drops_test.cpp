// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "send/narrow_link.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <vector>

using namespace rollcast;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::numbered;
using test::sending_on;
using test::sizes;
using test::texts;

namespace {

/// Link 1 of the left host has a queue that is soon full and then drops.
struct dropping_queue : test::two_hosts {
    static std::string shape(char const* verb, char const* values)
    {
        return std::string("tc qdisc ") + verb + " dev e1 root tbf " + values;
    }

    /// Runs of datagrams are queued, or dropped, whole; there is room for one and for another.
    void keeps_runs_whole()
    {
        left.command("tc qdisc add dev e1 root handle 1: htb default 1");
        left.command("tc class add dev e1 parent 1: classid 1:1 htb rate 4mbit burst 2kb");
        left.command("tc qdisc add dev e1 parent 1:1 pfifo limit 2");
        open_up = "true"; // in half a second everything is out
    }

    /// The queue has room for some datagrams, and would take runs apart by itself.
    void cuts_runs() { left.command(shape("add", "rate 16kbit burst 4kb limit 20kb")); }

    void let_everything_out() { left.command(open_up); }

    std::string open_up = shape("change", "rate 400mbit burst 100kb limit 200kb");

    subscription listening(net::group const& group)
    {
        auto config = hearing_on("e1", group);
        config.receive_buffer = 4U << 20U;
        return joined(right, config);
    }

    void arrived(subscription& sub, net::group const& group, texts const& expected);
    void a_batch_is_told_right(net::group const& group);
    void a_batch_is_told_right(net::group const& group, publication& pub);
};

/// And nothing else did: what is sent now comes next.
void dropping_queue::arrived(subscription& sub, net::group const& group, texts const& expected)
{
    let_everything_out();
    auto const heard = test::next_texts(context, sub, expected.size());
    BOOST_TEST(test::sizes_of(heard) == test::sizes_of(expected), boost::test_tools::per_element());
    BOOST_TEST((heard == expected));
    send(left, sending_on("e1", group), "the end");
    BOOST_TEST(next(sub).text() == "the end");
}

void dropping_queue::a_batch_is_told_right(net::group const& group)
{
    auto pub = opened(left, sending_on("e1", group));
    a_batch_is_told_right(group, pub);
}

void dropping_queue::a_batch_is_told_right(net::group const& group, publication& pub)
{
    auto sub = listening(group);
    auto const sent = numbered(sizes(500, 1000));
    auto const payloads = test::buffers_of(sent);
    auto const report = pub.try_send_batch(payloads);
    std::vector<bool> failed(sent.size());
    for (auto const& failure : report.failures) {
        BOOST_TEST(failure.error == asio::error::no_buffer_space);
        BOOST_TEST(!failed.at(failure.index));
        failed.at(failure.index) = true;
    }
    BOOST_TEST(!report.failures.empty());
    BOOST_TEST(report.packets > 0U);
    BOOST_TEST(report.packets + report.failures.size() == report.next);
    BOOST_TEST(report.packets == pub.counters().packets);
    BOOST_TEST(report.failures.size() == pub.counters().dropped);
    BOOST_TEST(pub.counters().errors == 0U);
    texts expected;
    for (std::size_t i = 0; i < report.next; ++i)
        if (!failed[i])
            expected.push_back(sent[i]);
    arrived(sub, group, expected);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_drops, dropping_queue,
                         *boost::unit_test::precondition(test::can_limit_a_rate))

BOOST_AUTO_TEST_CASE(try_send_tells_of_every_datagram_the_queue_dropped)
{
    cuts_runs();
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        left.command(shape("replace", "rate 16kbit burst 4kb limit 20kb"));
        auto sub = listening(group);
        auto pub = opened(left, sending_on("e1", group));
        auto const sent = numbered(sizes(100, 1000));
        texts expected;
        std::size_t dropped = 0;
        for (auto const& text : sent) {
            error_code ec;
            auto const report = pub.try_send(asio::buffer(text), ec);
            BOOST_TEST((!ec || ec == asio::error::no_buffer_space), ec.message());
            BOOST_TEST(report.bytes == (ec ? 0U : text.size()));
            dropped += ec ? 1 : 0;
            if (!ec)
                expected.push_back(text);
        }
        BOOST_TEST(dropped > 0U);
        BOOST_TEST(!expected.empty());
        BOOST_TEST(pub.counters().dropped == dropped);
        BOOST_TEST(pub.counters().packets == expected.size());
        BOOST_TEST(pub.counters().errors == 0U);
        arrived(sub, group, expected);
    }
}

BOOST_AUTO_TEST_CASE(a_batch_tells_of_runs_the_queue_dropped)
{
    keeps_runs_whole();
    a_batch_is_told_right(ipv4.any_source);
}

BOOST_AUTO_TEST_CASE(an_ipv6_batch_tells_of_runs_the_queue_dropped)
{
    keeps_runs_whole();
    a_batch_is_told_right(ipv6.any_source);
}

BOOST_AUTO_TEST_CASE(a_batch_tells_of_every_datagram_that_a_queue_which_cuts_runs_dropped)
{
    cuts_runs();
    a_batch_is_told_right(ipv4.any_source);
}

BOOST_AUTO_TEST_CASE(a_queue_that_cuts_runs_may_also_come_later)
{
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    left.command("tc qdisc add dev e1 root handle 1: tbf rate 16kbit burst 4kb limit 20kb");
    // What lies below it changes nothing.
    left.command("tc qdisc add dev e1 parent 1:1 handle 10: bfifo limit 20kb");
    a_batch_is_told_right(ipv4.any_source, pub);
}

BOOST_AUTO_TEST_SUITE_END()
