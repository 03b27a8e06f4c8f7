// SPDX-License-Identifier: BSL-1.0
#include "receive/batch_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <iterator>

using namespace rollcast;
using asio::ip::udp;
using test::all_of;
using test::hearing;
using test::ipv4;
using test::part;
using test::strings;
using test::texts;

BOOST_FIXTURE_TEST_SUITE(receive_batch, test::batch_fixture,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(datagrams_of_every_size_come_whole_and_in_order)
{
    auto const sent = texts({5, 0, 1, 65507, 1400, 0, 0, 3});
    send(sent);
    batch into;
    BOOST_TEST(receive(into) == sent.size());
    BOOST_TEST(into.size() == sent.size());
    BOOST_TEST(!into.empty());
    BOOST_TEST((all_of(into) == sent));
    for (auto const& packet : into) {
        BOOST_TEST(!packet.truncated);
        BOOST_TEST(packet.source == sender.local_endpoint());
        BOOST_TEST(packet.group == ipv4.any_source);
        BOOST_TEST(packet.metadata.interface_index == 1U);
    }
    BOOST_TEST(sub.counters().packets == sent.size());
    BOOST_TEST(is_empty());
}

BOOST_AUTO_TEST_CASE(what_finds_no_buffer_waits_for_the_next_batch)
{
    auto const sent = texts(std::vector<std::size_t>(10, 8));
    send(sent);
    batch into(4);
    BOOST_TEST(receive(into) == 4U);
    BOOST_TEST(all_of(into) == part(sent, 0, 4), boost::test_tools::per_element());
    BOOST_TEST(receive(into) == 4U);
    BOOST_TEST(all_of(into) == part(sent, 4, 8), boost::test_tools::per_element());
    BOOST_TEST(receive(into) == 2U);
    BOOST_TEST(all_of(into) == part(sent, 8, 10), boost::test_tools::per_element());
    BOOST_TEST(is_empty());
}

BOOST_AUTO_TEST_CASE(a_batch_of_no_buffers_has_one)
{
    auto const sent = texts({3, 3});
    send(sent);
    batch into(0);
    BOOST_TEST(receive(into) == 1U);
    BOOST_TEST(all_of(into) == part(sent, 0, 1), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_batch_with_nothing_to_receive_becomes_empty)
{
    send({"old"});
    batch into;
    BOOST_TEST(sub.try_recv_batch(into, ec) == 1U);
    BOOST_TEST(!ec.failed());
    BOOST_TEST(sub.try_recv_batch(into, ec) == 0U);
    BOOST_TEST(ec == asio::error::would_block);
    BOOST_TEST(into.empty());
    BOOST_TEST(all_of(into) == strings(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_batch_becomes_empty_too_where_the_group_was_left)
{
    send({"old"});
    batch into;
    BOOST_TEST(sub.try_recv_batch(into, ec) == 1U);
    sub.leave();
    BOOST_TEST(sub.try_recv_batch(into, ec) == 0U);
    BOOST_TEST(ec == error::not_joined);
    BOOST_TEST(into.empty());
}

BOOST_AUTO_TEST_CASE(a_batch_waits_until_a_datagram_comes)
{
    batch into;
    auto pending = asio::co_spawn(context, sub.recv_batch(into), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(pending));
    send({"hello"});
    BOOST_TEST(test::result_of(context, std::move(pending)) == 1U);
    BOOST_TEST(all_of(into) == strings{"hello"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(foreign_datagrams_do_not_appear_in_a_batch)
{
    sub.close();
    udp::socket wild(context, udp::v4());
    wild.set_option(udp::socket::reuse_address(true));
    wild.bind({udp::v4(), ipv4.any_source.port});
    auto adopted = subscription::adopt(hearing(ipv4.any_source), wild);
    BOOST_REQUIRE(adopted.has_value());
    sub = std::move(*adopted);
    sub.join();
    udp::socket stranger(context, udp::v4());
    udp::endpoint const unicast(asio::ip::address_v4::loopback(), ipv4.any_source.port);
    stranger.send_to(asio::buffer("foreign", 7), unicast);
    send({"one"});
    stranger.send_to(asio::buffer("foreign", 7), unicast);
    send({"two"});
    batch into;
    BOOST_TEST(receive(into) == 2U);
    BOOST_TEST(all_of(into) == (strings{"one", "two"}), boost::test_tools::per_element());
    BOOST_TEST(sub.counters().filtered == 2U);
    BOOST_TEST(sub.counters().packets == 2U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_batch_loses_nothing)
{
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        batch into;
        asio::cancellation_signal stop;
        auto pending =
            sub.recv_batch(into, asio::bind_cancellation_slot(stop.slot(), asio::use_future));
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(pending));
        send({"one", "two"});
        stop.emit(type);
        auto const failure =
            test::failure_of([&] { test::result_of(context, std::move(pending)); });
        BOOST_TEST(failure == asio::error::operation_aborted);
        BOOST_TEST(receive(into) == 2U);
        BOOST_TEST(all_of(into) == (strings{"one", "two"}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_moved_batch_keeps_its_packets_and_can_be_used_again)
{
    send({"one", "two"});
    batch first;
    BOOST_TEST(receive(first) == 2U);
    batch second(std::move(first));
    BOOST_TEST(second.size() == 2U);
    BOOST_TEST(all_of(second) == (strings{"one", "two"}), boost::test_tools::per_element());
    first = batch(1);
    BOOST_TEST(first.empty());
    first = std::move(second);
    BOOST_TEST(all_of(first) == (strings{"one", "two"}), boost::test_tools::per_element());
    send({"three"});
    BOOST_TEST(receive(first) == 1U);
    BOOST_TEST(all_of(first) == strings{"three"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(single_receives_and_batches_take_turns_without_loss)
{
    auto const sent = texts(std::vector<std::size_t>(100, 8));
    send(sent);
    strings heard;
    batch into(8);
    while (heard.size() < sent.size()) {
        heard.push_back(receive_one());
        if (heard.size() == sent.size())
            break;
        receive(into);
        std::ranges::copy(all_of(into), std::back_inserter(heard));
    }
    BOOST_TEST(heard == sent, boost::test_tools::per_element());
    BOOST_TEST(sub.counters().packets == sent.size());
    BOOST_TEST(is_empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(receive_batch_of_runs, test::batch_fixture,
                         *boost::unit_test::precondition(test::carries_runs))

BOOST_AUTO_TEST_CASE(a_run_is_told_apart_into_its_datagrams)
{
    auto const sent = texts({100, 100, 100, 50});
    send_run(sent);
    batch into(1);
    BOOST_TEST(receive(into) == 4U); // in one buffer, so they came in one piece
    BOOST_TEST(all_of(into) == sent, boost::test_tools::per_element());
    BOOST_TEST(sub.counters().packets == 4U);
    BOOST_TEST(sub.counters().bytes == 350U);
    for (auto const& packet : into) {
        BOOST_TEST(!packet.truncated);
        BOOST_TEST(packet.source == sender.local_endpoint());
        BOOST_TEST(packet.group == ipv4.any_source);
    }
}

BOOST_AUTO_TEST_CASE(runs_and_single_datagrams_of_all_sizes_mix)
{
    strings const one = texts({1, 1, 1});
    strings const many = texts(std::vector<std::size_t>(60, 1000));
    strings const last = texts({300, 1});
    send({"", "before"});
    send_run(one);
    send({"between", ""});
    send_run(many);
    send_run(last);
    send({"", "after"});
    strings expected{"", "before"};
    for (auto const& each : {one, strings{"between", ""}, many, last, strings{"", "after"}})
        expected.insert(expected.end(), each.begin(), each.end());
    batch into;
    BOOST_TEST(receive(into) == expected.size());
    BOOST_TEST((all_of(into) == expected));
    BOOST_TEST((all_of(into) == expected)); // as often as one likes
}

BOOST_AUTO_TEST_CASE(without_coalescing_the_same_packets_come_one_by_one)
{
    auto other = joined(test::one_by_one());
    auto const sent = texts({100, 100, 100, 50});
    send_run(sent);
    batch into(1);
    for (auto const& expected : sent) {
        BOOST_TEST(test::run(context, other.recv_batch(into)) == 1U);
        BOOST_TEST(all_of(into) == strings{expected}, boost::test_tools::per_element());
    }
    BOOST_TEST(other.try_recv_batch(into, ec) == 0U);
    BOOST_TEST(ec == asio::error::would_block);
    BOOST_TEST(other.counters().packets == 4U);
}

BOOST_AUTO_TEST_CASE(a_receive_takes_one_of_a_run_and_the_batch_the_rest)
{
    auto const sent = texts({100, 100, 100, 50});
    for (std::size_t single = 1; single <= sent.size(); ++single) {
        send_run(sent);
        send({"next"});
        for (std::size_t i = 0; i < single; ++i)
            BOOST_TEST(receive_one() == sent[i]);
        strings heard;
        batch into;
        while (heard.empty() || heard.back() != "next") {
            receive(into);
            std::ranges::copy(all_of(into), std::back_inserter(heard));
        }
        auto expected = part(sent, single, sent.size());
        expected.push_back("next");
        BOOST_TEST(heard == expected, boost::test_tools::per_element());
        BOOST_TEST(is_empty());
        BOOST_TEST(sub.counters().packets == 5 * single);
    }
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_run_in_a_batch_outlives_the_next_receive)
{
    auto const sent = texts({100, 100, 50});
    send_run(sent);
    receive_one();
    batch rest;
    BOOST_TEST(receive(rest) == 2U);
    send_run({std::string(100, 'X'), std::string(100, 'Y')});
    BOOST_TEST(receive_one() == std::string(100, 'X'));
    BOOST_TEST(all_of(rest) == part(sent, 1, 3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_receive_in_the_midst_of_a_run_does_not_wait)
{
    send_run(texts({100, 100, 50}));
    receive_one();
    BOOST_TEST(sub.try_recv(ec).has_value());
    BOOST_TEST(sub.try_recv(ec).has_value());
    BOOST_TEST(!sub.try_recv(ec).has_value());
    BOOST_TEST(ec == asio::error::would_block);
}

BOOST_AUTO_TEST_CASE(leaving_drops_the_rest_of_a_run)
{
    send_run(texts({100, 100, 50}));
    receive_one();
    sub.leave();
    sub.join();
    BOOST_TEST(is_empty());
    BOOST_TEST(!sub.try_recv(ec).has_value());
    send({"new"});
    BOOST_TEST(receive_one() == "new");
}

BOOST_AUTO_TEST_CASE(cancelling_in_the_midst_of_a_run_loses_nothing)
{
    auto const sent = texts({100, 100, 50});
    send_run(sent);
    BOOST_TEST(receive_one() == sent[0]);
    asio::cancellation_signal stop;
    batch into;
    auto pending =
        sub.recv_batch(into, asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    stop.emit(asio::cancellation_type::total);
    test::run_ready(context);
    BOOST_TEST(test::failure_of([&] { pending.get(); }) == asio::error::operation_aborted);
    BOOST_TEST(receive(into) == 2U);
    BOOST_TEST(all_of(into) == part(sent, 1, 3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
