// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace rollcast;
using asio::experimental::awaitable_operators::operator||;
using test::address;
using test::group;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::sending_on;
using test::two_hosts;

namespace rollcast {

std::ostream& boost_test_print_type(std::ostream& out, membership_change value)
{
    return out << (value == membership_change::lost ? "lost" : "rejoined");
}

} // namespace rollcast

namespace {

net::group const link_local = group("[ff12::1:1]:5000");

struct changing_links : two_hosts {
    void cut(char const* interface) { right.ip(std::string("link del ") + interface); }

    void plug_in(unsigned link)
    {
        auto const interface = "e" + std::to_string(link);
        test::join_by_cable(link, {left, interface, 1}, {right, interface, 2});
    }

    membership_event next_event(auto& of) { return test::run(context, of.membership_changed()); }

    void send_by(publication& pub, std::string_view text)
    {
        error_code ec;
        pub.try_send(asio::buffer(text), ec);
        BOOST_TEST_REQUIRE(!ec.failed(), ec.message());
    }

    void expect(membership_event const& seen, membership_change change, char const* interface)
    {
        BOOST_TEST(seen.change == change);
        BOOST_TEST(seen.interface == interface);
        BOOST_TEST(seen.missed == 0U);
    }

    void comes_back(subscription_config const& config);
};

void changing_links::comes_back(subscription_config const& config)
{
    auto sub = joined(right, config);
    auto const old = sub.interfaces().front().index;
    auto pending = sub.recv(asio::use_future);
    test::run_ready(context);
    cut("e1");
    BOOST_TEST(!sub.is_joined());
    BOOST_TEST(sub.interfaces().empty());
    auto const lost = next_event(sub);
    expect(lost, membership_change::lost, "e1");
    BOOST_TEST(lost.interface_index == old);
    plug_in(1);
    auto const rejoined = next_event(sub);
    expect(rejoined, membership_change::rejoined, "e1");
    BOOST_TEST(rejoined.interface_index != old);
    BOOST_TEST(rejoined.interface_index == index_of(right, "e1"));
    BOOST_TEST(sub.is_joined());
    auto sending = sending_on("e1", config.group);
    if (!config.sources.empty())
        sending.source = config.sources.front();
    send(left, sending, "again");
    auto const seen = test::result_of(context, std::move(pending));
    BOOST_TEST(seen.text() == "again");
    BOOST_TEST(seen.metadata.interface_index == rejoined.interface_index);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_rejoin, changing_links,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(an_interface_named_by_name_is_joined_again_when_it_returns)
{
    comes_back(hearing_on("e1", ipv4.any_source));
    comes_back(hearing_on("e1", ipv6.any_source));
}

BOOST_AUTO_TEST_CASE(a_source_specific_membership_returns_with_its_sources)
{
    comes_back(hearing_on("e1", ipv4.source_specific, "10.9.1.1"));
    comes_back(hearing_on("e1", ipv6.source_specific, "fd09:1::1"));
}

BOOST_AUTO_TEST_CASE(an_interface_named_by_index_is_known_by_its_name_when_it_returns)
{
    comes_back(hearing_on(net::network_interface(index_of(right, "e1")), ipv4.any_source));
    comes_back(hearing_on(net::network_interface(index_of(right, "e1")), ipv6.any_source));
}

BOOST_AUTO_TEST_CASE(an_interface_named_by_address_is_known_by_its_name_when_it_returns)
{
    comes_back(hearing_on("10.9.1.2", ipv4.any_source));
    comes_back(hearing_on("fd09:1::2", ipv6.any_source));
}

BOOST_AUTO_TEST_CASE(a_socket_bound_to_a_link_follows_it)
{
    // A new socket is made, which is to lie in the namespace of the old one.
    right.within([&] { comes_back(hearing_on("e1", link_local)); });
}

BOOST_AUTO_TEST_CASE(a_receive_alone_mends_the_membership)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto pending = sub.recv(asio::use_future);
    test::run_ready(context);
    cut("e1");
    plug_in(1);
    test::run_until(context, [&] { return sub.is_joined(); });
    send(left, sending_on("e1", ipv4.any_source), "again");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "again");
    expect(*sub.try_membership_changed(), membership_change::lost, "e1");
    expect(*sub.try_membership_changed(), membership_change::rejoined, "e1");
    BOOST_TEST(!sub.try_membership_changed().has_value());
}

BOOST_AUTO_TEST_CASE(a_program_that_only_polls_mends_the_membership_too)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    cut("e1");
    BOOST_TEST(is_empty(sub));
    plug_in(1);
    test::poll_until([&] { return is_empty(sub) && sub.is_joined(); });
    send(left, sending_on("e1", ipv4.any_source), "again");
    BOOST_TEST(next(sub).text() == "again");
}

