// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string_view>

using namespace rollcast;
using namespace asio::experimental::awaitable_operators;
using asio::cancellation_type;
using test::ipv4;
using test::ipv6;

namespace {

publication_config with_replies(net::group const& group)
{
    auto config = test::sending(group);
    config.replies = true;
    return config;
}

struct asker {
    asio::io_context context;
    std::optional<publication> pub;
    std::array<char, 64> answer{};

    asker() { pub.emplace(context.get_executor(), with_replies(ipv4.any_source)); }

    /// Somebody else answers by unicast.
    void reply_to(asio::ip::udp::endpoint const& to, std::string_view text)
    {
        asio::ip::udp::socket socket(context, {ipv4.loopback, 0});
        socket.send_to(asio::buffer(text), to);
    }

    std::string_view text(reply const& got) const { return {answer.data(), got.bytes}; }

    std::future<reply> waiting()
    {
        auto result =
            asio::co_spawn(context, pub->recv_reply(asio::buffer(answer)), asio::use_future);
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(result));
        return result;
    }

    error_code outcome(std::future<reply>& pending)
    {
        return test::failure_of([&] { test::result_of(context, std::move(pending)); });
    }

    void a_question_is_answered(test::family const& version);
};

void asker::a_question_is_answered(test::family const& version)
{
    publication asking(context.get_executor(), with_replies(version.any_source));
    publication answering(context.get_executor(), with_replies(version.any_source));
    subscription sub(context.get_executor(), test::hearing(version.any_source));
    sub.join();
    test::run(context, asking.send(asio::buffer("who?", 4)));
    auto const question = test::run(context, sub.recv());
    error_code ec;
    auto const report = answering.try_send_to(question.source, asio::buffer("me", 2), ec);
    BOOST_TEST(!ec.failed());
    BOOST_TEST(report.destination == question.source);
    BOOST_TEST(report.bytes == 2U);
    auto const got = test::run(context, asking.recv_reply(asio::buffer(answer)));
    BOOST_TEST(text(got) == "me");
    BOOST_TEST(got.source == report.source);
    BOOST_TEST(got.source == answering.local_endpoint());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_reply, asker,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(an_ipv4_question_is_answered_by_unicast_to_its_source)
{
    a_question_is_answered(ipv4);
}

BOOST_AUTO_TEST_CASE(an_ipv6_question_is_answered_by_unicast_to_its_source,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    a_question_is_answered(ipv6);
}

BOOST_AUTO_TEST_CASE(waiting_for_an_answer_opens_the_publication)
{
    auto pending = waiting();
    BOOST_TEST(pub->is_open());
    reply_to(pub->local_endpoint(), "me");
    auto const got = test::result_of(context, std::move(pending));
    BOOST_TEST(text(got) == "me");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_long_loses_its_end)
{
    pub->open();
    reply_to(pub->local_endpoint(), std::string(100, 'x'));
    auto const got = test::run(context, pub->recv_reply(asio::buffer(answer)));
    BOOST_TEST(got.bytes == answer.size());
    BOOST_TEST(got.truncated);
    reply_to(pub->local_endpoint(), "next");
    auto const next = test::run(context, pub->recv_reply(asio::buffer(answer)));
    BOOST_TEST(text(next) == "next");
    BOOST_TEST(!next.truncated);
}

BOOST_AUTO_TEST_CASE(every_form_of_completion_receives_an_answer)
{
    pub->open();
    for (int i = 0; i < 3; ++i)
        reply_to(pub->local_endpoint(), "me");
    auto const into = asio::buffer(answer);
    std::size_t bytes = 0;
    pub->recv_reply(into, [&](error_code, reply const& got) { bytes = got.bytes; });
    test::run_until(context, [&] { return bytes != 0; });
    BOOST_TEST(test::result_of(context, pub->recv_reply(into, asio::use_future)).bytes == 2U);
    test::run(context, [&]() -> asio::awaitable<void> {
        auto const [ec, got] = co_await pub->recv_reply(into, asio::as_tuple(asio::deferred));
        BOOST_TEST(!ec.failed());
        BOOST_TEST(got.bytes == 2U);
    });
}

BOOST_AUTO_TEST_CASE(waiting_for_an_answer_of_an_invalid_configuration_fails)
{
    publication invalid(context.get_executor(), with_replies(net::group()));
    BOOST_TEST(test::failure_of([&] {
                   test::run(context, invalid.recv_reply(asio::buffer(answer)));
               }) == error::not_multicast);
}

BOOST_AUTO_TEST_CASE(every_type_of_cancellation_ends_the_wait)
{
    for (auto const type :
         {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        asio::cancellation_signal stop;
        auto pending = pub->recv_reply(asio::buffer(answer),
                                       asio::bind_cancellation_slot(stop.slot(), asio::use_future));
        test::run_ready(context);
        stop.emit(type);
        BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    }
}

BOOST_AUTO_TEST_CASE(a_wait_for_an_answer_yields_to_a_timer)
{
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    auto const first = test::run(context, [&]() -> asio::awaitable<std::size_t> {
        auto const either = co_await (pub->recv_reply(asio::buffer(answer)) ||
                                      timer.async_wait(asio::use_awaitable));
        co_return either.index();
    });
    BOOST_TEST(first == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_is_not_lost_on_a_wait_that_another_operation_beat)
{
    pub->open();
    reply_to(pub->local_endpoint(), "me");
    auto const first = test::run(context, [&]() -> asio::awaitable<std::size_t> {
        auto const either = co_await (asio::post(context, asio::use_awaitable) ||
                                      pub->recv_reply(asio::buffer(answer)));
        co_return either.index();
    });
    auto next = asio::co_spawn(context, pub->recv_reply(asio::buffer(answer)), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(first == 0U);
    BOOST_TEST(test::is_ready(next));
}

BOOST_AUTO_TEST_CASE(a_loop_over_ready_answers_lets_others_run)
{
    pub->open();
    int const sent = 200;
    for (int i = 0; i < sent; ++i)
        reply_to(pub->local_endpoint(), "me");
    int received = 0;
    std::optional<int> received_when_posted;
    test::run(context, [&]() -> asio::awaitable<void> {
        asio::post(context, [&] { received_when_posted = received; });
        for (; received < sent; ++received)
            co_await pub->recv_reply(asio::buffer(answer));
    });
    BOOST_REQUIRE(received_when_posted.has_value());
    BOOST_TEST(*received_when_posted < sent);
}

BOOST_AUTO_TEST_CASE(closing_aborts_a_pending_wait_and_everything_later)
{
    auto pending = waiting();
    pub->close();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    BOOST_TEST(!pub->is_open());
    error_code ec;
    pub->try_send(asio::buffer("x", 1), ec);
    BOOST_TEST(ec == asio::error::operation_aborted);
    BOOST_TEST(test::failure_of([&] { pub->open(); }) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(taking_it_apart_aborts_a_pending_wait)
{
    auto pending = waiting();
    auto const parts = pub->into_parts();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    BOOST_TEST(parts.socket.is_open());
}

BOOST_AUTO_TEST_CASE(destroying_the_publication_aborts_a_pending_wait)
{
    auto pending = waiting();
    pub.reset();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(destroying_the_io_context_releases_a_pending_wait_for_an_answer,
                     *boost::unit_test::precondition(test::loopback_carries_ipv4))
{
    auto const held = std::make_shared<int>();
    std::array<char, 64> answer{};
    auto wait = [&](publication pub, std::shared_ptr<int>) -> asio::awaitable<void> {
        co_await pub.recv_reply(asio::buffer(answer));
    };
    {
        asio::io_context context;
        publication pub(context.get_executor(), with_replies(ipv4.any_source));
        asio::co_spawn(context, wait(std::move(pub), held), asio::detached);
        test::run_ready(context);
        BOOST_TEST(held.use_count() == 2);
    }
    BOOST_TEST(held.use_count() == 1);
}
