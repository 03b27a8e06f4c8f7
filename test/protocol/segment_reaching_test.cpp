// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <vector>

// How one finds out by which of their addresses others are reached.

using namespace rollcast;
using namespace std::chrono_literals;
using test::beat_interval;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;

namespace {

/// Eight others, of which each speaks from another subnet, and tells of an address in ours, too.
struct of_two_subnets : lone_engine {
    of_two_subnets()
    {
        settle_in();
        for (std::uint64_t id = 11; id < 19; ++id) {
            auto each = on_its_own_host(id);
            each.source.address(asio::ip::make_address_v4(0x0a050000 + static_cast<unsigned>(id)));
            each.record.addresses.push_back(each.source.address());
            others.push_back(each);
            hear(each, message_type::hello);
            hear_proof(each);
        }
        heart.take_outgoing();
    }

    void pass_with_all(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; pass(10ms))
            for (auto const& each : others)
                hear(each, message_type::beat);
    }

    /// What is known of the address from which this one speaks.
    detail::known_address seen(stranger const& who) const
    {
        auto const all = heart.segments().front()->seen().known(*who.as_member());
        return *std::ranges::find(all, who.source.address(), &detail::known_address::address);
    }

    std::vector<stranger> others;
};

/// Another one with two addresses that were not seen yet.
stranger of_two_addresses_unseen()
{
    auto who = on_its_own_host(30);
    who.record.addresses.push_back(asio::ip::make_address("10.0.0.31"));
    return who;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_segment_reaching, of_two_subnets)

BOOST_AUTO_TEST_CASE(with_each_beat_one_is_asked_at_an_address_that_was_not_seen_to_work)
{
    std::vector<detail::time_point> times;
    std::set<asio::ip::address> asked;
    for (auto const end = now + 8 * beat_interval; now < end;) {
        pass_with_all(50ms);
        for (auto const& each : sent(message_type::ping))
            for (auto const& other : others)
                if (each.how.to->address() == other.record.addresses[0]) {
                    times.push_back(now);
                    asked.insert(each.how.to->address());
                }
    }
    BOOST_TEST(asked.size() >= 4U);
    for (std::size_t nth = 1; nth < times.size(); ++nth)
        BOOST_TEST((times[nth] - times[nth - 1] >= beat_interval - 50ms));
}

BOOST_AUTO_TEST_CASE(only_an_answer_shows_that_an_address_works)
{
    auto const who = of_two_addresses_unseen();
    hear(who, message_type::hello);
    hear(who, message_type::beat);
    BOOST_TEST(!seen(who).answered);
    hear_proof(who);
    BOOST_TEST(seen(who).answered);
}

BOOST_AUTO_TEST_CASE(only_what_is_for_us_alone_shows_that_we_are_spoken_to_from_there)
{
    auto const who = of_two_addresses_unseen();
    hear(who, message_type::hello);
    hear(who, message_type::digest);
    BOOST_TEST(!seen(who).spoke);
    hear(who, message_type::beat);
    BOOST_TEST(seen(who).spoke);
}

// It may have missed what was sent to it there.
BOOST_AUTO_TEST_CASE(whoever_asks_from_elsewhere_is_asked_at_the_address_where_it_is_sent_to)
{
    auto who = of_two_addresses_unseen();
    chart(who);
    pass_with(who, 2 * beat_interval);
    heart.take_outgoing();
    auto const usual = who.source;
    hear(who, message_type::ping);
    BOOST_TEST(sent(message_type::ping).empty());
    who.source.address(who.record.addresses[1]);
    hear(who, message_type::ping);
    auto const asked = sent(message_type::ping);
    BOOST_TEST_REQUIRE(asked.size() == 1U);
    BOOST_TEST((asked[0].how.to == usual));
}

BOOST_AUTO_TEST_SUITE_END()