BOOST_AUTO_TEST_CASE(what_came_before_an_interface_went_is_not_told_as_of_the_one_that_returned)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    send(left, sending_on("e1", ipv4.any_source), "before");
    cut("e1");
    expect(next_event(sub), membership_change::lost, "e1");
    plug_in(1);
    auto const rejoined = next_event(sub);
    send(left, sending_on("e1", ipv4.any_source), "after");
    auto const seen = next(sub);
    BOOST_TEST(seen.text() == "after");
    BOOST_TEST(seen.metadata.interface_index == rejoined.interface_index);
}

BOOST_AUTO_TEST_CASE(an_interface_that_returns_with_its_old_index_is_joined_again)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto const index = std::to_string(index_of(right, "e1"));
    cut("e1");
    right.ip("link add e1 index " + index + " type veth peer name far netns " + left.path() +
             "\nlink set e1 up");
    left.ip("addr add 10.9.7.1/24 dev far\nlink set far up");
    expect(next_event(sub), membership_change::lost, "e1");
    expect(next_event(sub), membership_change::rejoined, "e1");
    send(left, sending_on("far", ipv4.any_source), "again");
    BOOST_TEST(next(sub).text() == "again");
}

BOOST_AUTO_TEST_CASE(the_other_interfaces_are_heard_all_the_while)
{
    auto config = hearing_on("e1", ipv6.any_source);
    config.interfaces.emplace_back("e2");
    auto sub = joined(right, config);
    cut("e1");
    expect(next_event(sub), membership_change::lost, "e1");
    BOOST_TEST(sub.is_joined());
    BOOST_REQUIRE(sub.interfaces().size() == 1U);
    BOOST_TEST(sub.interfaces().front().name == "e2");
    send(left, sending_on("e2", ipv6.any_source), "on link 2");
    BOOST_TEST(next(sub).text() == "on link 2");
    plug_in(1);
    expect(next_event(sub), membership_change::rejoined, "e1");
    BOOST_TEST(sub.interfaces().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_queue_that_never_runs_empty_does_not_hide_what_happens_to_interfaces)
{
    auto config = hearing_on("e1", ipv4.any_source);
    config.interfaces.emplace_back("e2");
    config.receive_buffer = 1 << 20;
    auto sub = joined(right, config);
    cut("e2");
    plug_in(2);
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    constexpr int queued = 150;
    for (int i = 0; i < queued; ++i)
        send_by(pub, "busy");
    auto body = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < queued - 1; ++i)
            co_await sub.recv();
    };
    test::run(context, body);
    BOOST_TEST(sub.interfaces().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_link_local_group_on_two_links_has_a_socket_on_each)
{
    right.within([&] {
        auto config = hearing_on("e1", link_local);
        config.interfaces.emplace_back("e2");
        subscription sub(context.get_executor(), config);
        sub.join();
        for (auto const* link : {"e1", "e2", "e1"}) {
            send(left, sending_on(link, link_local), link);
            auto const seen = next(sub);
            BOOST_TEST(seen.text() == link);
            BOOST_TEST(seen.metadata.interface_index == index_of(right, link));
        }
        cut("e1");
        expect(next_event(sub), membership_change::lost, "e1");
        send(left, sending_on("e2", link_local), "still");
        BOOST_TEST(next(sub).text() == "still");
        plug_in(1);
        expect(next_event(sub), membership_change::rejoined, "e1");
        send(left, sending_on("e1", link_local), "again");
        BOOST_TEST(next(sub).text() == "again");
    });
}

BOOST_AUTO_TEST_CASE(whom_was_blocked_stays_blocked)
{
    left.ip("addr add 10.9.1.9/24 dev e1");
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    error_code ec;
    sub.block_source(address("10.9.1.1"), ec);
    BOOST_TEST(!ec.failed(), ec.message());
    cut("e1");
    plug_in(1);
    left.ip("addr add 10.9.1.9/24 dev e1");
    expect(next_event(sub), membership_change::lost, "e1");
    expect(next_event(sub), membership_change::rejoined, "e1");
    for (auto const* source : {"10.9.1.1", "10.9.1.9"}) {
        auto config = sending_on("e1", ipv4.any_source);
        config.source = address(source);
        send(left, config, source);
    }
    BOOST_TEST(next(sub).text() == "10.9.1.9");
    BOOST_TEST(sub.counters().filtered == 0U);
}

BOOST_AUTO_TEST_CASE(a_renamed_interface_stays_joined_and_is_known_by_its_new_name)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    right.ip("link set e1 down\nlink set e1 name wan\nlink set wan up");
    BOOST_TEST(!sub.try_membership_changed().has_value());
    BOOST_TEST(sub.interfaces().front().name == "wan");
    cut("wan");
    expect(next_event(sub), membership_change::lost, "wan");
}

BOOST_AUTO_TEST_CASE(a_link_that_is_down_for_a_while_is_no_loss)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    right.ip("link set e1 down\nlink set e1 up");
    BOOST_TEST(!sub.try_membership_changed().has_value());
    BOOST_TEST(sub.is_joined());
}

