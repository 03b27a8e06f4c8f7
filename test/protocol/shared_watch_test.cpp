// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <vector>

// How one link comes to be watched by way of another one.

using namespace rollcast;
using test::beat_interval;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;

namespace {

/// Link 3 and another one, with the same on both. Those that are next on the ring have proven
/// themselves, so that the others are asked for nothing but that the watch may be shared.
struct neighbours : lone_engine {
    neighbours(char const* own, char const* theirs)
    {
        heart.set_links({on(1, {{asio::ip::make_address(own), 8}}), on(3)}, now);
        settle_in();
        for (std::uint64_t id = 100; id < 124; ++id)
            all.push_back(on_its_own_host(id));
        std::ranges::sort(all, {}, [](stranger const& each) {
            return detail::ring_position(each.who.id, group_key()) -
                   detail::ring_position(7, group_key());
        });
        for (auto const& each : all) {
            meet(each);
            meet(on_link_1(each, asio::ip::make_address(theirs)));
        }
        for (std::size_t const which : {0U, 1U, 22U, 23U})
            hear_proof(all[which]);
        heart.take_outgoing();
    }

    /// With enough words for many questions.
    void meet(stranger const& who)
    {
        announcement says;
        says.padding = 900;
        hear(who, message_type::hello, says);
    }

    static stranger on_link_1(stranger who, asio::ip::address const& where)
    {
        who.link = 1;
        who.source.address(where);
        who.record.addresses = {where};
        return who;
    }

    /// Who is asked on link 3 within half a beat interval, without those next on the ring.
    std::multiset<std::uint64_t> asked()
    {
        pass(beat_interval / 2);
        std::multiset<std::uint64_t> ids;
        for (auto const& each : sent(message_type::ping))
            for (std::size_t i = 2; i < 22; ++i)
                if (each.how.link == 3 && each.how.to->address() == all[i].source.address())
                    ids.insert(all[i].who.id);
        return ids;
    }

    /// By link 1.
    std::optional<unsigned> relied_upon()
    {
        auto const& links = heart.segments();
        return (*std::ranges::find_if(links,
                                      [](auto const& each) { return each->where().index == 1; }))
            ->relies_on();
    }

    std::vector<stranger> all; ///< In the order of the ring.
};

struct with_loopback : neighbours {
    with_loopback() : neighbours("127.0.0.1", "127.0.0.1") {}
};

struct with_another_wire : neighbours {
    with_another_wire() : neighbours("10.9.0.7", "10.9.0.8") {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_shared_watch)

BOOST_FIXTURE_TEST_CASE(those_who_hinder_it_are_asked_for_a_proof_eight_in_half_a_beat_interval,
                        with_loopback)
{
    std::vector<std::size_t> turns;
    std::set<std::uint64_t> proven;
    while (!relied_upon() && turns.size() < 9) {
        auto const ids = asked();
        turns.push_back(ids.size());
        for (auto const& each : all)
            if (ids.contains(each.who.id)) {
                BOOST_TEST(proven.insert(each.who.id).second);
                hear_proof(each);
            }
    }
    BOOST_TEST(turns == (std::vector<std::size_t>{8, 8, 4}), boost::test_tools::per_element());
    BOOST_TEST((relied_upon() == 3U));
}

BOOST_FIXTURE_TEST_CASE(where_no_link_may_be_watched_by_another_nobody_is_asked_for_it,
                        with_another_wire)
{
    BOOST_TEST(asked().empty());
    BOOST_TEST(asked().empty());
    BOOST_TEST(!relied_upon().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
