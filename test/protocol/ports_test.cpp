// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

// Instances on hosts where somebody keeps the discovery port to himself meet on a backup port.

using namespace rollcast;
using namespace std::chrono_literals;
using test::simulated_network;

namespace {

/// How often each port was sent to, by everybody together.
struct port_tally {
    explicit port_tally(simulated_network& net)
    {
        net.observe([&](std::size_t who, detail::outgoing const& what) {
            if (what.to)
                return;
            ++sent[net.discovery_port_of(who)];
            for (auto const port : what.ports)
                ++sent[port];
        });
    }

    std::map<net::port_type, int> sent;
};

} // namespace

BOOST_AUTO_TEST_SUITE(backup_ports)

BOOST_AUTO_TEST_CASE(two_who_share_no_port_find_each_other_whoever_starts_first)
{
    for (bool const backup_first : {true, false}) {
        test::test_seed const seed(700 + backup_first);
        simulated_network net(seed);
        net.add({.discovery_port = test::main_port});
        net.add({.discovery_port = test::backup_ports[1]});
        net.start(backup_first ? 1 : 0);
        net.run_for(5s);
        net.start(backup_first ? 0 : 1);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 200ms));
    }
}

BOOST_AUTO_TEST_CASE(two_on_different_backup_ports_find_each_other)
{
    test::test_seed const seed(702);
    simulated_network net(seed);
    net.add({.discovery_port = test::backup_ports[0]});
    net.add({.discovery_port = test::backup_ports[1]});
    net.start(0);
    net.run_for(5s);
    net.start(1);
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 200ms));
}

BOOST_AUTO_TEST_CASE(among_many_one_on_a_backup_port_hears_of_everything)
{
    test::test_seed const seed(703);
    simulated_network net(seed);
    net.add_segment({.loss = 0.3});
    net.add_many(20, {});
    auto const apart = net.add({.discovery_port = test::backup_ports[0]});
    net.start_all();
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 3s));
    net.run_for(30s);
    net.update(3, "changed");
    BOOST_TEST(net.run_until(
        [&] {
            auto const known = net.engine(apart).describe(net.id(3));
            return known && known->data == test::bytes_of("changed");
        },
        1s));
    net.update(apart, "news");
    BOOST_TEST(net.run_until(
        [&] {
            for (std::size_t who = 0; who < 20; ++who)
                if (net.engine(who).describe(net.id(apart))->data != test::bytes_of("news"))
                    return false;
            return true;
        },
        1s));
    net.crash(5);
    BOOST_TEST(net.run_until([&] { return !net.engine(apart).describe(net.id(5)); }, 10s));
    net.leave(apart);
    BOOST_TEST(net.run_until([&] { return net.engine(0).size() == 19U; }, 200ms));
}

BOOST_AUTO_TEST_CASE(while_all_are_on_the_main_port_nothing_goes_elsewhere)
{
    test::test_seed const seed(704);
    simulated_network net(seed);
    net.add_many(10, {});
    net.start_all();
    net.run_for(10s);
    port_tally tally(net);
    net.start(net.add());
    net.update(2, "changed");
    net.leave(4);
    net.run_for(60s);
    BOOST_TEST(tally.sent[test::main_port] > 0);
    BOOST_TEST(tally.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_is_alone_asks_on_every_port_with_its_last_hello_and_later_with_its_digests)
{
    test::test_seed const seed(705);
    simulated_network net(seed);
    net.add();
    port_tally tally(net);
    net.start(0);
    net.run_for(1min);
    auto const everywhere = tally.sent[test::main_port] - 2; // without the first two hellos
    BOOST_TEST(everywhere > 4);
    BOOST_TEST(tally.sent[test::backup_ports[0]] == everywhere);
    BOOST_TEST(tally.sent[test::backup_ports[1]] == everywhere);
}

BOOST_AUTO_TEST_CASE(ports_of_members_are_followed_up_to_a_few_and_those_of_strangers_are_not)
{
    test::lone_engine chart;
    chart.settle_in();
    auto const most_ports = [&] {
        std::size_t most = 0;
        for (auto const& each : chart.sent())
            most = std::max(most, each.how.ports.size());
        return most;
    };
    for (std::uint8_t i = 0; i < 20; ++i) {
        test::stranger claims(100 + i);
        claims.record.discovery_port = static_cast<net::port_type>(20000 + i);
        chart.hear(claims, message_type::hello);
    }
    chart.pass(1s);
    BOOST_TEST(most_ports() == 0U);
    for (std::uint8_t i = 0; i < 20; ++i) {
        test::stranger shows(100 + i);
        shows.record.discovery_port = static_cast<net::port_type>(20000 + i);
        chart.hear_proof(shows);
    }
    BOOST_TEST(!chart.heart.update(test::bytes_of("changed"), chart.now).failed());
    chart.pass(1s);
    BOOST_TEST(most_ports() == 9U);
}

BOOST_AUTO_TEST_SUITE_END()