BOOST_AUTO_TEST_CASE(events_nobody_reads_are_bounded_and_counted)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto pending = sub.recv(asio::use_future);
    for (int i = 0; i < 20; ++i) {
        cut("e1");
        right.ip("link add e1 type veth");
        test::run_until(context, [&] { return sub.is_joined(); });
    }
    auto const first = sub.try_membership_changed();
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(first->missed == 8U);
    std::size_t rest = 0;
    while (sub.try_membership_changed())
        ++rest;
    BOOST_TEST(rest == 31U);
}

BOOST_AUTO_TEST_CASE(leaving_ends_the_wait_for_events)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto pending = sub.membership_changed(asio::use_future);
    test::run_ready(context);
    sub.leave();
    BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(pending)); }) ==
               asio::error::operation_aborted);
    BOOST_TEST(test::failure_of([&] { next_event(sub); }) == error::not_joined);
}

BOOST_AUTO_TEST_CASE(a_wait_that_lost_a_race_takes_no_event_along)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto body = [&]() -> asio::awaitable<void> {
        asio::steady_timer timer(context, std::chrono::milliseconds(20));
        auto const first =
            co_await (sub.membership_changed() || timer.async_wait(asio::use_awaitable));
        BOOST_TEST(first.index() == 1U);
    };
    test::run(context, body);
    cut("e1");
    expect(next_event(sub), membership_change::lost, "e1");
}

BOOST_AUTO_TEST_CASE(a_receiver_looks_after_what_happened_before_it_was_given_a_subscription)
{
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", ipv4.any_source));
        cut("e1");
        plug_in(1);
        auto const witness = joined(right, hearing_on("e2", ipv4.any_source));
        receiver all(context.get_executor());
        all.add(std::move(sub));
        expect(next_event(all), membership_change::lost, "e1");
        expect(next_event(all), membership_change::rejoined, "e1");
    });
}

BOOST_AUTO_TEST_CASE(events_that_nobody_has_read_go_to_the_receiver_with_their_subscription)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    cut("e1");
    int polls = 0;
    test::poll_until([&] { // which looks after interfaces every 10 ms
        error_code ec;
        (void)sub.try_recv(ec);
        return ++polls == 50;
    });
    receiver all(context.get_executor());
    auto const id = right.within([&] { return all.add(std::move(sub)); });
    auto const seen = all.try_membership_changed();
    BOOST_REQUIRE(seen.has_value());
    expect(*seen, membership_change::lost, "e1");
    BOOST_TEST(seen->subscription == id);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_by_what_it_raced_with_ends_well)
{
    right.within([&] {
        for (int i = 0; i < 20; ++i) {
            auto sub = joined(right, hearing_on("e1", ipv6.any_source));
            auto body = [&]() -> asio::awaitable<void> {
                auto const first = co_await (sub.recv() || sub.membership_changed());
                BOOST_TEST(first.index() == 1U);
            };
            auto racing = asio::co_spawn(context, body(), asio::use_future);
            test::run_ready(context);
            right.ip("link set e1 mtu 1000");
            test::result_of(context, std::move(racing));
            right.ip("link set e1 mtu 1500\naddr add fd09:1::2/64 dev e1 nodad");
        }
    });
}

BOOST_AUTO_TEST_CASE(a_receiver_tells_whose_membership_changed)
{
    receiver all(context.get_executor());
    error_code ec;
    auto const first = right.within([&] { return all.add(hearing_on("e1", ipv4.any_source), ec); });
    auto const second =
        right.within([&] { return all.add(hearing_on("e2", ipv4.any_source), ec); });
    right.within([&] {
        all.join(first, ec);
        all.join(second, ec);
    });
    auto pending = all.recv(asio::use_future);
    auto watching = all.membership_changed(asio::use_future);
    test::run_ready(context);
    cut("e2");
    auto const lost = test::result_of(context, std::move(watching));
    expect(lost, membership_change::lost, "e2");
    BOOST_TEST(lost.subscription == second);
    BOOST_TEST(!all.find(second)->is_joined());
    BOOST_TEST(all.find(first)->is_joined());
    plug_in(2);
    auto const back = next_event(all);
    expect(back, membership_change::rejoined, "e2");
    BOOST_TEST(back.subscription == second);
    send(left, sending_on("e2", ipv4.any_source), "again");
    auto const seen = test::result_of(context, std::move(pending));
    BOOST_TEST(seen.text() == "again");
    BOOST_TEST(seen.subscription == second);
}

BOOST_AUTO_TEST_CASE(an_idle_subscription_does_not_keep_the_context_running)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto body = [&]() -> asio::awaitable<void> {
        asio::steady_timer timer(context, std::chrono::milliseconds(1));
        auto const first = co_await (sub.recv() || timer.async_wait(asio::use_awaitable));
        BOOST_TEST(first.index() == 1U);
    };
    test::run(context, body);
    test::run_ready(context); // what the race has left to be done
    context.restart();
    BOOST_TEST(context.run_for(std::chrono::seconds(1)) == 0U);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
