// SPDX-License-Identifier: BSL-1.0
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/net/interface_watcher.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>

using namespace rollcast;
using asio::experimental::awaitable_operators::operator||;

namespace {

struct watched_host {
    test::network_namespace host;
    asio::io_context context;
    std::optional<net::interface_watcher> watcher{
        host.within([&] { return net::interface_watcher(context.get_executor()); })};

    std::future<void> changed()
    {
        auto result = asio::co_spawn(context, watcher->changed(), asio::use_future);
        test::run_ready(context);
        return result;
    }
};

error_code outcome(watched_host& lab, std::future<void>& waiting)
{
    return test::failure_of([&] { test::result_of(lab.context, std::move(waiting)); });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(net_interface_watcher, watched_host,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(nothing_is_told_while_nothing_changes)
{
    auto waiting = changed();
    BOOST_TEST(!test::is_ready(waiting));
}

BOOST_AUTO_TEST_CASE(an_address_that_comes_or_goes_is_told)
{
    for (auto const* line : {"addr add 10.9.0.1/32 dev lo", "addr del 10.9.0.1/32 dev lo",
                             "addr add fd09::1/128 dev lo nodad", "addr del fd09::1/128 dev lo"}) {
        auto waiting = changed();
        BOOST_TEST(!test::is_ready(waiting), "before ip " << line);
        host.ip(line);
        BOOST_TEST(!outcome(*this, waiting).failed());
    }
}

BOOST_AUTO_TEST_CASE(an_interface_that_comes_or_goes_is_told)
{
    auto waiting = changed();
    host.ip("link add e2 type veth peer name e3");
    BOOST_TEST(!outcome(*this, waiting).failed());
    waiting = changed();
    host.ip("link del e2");
    BOOST_TEST(!outcome(*this, waiting).failed());
}

BOOST_AUTO_TEST_CASE(a_change_between_two_waits_is_not_missed)
{
    host.ip("addr add 10.9.0.1/32 dev lo");
    auto waiting = changed();
    BOOST_TEST(test::is_ready(waiting));
}

BOOST_AUTO_TEST_CASE(many_changes_may_be_told_as_one_and_then_it_waits_again)
{
    std::string lines;
    for (int i = 1; i <= 200; ++i)
        lines += "addr add 10.9.0." + std::to_string(i) + "/32 dev lo\n";
    host.ip(lines);
    BOOST_TEST(test::is_ready(changed()));
    auto waiting = changed();
    BOOST_TEST(!test::is_ready(waiting));
}

BOOST_AUTO_TEST_CASE(a_wait_can_be_cancelled_in_favour_of_a_timer)
{
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    auto const first = test::run(context, [&]() -> asio::awaitable<std::size_t> {
        auto const either = co_await (watcher->changed() || timer.async_wait(asio::use_awaitable));
        co_return either.index();
    });
    BOOST_TEST(first == 1U);
    host.ip("addr add 10.9.0.1/32 dev lo");
    auto waiting = changed();
    BOOST_TEST(test::is_ready(waiting));
}

BOOST_AUTO_TEST_CASE(a_change_is_not_lost_on_a_wait_that_another_operation_beat)
{
    host.ip("addr add 10.9.0.1/32 dev lo");
    auto const first = test::run(context, [&]() -> asio::awaitable<std::size_t> {
        auto const either =
            co_await (asio::post(context, asio::use_awaitable) || watcher->changed());
        co_return either.index();
    });
    auto waiting = changed();
    BOOST_TEST(first == 0U);
    BOOST_TEST(test::is_ready(waiting));
}

BOOST_AUTO_TEST_CASE(closing_the_watcher_ends_a_pending_wait_and_every_later_one)
{
    auto waiting = changed();
    watcher->close();
    BOOST_TEST(outcome(*this, waiting) == asio::error::operation_aborted);
    auto late = changed();
    BOOST_TEST(outcome(*this, late) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(destroying_the_watcher_ends_a_pending_wait)
{
    auto waiting = changed();
    watcher.reset();
    BOOST_TEST(outcome(*this, waiting) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_wait_that_starts_after_the_watcher_is_gone_is_aborted)
{
    auto late = watcher->changed();
    watcher.reset();
    BOOST_TEST(test::failure_of([&] { test::run(context, std::move(late)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_moved_watcher_goes_on_watching)
{
    auto waiting = changed();
    net::interface_watcher moved(std::move(*watcher));
    watcher.reset();
    BOOST_TEST(!test::is_ready(waiting));
    host.ip("addr add 10.9.0.1/32 dev lo");
    BOOST_TEST(!outcome(*this, waiting).failed());
    BOOST_TEST((moved.get_executor() == asio::any_io_executor(context.get_executor())));
}

BOOST_AUTO_TEST_CASE(destroying_the_io_context_releases_a_pending_wait)
{
    auto const held = std::make_shared<int>();
    auto wait = [](net::interface_watcher owned, std::shared_ptr<int>) -> asio::awaitable<void> {
        co_await owned.changed();
    };
    {
        asio::io_context brief;
        auto brief_watcher =
            host.within([&] { return net::interface_watcher(brief.get_executor()); });
        asio::co_spawn(brief, wait(std::move(brief_watcher), held), asio::detached);
        test::run_ready(brief);
        BOOST_TEST(held.use_count() == 2);
    }
    BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
