// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "send/narrow_link.hpp"
#include "support/printing.hpp"

#include <rollcast/send/sender.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <future>
#include <optional>
#include <span>

using namespace rollcast;
using test::hearing_on;
using test::ipv4;
using test::sending_on;
using test::texts;

namespace {

using deliveries = std::future<std::span<delivery const>>;

publication_id added(sender& all, test::network_namespace const& host,
                     publication_config const& config)
{
    error_code ec;
    auto const id = host.within([&] { return all.add(config, ec); });
    BOOST_TEST_REQUIRE(!ec.failed());
    return id;
}

/// Publication 2 of 3 leads to the narrow link, whose buffer is full.
struct one_is_full : test::narrow_link {
    std::optional<sender> all{context.get_executor()};
    asio::cancellation_signal stop;
    subscription heard = joined(right, hearing_on("e2", ipv4.any_source));
    subscription also_heard = joined(right, hearing_on("e2", ipv4.other_any_source));
    asio::const_buffer const text = asio::buffer("hello", 5);

    one_is_full()
    {
        all_but_close();
        added(*all, left, sending_on("e2", ipv4.any_source));
        added(*all, left, sending_on("e1", ipv4.any_source));
        added(*all, left, sending_on("e2", ipv4.other_any_source));
        BOOST_TEST_REQUIRE(fill(*all->find(2)) == asio::error::would_block);
    }

    deliveries waiting_for_the_second()
    {
        auto result =
            all->send_all(text, asio::bind_cancellation_slot(stop.slot(), asio::use_future));
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(result));
        BOOST_TEST(next(heard).text() == "hello");
        BOOST_TEST(next(also_heard).text() == "hello");
        return result;
    }

    void nothing_more_came()
    {
        BOOST_TEST(is_empty(heard));
        BOOST_TEST(is_empty(also_heard));
    }

    error_code failure_of(deliveries pending)
    {
        return test::failure_of([&] { test::result_of(context, std::move(pending)); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_fan_out, test::two_hosts,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_link_that_is_down_keeps_nobody_else_from_sending)
{
    sender all(context.get_executor());
    auto first = joined(right, hearing_on("e1", ipv4.any_source));
    auto last = joined(right, hearing_on("e1", ipv4.other_any_source));
    added(all, left, sending_on("e1", ipv4.any_source));
    added(all, left, sending_on("e2", ipv4.any_source));
    added(all, left, sending_on("e1", ipv4.other_any_source));
    left.ip("link set e2 down");
    auto const made = test::run(context, all.send_all(asio::buffer("hello", 5)));
    BOOST_TEST_REQUIRE(made.size() == 3U);
    BOOST_TEST(!made[0].error.failed());
    BOOST_TEST(made[1].error.failed());
    BOOST_TEST(made[1].report.publication == 2U);
    BOOST_TEST(made[1].report.bytes == 0U);
    BOOST_TEST(!made[2].error.failed());
    BOOST_TEST(all.find(2)->counters().errors == 1U);
    for (auto* const sub : {&first, &last})
        BOOST_TEST(next(*sub).text() == "hello");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(send_fan_out_full, one_is_full,
                         *boost::unit_test::precondition(test::can_limit_a_rate))

BOOST_AUTO_TEST_CASE(try_send_all_tells_which_buffer_is_full)
{
    auto const made = all->try_send_all(text);
    BOOST_TEST_REQUIRE(made.size() == 3U);
    BOOST_TEST(!made[0].error.failed());
    BOOST_TEST(made[1].error == asio::error::would_block);
    BOOST_TEST(!made[2].error.failed());
}

BOOST_AUTO_TEST_CASE(send_all_waits_for_the_full_one_after_the_others_have_sent)
{
    auto pending = waiting_for_the_second();
    auto const before = all->find(2)->counters().packets;
    open_again();
    auto const made = test::result_of(context, std::move(pending));
    BOOST_TEST_REQUIRE(made.size() == 3U);
    for (auto const& each : made)
        BOOST_TEST(!each.error.failed());
    BOOST_TEST(made[1].report.publication == 2U);
    BOOST_TEST(made[1].report.bytes == 5U);
    BOOST_TEST(all->find(2)->counters().packets == before + 1);
    nothing_more_came();
}

BOOST_AUTO_TEST_CASE(a_waiting_fan_out_can_be_cancelled_and_the_sender_goes_on)
{
    auto const before = all->find(2)->counters().packets;
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        auto pending = waiting_for_the_second();
        stop.emit(type);
        BOOST_TEST(failure_of(std::move(pending)) == asio::error::operation_aborted);
    }
    BOOST_TEST(all->find(2)->counters().packets == before);
    BOOST_TEST(all->find(1)->counters().packets == 3U);
    nothing_more_came();
    error_code ec;
    BOOST_TEST(all->try_send(1, text, ec).bytes == 5U);
}

BOOST_AUTO_TEST_CASE(a_publication_removed_meanwhile_ends_its_part)
{
    auto pending = waiting_for_the_second();
    BOOST_TEST(all->remove(2));
    auto const made = test::result_of(context, std::move(pending));
    BOOST_TEST_REQUIRE(made.size() == 3U);
    BOOST_TEST(!made[0].error.failed());
    BOOST_TEST(made[1].error == asio::error::operation_aborted);
    BOOST_TEST(made[1].report.publication == 2U);
    BOOST_TEST(!made[2].error.failed());
}

BOOST_AUTO_TEST_CASE(others_removed_and_added_meanwhile_change_nothing)
{
    auto pending = waiting_for_the_second();
    BOOST_TEST(all->remove(1));
    BOOST_TEST(all->remove(3));
    BOOST_TEST(added(*all, left, sending_on("e2", ipv4.any_source)) == 4U);
    open_again();
    auto const made = test::result_of(context, std::move(pending));
    BOOST_TEST_REQUIRE(made.size() == 3U);
    BOOST_TEST(made[1].report.bytes == 5U);
    nothing_more_came();
}

BOOST_AUTO_TEST_CASE(another_fan_out_meanwhile_does_not_disturb_the_first)
{
    auto pending = waiting_for_the_second();
    BOOST_TEST(all->remove(1));
    BOOST_TEST(all->remove(3));
    BOOST_TEST(all->try_send_all(text).size() == 1U);
    open_again();
    auto const made = test::result_of(context, std::move(pending));
    BOOST_TEST_REQUIRE(made.size() == 3U);
    BOOST_TEST(made[1].report.publication == 2U);
    BOOST_TEST(made[1].report.bytes == 5U);
}

BOOST_AUTO_TEST_CASE(destroying_the_sender_aborts_what_waits)
{
    auto pending = waiting_for_the_second();
    auto sending = all->send(2, text, asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(sending));
    all.reset();
    BOOST_TEST(failure_of(std::move(pending)) == asio::error::operation_aborted);
    BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(sending)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()
