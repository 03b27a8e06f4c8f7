// SPDX-License-Identifier: BSL-1.0
#include "protocol/shared_wires.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using detail::own_past;
using detail::shared_wires;

// Which of our links are on one wire, as we know by what we hear of ourselves.

namespace {

struct echoes {
    /// So many multicasts on this link; gives the counter of the last one.
    std::uint64_t say(unsigned on, int times = 1)
    {
        for (; times > 0; --times)
            past.said(++counter, on);
        return counter;
    }
    /// What was said last on one link is heard on the other; whether that is new.
    bool hear(unsigned on, unsigned said_on) { return wires.hear(on, said_on, say(said_on), past); }
    bool are_one(unsigned a, unsigned b) const { return wires.are_one(a, b, past); }

    own_past past;
    shared_wires wires;
    std::uint64_t counter = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_shared_wires, echoes)

BOOST_AUTO_TEST_CASE(links_are_on_one_wire_once_one_hears_what_the_other_says)
{
    BOOST_TEST(!are_one(1, 2));
    BOOST_TEST(hear(1, 2));
    BOOST_TEST(are_one(1, 2));
    BOOST_TEST(are_one(2, 1));
    BOOST_TEST(!are_one(1, 3));
    BOOST_TEST(!are_one(2, 3));
}

BOOST_AUTO_TEST_CASE(that_they_are_on_one_wire_is_news_once)
{
    BOOST_TEST(hear(1, 2));
    BOOST_TEST(!hear(1, 2));
    BOOST_TEST(!hear(2, 1)); // in the other direction, too
    BOOST_TEST(hear(1, 3));
    BOOST_TEST(!hear(1, 2));
}

BOOST_AUTO_TEST_CASE(links_part_when_nine_multicasts_in_a_row_were_not_heard)
{
    hear(1, 2);
    say(2, 8);
    BOOST_TEST(are_one(1, 2));
    say(2);
    BOOST_TEST(!are_one(1, 2));
    BOOST_TEST(hear(1, 2)); // which is news again
}

BOOST_AUTO_TEST_CASE(what_is_said_on_the_link_that_hears_does_not_part_them)
{
    hear(1, 2);
    say(1, 20);
    say(3, 20);
    BOOST_TEST(are_one(1, 2));
}

BOOST_AUTO_TEST_CASE(links_part_however_many_others_there_are)
{
    hear(1, 0);
    for (int words = 0; words < 8; ++words)
        for (unsigned link = 0; link < 100; ++link)
            say(link);
    BOOST_TEST(are_one(0, 1));
    for (unsigned link = 0; link < 100; ++link)
        say(link);
    BOOST_TEST(!are_one(0, 1));
}

BOOST_AUTO_TEST_CASE(the_last_word_that_was_heard_counts)
{
    hear(1, 2);
    say(2, 8);
    hear(1, 2);
    say(2, 8);
    BOOST_TEST(are_one(1, 2));
    hear(2, 1); // now the words on the other link are counted
    say(2, 20);
    BOOST_TEST(are_one(1, 2));
    say(1, 9);
    BOOST_TEST(!are_one(1, 2));
}

BOOST_AUTO_TEST_CASE(of_a_link_that_is_gone_nothing_is_known)
{
    hear(1, 2);
    hear(3, 1);
    hear(2, 3);
    wires.forget(1);
    BOOST_TEST(!are_one(1, 2));
    BOOST_TEST(!are_one(1, 3));
    BOOST_TEST(are_one(2, 3));
    wires.forget(3);
    BOOST_TEST(!are_one(2, 3));
}

BOOST_AUTO_TEST_CASE(the_256_pairs_that_were_heard_last_are_known)
{
    for (unsigned on = 1; on <= 256; ++on)
        hear(on, 1000 + on);
    BOOST_TEST(are_one(1, 1001));
    hear(1, 1001); // and is the last one now
    hear(257, 1257);
    BOOST_TEST(are_one(1, 1001));
    BOOST_TEST(!are_one(2, 1002));
    BOOST_TEST(are_one(3, 1003));
    BOOST_TEST(are_one(257, 1257));
    hear(4, 1004); // which is known, and takes nobody's place
    BOOST_TEST(are_one(3, 1003));
}

BOOST_AUTO_TEST_SUITE_END()
