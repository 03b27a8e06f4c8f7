// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/station_health.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using rollcast::detail::station_health;

namespace {

error_code const forbidden =
    boost::system::errc::make_error_code(boost::system::errc::operation_not_permitted);

/// A station whose datagrams to the group fare as `outcome` and `echo` say.
struct patient {
    station_health health{2500ms};
    station_health::time_point now{};
    error_code outcome{};
    bool echo = true;
    int tries = 0;

    void say()
    {
        health.said(outcome, now);
        if (!outcome && echo)
            health.heard();
    }

    void pass(station_health::duration time)
    {
        auto const end = now + time;
        while (health.due() && *health.due() <= end) {
            now = *health.due();
            if (health.check(now)) {
                ++tries;
                say();
            }
        }
        now = end;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_station_health, patient)

BOOST_AUTO_TEST_CASE(what_is_said_and_comes_back_leaves_nothing_to_do)
{
    say();
    pass(1h);
    BOOST_TEST(tries == 0);
    BOOST_TEST(!health.trouble());
    BOOST_TEST(!health.due().has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_that_lasts_is_certain_within_the_patience_and_over_when_it_passes)
{
    outcome = forbidden;
    say();
    BOOST_TEST(!health.trouble());
    pass(2500ms);
    BOOST_TEST(health.trouble() == forbidden);
    pass(1h);
    BOOST_TEST(tries <= 4 + 3600 / 1.25);
    outcome = {};
    pass(2500ms);
    BOOST_TEST(!health.trouble());
    BOOST_TEST(!health.due().has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_that_does_not_come_again_is_nothing)
{
    outcome = forbidden;
    say();
    outcome = {};
    pass(10s);
    BOOST_TEST(tries == 1);
    BOOST_TEST(!health.trouble());
}

BOOST_AUTO_TEST_CASE(a_queue_that_is_full_is_nothing)
{
    outcome = asio::error::no_buffer_space;
    say();
    BOOST_TEST(!health.due().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_does_not_hear_itself_is_deaf_until_something_is_heard)
{
    echo = false;
    say();
    pass(2500ms);
    BOOST_TEST(health.trouble() == error::nothing_heard);
    pass(1h);
    BOOST_TEST(health.trouble() == error::nothing_heard);
    echo = true;
    pass(2500ms);
    BOOST_TEST(!health.trouble());
    BOOST_TEST(!health.due().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_says_nothing_does_not_wonder_why_it_hears_nothing)
{
    pass(1h);
    BOOST_TEST(!health.trouble());
}

BOOST_AUTO_TEST_CASE(whoever_was_stopped_looks_again_before_it_concludes_anything)
{
    echo = false;
    say();
    for (int i = 0; i < 10; ++i) {
        now = *health.due() + 10s;
        if (health.check(now))
            health.said({}, now);
        BOOST_TEST(!health.trouble());
    }
    pass(2500ms);
    BOOST_TEST(health.trouble() == error::nothing_heard);
}

BOOST_AUTO_TEST_SUITE_END()
