// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <rollcast/announce/codec.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::outgoing;
using test::simulated_network;
using bytes = std::vector<std::byte>;

namespace {

constexpr std::size_t room = 100;
constexpr std::size_t unproven_share = room / 4;

/// Somebody who can send anything, hears the group, and receives nothing that is sent to it.
class attacker {
public:
    explicit attacker(std::uint64_t seed) : random_(seed) {}

    void overhear(bytes const& datagram)
    {
        if (captured_.size() < 500)
            captured_.push_back(datagram);
        else
            captured_[pick(captured_.size())] = datagram;
    }

    bytes next()
    {
        switch (pick(8)) {
        case 0:
            return noise();
        case 1:
            return truncated();
        case 2:
            return flipped();
        case 3:
            return captured_[pick(captured_.size())];
        case 4:
            return records();
        case 5:
            return digest();
        default:
            return hello();
        }
    }

    detail::arrival from(unsigned link)
    {
        auto const address = asio::ip::address_v4(0x0a000100 | static_cast<unsigned>(pick(256)));
        return {link, {address, static_cast<net::port_type>(1024 + pick(60000))}, pick(2) == 0};
    }

private:
    std::size_t pick(std::size_t below) { return random_.next() % below; }

    bytes noise()
    {
        bytes result(pick(1400));
        for (auto& each : result)
            each = static_cast<std::byte>(random_.next());
        if (result.size() > 4 && pick(2) == 0)
            std::copy_n(captured_.front().begin(), 4, result.begin());
        return result;
    }
    bytes truncated()
    {
        auto result = captured_[pick(captured_.size())];
        result.resize(pick(result.size()));
        return result;
    }
    bytes flipped()
    {
        auto result = captured_[pick(captured_.size())];
        result[pick(result.size())] ^= static_cast<std::byte>(1 << pick(8));
        return result;
    }

    identity forged()
    {
        identity who{random_.next(), {}, random_.next()};
        for (auto& each : who.life.bytes)
            each = static_cast<std::uint8_t>(random_.next());
        return who;
    }
    bytes record_bytes()
    {
        record value;
        value.beat_interval = 250ms + pick(10000) * 1ms;
        value.discovery_port = 8080;
        value.unicast_port_v4 = 1234;
        value.addresses = {asio::ip::address_v4(0x0a000100 | static_cast<unsigned>(pick(256)))};
        return announce::pack(value).value();
    }
    bytes seal(announcement value)
    {
        value.counter = random_.next();
        return announce::encode(value, group_key()).value();
    }
    bytes hello()
    {
        auto const packed = record_bytes();
        announcement value;
        value.who = forged();
        value.attempt = static_cast<std::uint8_t>(pick(4));
        value.record = announce::view_record(packed).value();
        return seal(value);
    }
    bytes digest()
    {
        auto const packed = record_bytes();
        bytes members;
        for (int i = 0; i < 8; ++i)
            announce::append(members,
                             member_view{forged(), true, announce::view_record(packed).value()});
        announcement value;
        value.type = message_type::digest;
        value.who = forged();
        value.summary = summary{static_cast<std::uint32_t>(random_.next()), {1, random_.next()}, 1};
        value.members = wire_list<member_view>(members);
        return seal(value);
    }
    bytes records()
    {
        auto const packed = record_bytes();
        bytes members;
        announce::append(members,
                         member_view{forged(), true, announce::view_record(packed).value()});
        announcement value;
        value.type = message_type::records;
        value.who = forged();
        value.part = part{0, true};
        value.echo = random_.next();
        value.members = wire_list<member_view>(members);
        return seal(value);
    }

    detail::random_source random_;
    std::vector<bytes> captured_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_flood)

BOOST_AUTO_TEST_CASE(a_million_hostile_datagrams_hurt_no_known_instance_and_fill_a_quarter_at_most)
{
    test::test_seed const seed(1);
    // Who never was is dropped long before one that was would be called gone.
    simulated_network net(seed, simulated_network::checks::off);
    attacker enemy(seed + 1);
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
    for (std::size_t i = 0; i < 1'000'000 / test::shortening; ++i) {
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
    auto const full = std::ranges::count(net.events(0), event_kind::chart_full,
                                         [](auto const& each) { return each.what.kind; });
    BOOST_TEST(full == 1);
    for (std::size_t other = 1; other < 4; ++other)
        for (auto const kind : net.told(0, net.id(other)))
            BOOST_TEST((kind == event_kind::found || kind == event_kind::suspect ||
                        kind == event_kind::refuted));

    net.run_for(5min);
    BOOST_TEST(net.all_know_all()); // what never existed has gone
}

BOOST_AUTO_TEST_SUITE_END()
