// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using test::address;
using test::hearing;
using test::ipv4;
using test::sending;

namespace {

auto const first = address("127.0.0.1");
auto const second = address("127.0.0.2");

struct senders {
    asio::io_context context;

    void send(net::group const& group, asio::ip::address const& source)
    {
        auto config = sending(group);
        config.source = source;
        publication pub(context.get_executor(), config);
        error_code ec;
        pub.try_send(asio::buffer("x", 1), ec);
        BOOST_TEST(!ec, ec.message());
    }

    /// The sources of what is queued, in order.
    static std::vector<asio::ip::address> heard(subscription& sub)
    {
        std::vector<asio::ip::address> sources;
        error_code ec;
        for (auto packet = sub.try_recv(ec); packet; packet = sub.try_recv(ec))
            sources.push_back(packet->source.address());
        return sources;
    }

    std::vector<asio::ip::address> hears_of_both(subscription& sub)
    {
        send(sub.config().group, first);
        send(sub.config().group, second);
        return heard(sub);
    }
};

using addresses = std::vector<asio::ip::address>;

template <class Change>
error_code changed(Change const& change)
{
    error_code ec;
    change(ec);
    return ec;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_sources, senders,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(an_added_source_is_heard_and_a_dropped_one_no_longer)
{
    subscription sub(context.get_executor(), hearing(ipv4.source_specific, first));
    sub.join();
    BOOST_TEST((hears_of_both(sub) == addresses{first}));

    BOOST_TEST(changed([&](auto& ec) { sub.add_source(second, ec); }) == error_code{});
    BOOST_TEST((hears_of_both(sub) == addresses{first, second}));

    BOOST_TEST(changed([&](auto& ec) { sub.drop_source(first, ec); }) == error_code{});
    BOOST_TEST((hears_of_both(sub) == addresses{second}));
}

BOOST_AUTO_TEST_CASE(a_source_added_before_joining_is_joined_with_the_rest)
{
    subscription sub(context.get_executor(), hearing(ipv4.source_specific, first));
    BOOST_TEST(changed([&](auto& ec) { sub.add_source(second, ec); }) == error_code{});
    sub.join();
    BOOST_TEST((hears_of_both(sub) == addresses{first, second}));
}

BOOST_AUTO_TEST_CASE(a_blocked_source_is_not_heard_until_it_is_unblocked)
{
    subscription sub(context.get_executor(), hearing(ipv4.any_source));
    sub.join();
    BOOST_TEST(changed([&](auto& ec) { sub.block_source(first, ec); }) == error_code{});
    BOOST_TEST((hears_of_both(sub) == addresses{second}));

    BOOST_TEST(changed([&](auto& ec) { sub.unblock_source(first, ec); }) == error_code{});
    BOOST_TEST((hears_of_both(sub) == addresses{first, second}));
}

BOOST_AUTO_TEST_CASE(a_source_blocked_by_the_configuration_is_blocked_from_the_start)
{
    auto config = hearing(ipv4.any_source);
    config.blocked = {second};
    subscription sub(context.get_executor(), config);
    sub.join();
    BOOST_TEST((hears_of_both(sub) == addresses{first}));
    sub.leave();
    sub.join();
    BOOST_TEST((hears_of_both(sub) == addresses{first}));
}

BOOST_AUTO_TEST_CASE(a_source_that_is_not_listed_can_be_neither_dropped_nor_unblocked)
{
    subscription specific(context.get_executor(), hearing(ipv4.source_specific, first));
    subscription any(context.get_executor(), hearing(ipv4.any_source));
    BOOST_TEST(changed([&](auto& ec) { specific.drop_source(second, ec); }) ==
               error::unknown_source);
    BOOST_TEST(changed([&](auto& ec) { any.unblock_source(second, ec); }) == error::unknown_source);
}

BOOST_AUTO_TEST_CASE(the_last_source_cannot_be_dropped)
{
    subscription sub(context.get_executor(), hearing(ipv4.source_specific, first));
    sub.join();
    BOOST_TEST(changed([&](auto& ec) { sub.drop_source(first, ec); }) == error::source_required);
    BOOST_TEST((hears_of_both(sub) == addresses{first}));
}

BOOST_AUTO_TEST_CASE(a_group_of_another_range_may_have_sources_where_that_is_allowed)
{
    auto config = hearing(ipv4.any_source, first);
    config.allow_any_source_range = true;
    subscription sub(context.get_executor(), config);
    sub.join();
    BOOST_TEST((hears_of_both(sub) == addresses{first}));
    sub.add_source(second);
    BOOST_TEST((hears_of_both(sub) == addresses{first, second}));
    sub.drop_source(first);
    BOOST_TEST((hears_of_both(sub) == addresses{second}));
    BOOST_TEST(changed([&](auto& ec) { sub.drop_source(second, ec); }) == error::source_required);
    auto of_any = hearing(ipv4.any_source);
    of_any.allow_any_source_range = true;
    subscription any(context.get_executor(), of_any);
    any.join();
    BOOST_TEST(changed([&](auto& ec) { any.add_source(first, ec); }) ==
               error::group_not_source_specific);
    BOOST_TEST((hears_of_both(any) == addresses{first, second}));
}

BOOST_AUTO_TEST_CASE(sources_are_added_and_blocked_only_where_they_mean_something)
{
    subscription specific(context.get_executor(), hearing(ipv4.source_specific, first));
    subscription any(context.get_executor(), hearing(ipv4.any_source));
    BOOST_TEST(changed([&](auto& ec) { any.add_source(first, ec); }) ==
               error::group_not_source_specific);
    BOOST_TEST(changed([&](auto& ec) { specific.block_source(second, ec); }) ==
               error::not_any_source);
    BOOST_TEST(changed([&](auto& ec) { specific.add_source(first, ec); }) ==
               error::duplicate_entry);
    BOOST_TEST(changed([&](auto& ec) { specific.add_source(address("::1"), ec); }) ==
               error::source_family_mismatch);
}

BOOST_AUTO_TEST_CASE(an_adopted_socket_refuses_the_eleventh_source_and_keeps_the_ten)
{
    auto config = hearing(ipv4.source_specific, first);
    for (int host = 2; host <= 10; ++host)
        config.sources.push_back(asio::ip::make_address("127.0.0." + std::to_string(host)));
    auto sub = test::adopt_fresh_socket(context, config);
    sub.join();
    BOOST_TEST(changed([&](auto& ec) { sub.add_source(address("127.0.0.11"), ec); }) ==
               error::too_many_sources);
    BOOST_TEST(sub.config().sources.size() == 10);
    BOOST_TEST((hears_of_both(sub) == addresses{first, second}));
}

BOOST_AUTO_TEST_SUITE_END()
