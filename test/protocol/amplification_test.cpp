// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "announce/printing.hpp"
#include "support/sim_attacker.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

// Nobody can make instances send a victim more than the attacker has sent, whatever it sends.

using namespace rollcast;
using namespace std::chrono_literals;
using detail::endpoint;
using detail::outgoing;
using test::sim_attacker;
using enum message_type;

namespace {

endpoint const somewhere{asio::ip::make_address("10.0.200.9"), 4444};
endpoint const victim{asio::ip::make_address("10.0.200.1"), 4444};

/// Six that know each other, and what each of them sends to one that has asked for nothing.
struct attacked : test::settled {
    explicit attacked(std::uint64_t seed) : settled(seed, {}, 6), enemy(seed + 1)
    {
        observe([this](std::size_t from, outgoing const& what) {
            if (what.to && (what.to->address() == victim.address() ||
                            what.to->address() == somewhere.address())) {
                sent.at(from) += what.bytes.size();
                ++datagrams;
            }
        });
    }

    /// To everybody; each counts for itself.
    void attack(std::vector<std::byte> const& datagram, endpoint const& source)
    {
        forge_to_all(0, datagram, source);
        received += datagram.size();
        run_for(100ms);
    }

    void attack_one(std::size_t to, std::vector<std::byte> const& datagram, endpoint const& source)
    {
        forge(to, datagram, {link_of(to, 0), source, false});
        received += datagram.size();
        run_for(100ms);
    }

    void is_no_amplifier()
    {
        run_for(1min);
        for (auto const each : sent)
            BOOST_TEST(each <= received);
    }

    std::uint64_t now_ms() { return engine(0).own().incarnation; }

    sim_attacker enemy;
    std::array<std::size_t, 6> sent{};
    std::size_t received = 0; ///< By each of them.
    std::size_t datagrams = 0;
};

constexpr std::array all_types{hello, bye, suspect, gone,    digest,   beat,
                               ping,  ack, pull,    records, conflict, query};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_amplification)

BOOST_AUTO_TEST_CASE(whatever_is_said_in_the_name_of_an_address_brings_it_no_more_than_that)
{
    test::test_seed const seed(900);
    for (auto const type : all_types) {
        BOOST_TEST_CONTEXT(type)
        {
            attacked net(seed);
            auto const life = net.enemy.forged(77, net.now_ms());
            for (int i = 0; i < 100; ++i)
                net.attack(net.enemy.say(type, life, victim), victim);
            net.is_no_amplifier();
        }
    }
}

BOOST_AUTO_TEST_CASE(new_names_all_the_time_do_not_change_that)
{
    test::test_seed const seed(901);
    for (auto const type : all_types) {
        BOOST_TEST_CONTEXT(type)
        {
            attacked net(seed);
            for (std::uint64_t id = 100; id < 200; ++id)
                net.attack(net.enemy.say(type, net.enemy.forged(id, net.now_ms()), victim), victim);
            net.is_no_amplifier();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_lists_the_address_of_another_counts_for_both)
{
    test::test_seed const seed(902);
    attacked net(seed);
    for (std::uint64_t id = 100; id < 110; ++id)
        net.attack(net.enemy.say(hello, net.enemy.forged(id, net.now_ms()), victim), somewhere);
    net.is_no_amplifier();
    BOOST_TEST(net.datagrams > 0U); // they were asked
}

BOOST_AUTO_TEST_CASE(in_the_name_of_a_member_the_address_of_another_is_told_in_vain)
{
    test::test_seed const seed(903);
    for (auto const type : all_types) {
        BOOST_TEST_CONTEXT(type)
        {
            attacked net(seed);
            auto life = net.engine(1).own();
            life.incarnation += 100;
            net.attack(net.enemy.say(hello, life, victim), somewhere);
            for (int i = 0; i < 20; ++i)
                net.attack(net.enemy.say(type, life, victim), victim);
            net.is_no_amplifier();
        }
    }
}

BOOST_AUTO_TEST_CASE(helpers_are_asked_for_nobody_who_is_not_there)
{
    test::test_seed const seed(904);
    attacked net(seed);
    auto const life = net.enemy.forged(77, net.now_ms());
    net.attack(net.enemy.say(hello, life, victim), victim);
    auto const subjects = [&] {
        std::vector<std::byte> list;
        announce::append(list, life);
        return list;
    }();
    for (int i = 0; i < 100; ++i) {
        announcement says;
        says.subjects = wire_list<identity>(subjects);
        net.attack_one(0, net.enemy.say(ping, net.enemy.forged(78, net.now_ms()), somewhere, says),
                       somewhere);
    }
    net.is_no_amplifier();
}

BOOST_AUTO_TEST_CASE(one_digest_from_nowhere_is_answered_by_one_of_all)
{
    test::test_seed const seed(905);
    attacked net(seed);
    net.attack(net.enemy.say(digest, net.enemy.forged(77, net.now_ms()), victim), victim);
    net.run_for(10s);
    BOOST_TEST(net.datagrams <= 1U);
}

BOOST_AUTO_TEST_CASE(what_is_for_one_alone_is_answered_by_nobody_where_all_hear_it)
{
    test::test_seed const seed(906);
    for (auto const type : {beat, ack, pull, records, conflict}) {
        attacked net(seed);
        auto const nobody = net.enemy.forged(77, net.now_ms());
        net.attack(net.enemy.say(type, nobody, victim), victim);
        net.run_for(10s);
        BOOST_TEST(net.datagrams == 0U, type);
        BOOST_TEST(net.engine(0).counters().malformed == 1U, type);
    }
}

BOOST_AUTO_TEST_CASE(a_hello_of_nobody_is_forgotten_soon_whatever_its_record_says)
{
    test::test_seed const seed(906);
    attacked net(seed);
    auto seldom = sim_attacker::record_at(victim);
    seldom.beat_interval = 15min;
    net.attack(net.enemy.say_hello(net.enemy.forged(77, net.now_ms()), seldom), victim);
    BOOST_TEST(net.engine(0).describe(77).has_value());
    net.run_for(15s);
    for (std::size_t who = 0; who < net.count(); ++who)
        BOOST_TEST(!net.engine(who).describe(77).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_is_seldom_heard_is_kept_once_it_has_answered)
{
    test::test_seed const seed(907);
    test::simulated_network net(seed);
    net.add_segment({.loss = 0.1});
    net.add_many(5);
    net.add({.detection_time = 1h});
    net.start_all();
    net.run_for(10min);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
