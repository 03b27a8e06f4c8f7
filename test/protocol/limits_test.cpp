// SPDX-License-Identifier: BSL-1.0
#include "protocol/limits.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::rate_limits;
using detail::time_point;
using detail::token_bucket;

namespace {

struct limited {
    rate_limits limits{1};
    time_point now{1h};

    static asio::ip::address host(std::uint32_t number)
    {
        return asio::ip::address_v4(0x0a000000 | number);
    }

    int answers(asio::ip::address const& to, int wanted, bool member = false)
    {
        int given = 0;
        for (int i = 0; i < wanted; ++i)
            given += limits.may_answer(to, member, now);
        return given;
    }

    int introductions(asio::ip::address const& by, int wanted)
    {
        int given = 0;
        for (int i = 0; i < wanted; ++i)
            given += limits.may_introduce(by, now);
        return given;
    }

    int accusations(int wanted)
    {
        int given = 0;
        for (int i = 0; i < wanted; ++i)
            given += limits.may_accuse(now);
        return given;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_limits, limited)

BOOST_AUTO_TEST_CASE(a_bucket_gives_what_is_in_it_and_then_what_flows_in)
{
    token_bucket bucket(10, 3);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(bucket.take(now));
    BOOST_TEST(!bucket.take(now));
    BOOST_TEST(!bucket.take(now + 99ms));
    BOOST_TEST(bucket.take(now + 101ms));
    BOOST_TEST(!bucket.take(now + 101ms));
}

BOOST_AUTO_TEST_CASE(a_bucket_does_not_overflow)
{
    token_bucket bucket(10, 3);
    BOOST_TEST(bucket.take(now));
    now += 1h;
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(bucket.take(now));
    BOOST_TEST(!bucket.take(now));
}

BOOST_AUTO_TEST_CASE(asking_in_vain_costs_nothing)
{
    token_bucket bucket(10, 1);
    BOOST_TEST(bucket.take(now));
    for (int i = 0; i < 99; ++i) {
        now += 1ms;
        BOOST_TEST(!bucket.take(now));
    }
    now += 2ms;
    BOOST_TEST(bucket.take(now));
}

BOOST_AUTO_TEST_CASE(one_host_gets_100_answers_at_once_and_50_a_second)
{
    BOOST_TEST(answers(host(1), 1000) == 100);
    now += 1s;
    BOOST_TEST(answers(host(1), 1000) == 50);
}

BOOST_AUTO_TEST_CASE(all_hosts_together_get_1000_answers_at_once_and_500_a_second)
{
    auto const all = [&] {
        int given = 0;
        for (std::uint32_t each = 0; each < 1000; ++each)
            given += answers(host(each), 10);
        return given;
    };
    BOOST_TEST(all() == 1000);
    now += 1s;
    BOOST_TEST(all() == 500);
}

BOOST_AUTO_TEST_CASE(members_of_one_host_get_1000_answers_at_once_and_500_a_second)
{
    BOOST_TEST(answers(host(1), 5000, true) == 1000);
    now += 1s;
    BOOST_TEST(answers(host(1), 5000, true) == 500);
}

BOOST_AUTO_TEST_CASE(what_strangers_ask_takes_nothing_from_members)
{
    for (std::uint32_t each = 0; each < 1000; ++each)
        answers(host(each), 100);
    BOOST_TEST(answers(host(1), 5000) == 0);
    BOOST_TEST(answers(host(1), 5000, true) == 1000);
}

BOOST_AUTO_TEST_CASE(one_host_brings_up_1024_ids_at_once_and_100_a_second)
{
    BOOST_TEST(introductions(host(1), 5000) == 1024);
    now += 1s;
    BOOST_TEST(introductions(host(1), 5000) == 100);
}

BOOST_AUTO_TEST_CASE(a_host_that_brings_up_too_many_ids_hinders_few_others)
{
    introductions(host(1), 5000);
    int hindered = 0;
    for (std::uint32_t each = 2; each < 1002; ++each)
        hindered += introductions(host(each), 1) == 0;
    BOOST_TEST(hindered < 50);
}

BOOST_AUTO_TEST_CASE(which_hosts_share_a_limit_depends_on_the_seed)
{
    int alike = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        limits = rate_limits(seed);
        introductions(host(1), 5000);
        alike += introductions(host(2), 1) == 0;
    }
    BOOST_TEST(alike < 20);
}

BOOST_AUTO_TEST_CASE(accusations_are_500_at_once_and_50_a_second)
{
    BOOST_TEST(accusations(5000) == 500);
    now += 1s;
    BOOST_TEST(accusations(5000) == 50);
}

BOOST_AUTO_TEST_CASE(calls_are_heeded_six_times_at_once_and_once_in_two_seconds)
{
    auto const heeded = [&] {
        int all = 0;
        for (int i = 0; i < 100; ++i)
            all += limits.may_heed_call(now);
        return all;
    };
    BOOST_TEST(heeded() == 6);
    now += 4s;
    BOOST_TEST(heeded() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
