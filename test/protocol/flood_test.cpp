// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
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

    /// What is sent to one of them.
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

    /// What is sent to the group, where those it concerns hear it, too.
    bytes next_for_all()
    {
        switch (pick(5)) {
        case 0:
            return accusation();
        case 1:
            return rumour();
        case 2:
            return impersonation();
        default:
            return claim();
        }
    }

    detail::arrival from(unsigned link) { return {link, source(), pick(2) == 0}; }

    detail::endpoint source()
    {
        auto const address = asio::ip::address_v4(0x0a000100 | static_cast<unsigned>(pick(256)));
        return {address, static_cast<net::port_type>(1024 + pick(60000))};
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

    identity forged() { return forged(random_.next(), random_.next()); }
    identity forged(std::uint64_t id, std::uint64_t incarnation)
    {
        identity who{id, {}, incarnation};
        for (auto& each : who.life.bytes)
            each = static_cast<std::uint8_t>(random_.next());
        return who;
    }

    /// Somebody it has heard.
    identity known()
    {
        auto const& datagram = captured_[pick(captured_.size())];
        return announce::decode(datagram, group_key()).value().who;
    }
    /// Another life of somebody it has heard, earlier or later.
    identity other_life()
    {
        auto const who = known();
        std::uint64_t const incarnations[] = {1, who.incarnation - 1, who.incarnation,
                                              who.incarnation + 1, ~std::uint64_t{0}};
        return forged(who.id, incarnations[pick(std::size(incarnations))]);
    }
    bytes claim()
    {
        auto const packed = record_bytes();
        announcement value;
        value.who = other_life();
        value.attempt = static_cast<std::uint8_t>(pick(4));
        value.record = announce::view_record(packed).value();
        if (pick(4) == 0) {
            value.record.reset();
            value.type = pick(2) == 0 ? message_type::bye : message_type::beat;
            value.summary = summary{};
        }
        return seal(value);
    }
    bytes rumour()
    {
        auto const packed = record_bytes();
        bytes members;
        bytes ended;
        for (int i = 0; i < 4; ++i) {
            announce::append(
                members, member_view{other_life(), true, announce::view_record(packed).value()});
            announce::append(ended, ended_member{other_life(), pick(2) == 0, 1s});
        }
        announcement value;
        value.type = message_type::digest;
        value.who = pick(2) == 0 ? forged() : other_life();
        value.summary = summary{4, {1, random_.next()}, 1};
        value.members = wire_list<member_view>(members);
        value.ended = wire_list<ended_member>(ended);
        return seal(value);
    }
    bytes accusation()
    {
        bytes subjects;
        announce::append(subjects, pick(2) == 0 ? known() : other_life());
        announcement value;
        value.type = message_type::suspect;
        value.who = forged();
        value.subjects = wire_list<identity>(subjects);
        return seal(value);
    }
    /// In the name of somebody it has heard, who will have changed since.
    bytes impersonation()
    {
        auto const packed = record_bytes();
        announcement value;
        value.who = known();
        value.who.incarnation += 1 + pick(3);
        value.record = announce::view_record(packed).value();
        return seal(value);
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
