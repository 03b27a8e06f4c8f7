// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "support/sim_attacker.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::outgoing;
using test::simulated_network;

namespace {

constexpr std::size_t room = 100;
constexpr std::size_t unproven_share = room / 4;

} // namespace

BOOST_AUTO_TEST_SUITE(chart_flood)

BOOST_AUTO_TEST_CASE(a_million_hostile_datagrams_hurt_no_known_instance_and_fill_a_quarter_at_most)
{
    test::test_seed const seed(1);
    // Who never was is dropped long before one that was would be called gone.
    simulated_network net(seed, simulated_network::checks::off);
    test::sim_attacker enemy(seed + 1);
    test::simulated_config config;
    config.max_instances = room;
    config.data = "known";
    net.add_segment();
    net.add_many(4, config);
    net.observe([&](std::size_t, outgoing const& what) {
        bool const ends_somebody = what.bytes[3] == std::byte(message_type::bye) ||
                                   what.bytes[3] == std::byte(message_type::gone);
        if (!what.to && !ends_somebody)
            enemy.overhear(what.bytes);
    });
    net.start_all();
    net.run_for(60s);
    BOOST_TEST_REQUIRE(net.all_know_all());

    auto& victim = net.engine(0);
    auto const link = net.link_of(0, 0);
    std::size_t largest = 0;
    for (std::size_t i = 0; i < 1'000'000 / test::shortening(); ++i) {
        if (i % 4 == 0)
            net.forge_to_all(0, enemy.next_for_all(), enemy.source());
        else
            net.forge(0, enemy.next(), enemy.from(link));
        if (i % 100 != 0)
            continue;
        net.run_for(1ms); // 100,000 a second
        largest = std::max(largest, victim.size());
        for (std::size_t other = 1; other < 4; ++other)
            BOOST_TEST_REQUIRE(net.knows(0, other));
        BOOST_TEST_REQUIRE(victim.segments().front()->known().dead().size() <=
                           detail::tombstones::capacity);
    }
    BOOST_TEST(largest <= 4 + unproven_share);
    BOOST_TEST(largest > 4U); // the enemy was heard at all
    net.run_for(1s);
    for (std::size_t other = 1; other < 4; ++other) {
        auto const known = victim.describe(net.id(other)).value();
        BOOST_TEST((known.data == test::bytes_of("known")));
        BOOST_TEST(known.addresses.front() == net.addresses_of(other, 0).front());
    }
    auto const full = std::ranges::count(net.events(0), event_kind::chart_full,
                                         [](auto const& each) { return each.what.kind; });
    BOOST_TEST(full == 1);
    for (std::size_t other = 1; other < 4; ++other)
        for (auto const kind : net.told(0, net.id(other)))
            BOOST_TEST((kind == event_kind::found || kind == event_kind::suspect ||
                        kind == event_kind::refuted || kind == event_kind::updated ||
                        kind == event_kind::id_conflict));

    net.run_for(5min);
    BOOST_TEST(net.all_know_all()); // what never existed has gone
}

BOOST_AUTO_TEST_SUITE_END()
