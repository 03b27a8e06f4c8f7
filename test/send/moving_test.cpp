// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/send.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <utility>

using namespace rollcast;
using test::failure_of;
using test::ipv4;
using test::sending;

namespace {

struct moving_sends {
    asio::io_context context;
    asio::const_buffer const payload = asio::buffer("hello", 5);

    publication opened(net::group const& group)
    {
        publication pub(context, sending(group));
        pub.open();
        return pub;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_moving, moving_sends,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_publication_that_is_replaced_ends_at_once)
{
    auto pub = opened(ipv4.any_source);
    auto other = opened(ipv4.other_any_source);
    auto const old = pub.native_handle();
    pub = std::move(other);
    BOOST_TEST(::fcntl(old, F_GETFD) == -1);
    BOOST_TEST((pub.config().group == ipv4.other_any_source));
    BOOST_TEST(pub.is_open());
}

BOOST_AUTO_TEST_CASE(a_publication_that_was_moved_from_says_so_and_can_be_used_anew)
{
    auto pub = opened(ipv4.any_source);
    auto taken = std::move(pub);
    pub.close();
    BOOST_TEST(!pub.is_open());
    BOOST_TEST(failure_of([&] { pub.open(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { pub.try_send(payload); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)pub.send(payload); }) == asio::error::bad_descriptor);
    pub = std::move(taken);
    BOOST_TEST(pub.try_send(payload).bytes == 5U);
    auto& same = pub;
    pub = std::move(same);
    BOOST_TEST(pub.is_open());
}

BOOST_AUTO_TEST_CASE(a_sender_that_is_replaced_ends_at_once)
{
    sender all(context);
    sender fresh(context);
    auto pub = opened(ipv4.any_source);
    auto const old = pub.native_handle();
    all.add(std::move(pub));
    auto& same = all;
    all = std::move(same);
    BOOST_TEST(all.size() == 1U);
    all = std::move(fresh);
    BOOST_TEST(::fcntl(old, F_GETFD) == -1);
    BOOST_TEST(all.size() == 0U);
    BOOST_TEST(failure_of([&] { (void)fresh.size(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)fresh.send_all(payload); }) == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_CASE(metrics_have_a_sampler_behind_this_door)
{
    auto pub = opened(ipv4.any_source);
    metrics::sampler<metrics::publication_snapshot> sampler;
    auto const reader = pub.enable_metrics();
    BOOST_TEST(!sampler.sample(reader.snapshot()));
    pub.try_send(payload);
    BOOST_TEST(sampler.sample(reader.snapshot()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
