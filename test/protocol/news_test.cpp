// SPDX-License-Identifier: BSL-1.0
#include "protocol/news.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::latest_news;
using detail::time_point;
using ids = std::vector<std::uint64_t>;

namespace {

struct newspaper {
    latest_news news;
    time_point now{1h};

    void note(std::uint64_t id, bool ended = false)
    {
        news.note(id, ended, now);
        now += 1ms;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_news, newspaper)

BOOST_AUTO_TEST_CASE(the_latest_comes_first)
{
    for (auto const id : ids{3, 1, 2})
        note(id);
    BOOST_TEST(news.changed(now) == (ids{2, 1, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(what_others_told_most_often_comes_last)
{
    for (auto const id : ids{1, 2, 3})
        note(id);
    news.heard(3);
    news.heard(3);
    news.heard(2);
    news.heard(42);
    BOOST_TEST(news.changed(now) == (ids{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(ends_and_changes_are_kept_apart)
{
    note(1);
    note(2, true);
    BOOST_TEST(news.changed(now) == ids{1}, per_element());
    BOOST_TEST(news.ended(now) == ids{2}, per_element());
}

BOOST_AUTO_TEST_CASE(of_one_instance_only_the_latest_is_news)
{
    note(1);
    note(1, true);
    BOOST_TEST(news.changed(now).empty());
    BOOST_TEST(news.ended(now) == ids{1}, per_element());
    note(1);
    BOOST_TEST(news.ended(now).empty());
}

BOOST_AUTO_TEST_CASE(another_change_is_news_however_often_the_last_one_was_told)
{
    note(1);
    news.heard(1);
    note(2);
    note(1);
    BOOST_TEST(news.changed(now) == (ids{1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(after_ten_seconds_it_is_no_news)
{
    auto const at = now;
    note(1);
    BOOST_TEST(news.changed(at + 10s).size() == 1U);
    BOOST_TEST(news.changed(at + 10s + 1ns).empty());
}

BOOST_AUTO_TEST_CASE(of_more_than_64_the_oldest_are_dropped)
{
    for (std::uint64_t id = 1; id <= 100; ++id)
        note(id);
    auto const told = news.changed(now);
    BOOST_TEST_REQUIRE(told.size() == 64U);
    BOOST_TEST(told.front() == 100U);
    BOOST_TEST(told.back() == 37U);
}

BOOST_AUTO_TEST_CASE(the_round_goes_on_where_the_last_digest_ended)
{
    BOOST_TEST(news.cursor() == 0U);
    news.heard_up_to(1000);
    news.heard_up_to(500);
    BOOST_TEST(news.cursor() == 500U);
}

BOOST_AUTO_TEST_SUITE_END()
