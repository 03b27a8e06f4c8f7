// SPDX-License-Identifier: BSL-1.0
#include "protocol/return_ways.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using detail::return_ways;

namespace {

struct traveller {
    return_ways ways;

    static detail::endpoint peer(unsigned number)
    {
        return {asio::ip::make_address("10.0.0.9"), static_cast<net::port_type>(number)};
    }

    static asio::ip::address ours(unsigned last)
    {
        return asio::ip::make_address_v4(0x0a000000 + last);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_return_ways, traveller)

BOOST_AUTO_TEST_CASE(answers_leave_from_the_address_that_was_asked_last)
{
    BOOST_TEST(ways.find(peer(1)).is_unspecified());
    ways.note(peer(1), ours(1));
    ways.note(peer(2), ours(2));
    BOOST_TEST(ways.find(peer(1)) == ours(1));
    ways.note(peer(1), ours(3));
    BOOST_TEST(ways.find(peer(1)) == ours(3));
    BOOST_TEST(ways.find(peer(2)) == ours(2));
    ways.note(peer(1), {}); // not known
    BOOST_TEST(ways.find(peer(1)) == ours(3));
    ways.clear();
    BOOST_TEST(ways.find(peer(2)).is_unspecified());
}

BOOST_AUTO_TEST_CASE(the_last_64_are_remembered)
{
    for (unsigned i = 1; i <= 64; ++i)
        ways.note(peer(i), ours(i));
    BOOST_TEST(ways.find(peer(1)) == ours(1));
    ways.note(peer(1), ours(1)); // and is the last one now
    ways.note(peer(65), ours(65));
    BOOST_TEST(ways.find(peer(1)) == ours(1));
    BOOST_TEST(ways.find(peer(2)).is_unspecified());
    BOOST_TEST(ways.find(peer(3)) == ours(3));
    BOOST_TEST(ways.find(peer(65)) == ours(65));
}

BOOST_AUTO_TEST_SUITE_END()
