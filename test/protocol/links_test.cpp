// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_times.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::detection_time;
using test::simulated_network;
using kinds = std::vector<event_kind>;
using addresses = std::vector<asio::ip::address>;

namespace {

/// Two hosts that share segments 0 (IPv4 and IPv6) and 1 (IPv6 only), and one on each alone.
struct two_segments : simulated_network {
    explicit two_segments(std::uint64_t seed) : simulated_network(seed)
    {
        add_segment({.ipv6 = true});
        add_segment({.ipv4 = false, .ipv6 = true});
        add({.segments = {0, 1}});
        add({.segments = {0, 1}});
        add({.segments = {0}});
        add({.segments = {1}});
        start_all();
        run_for(1s);
    }

    addresses known(std::size_t who, std::size_t other)
    {
        auto const known = engine(who).describe(id(other));
        return known ? known->addresses : addresses{};
    }
};

/// A watcher (0) has known the owner of id 2 (1) for long when another life (2) is to claim that
/// id.
struct claimed_id : simulated_network {
    using links = std::vector<unsigned>;

    claimed_id(std::uint64_t seed, links const& watched, links const& owner, links const& other)
        : simulated_network(seed)
    {
        for (auto const each : watched)
            BOOST_TEST_REQUIRE(add_segment() == each);
        add({.segments = watched});
        add({.segments = owner, .data = "owner"});
        add({.id = 2, .segments = other, .data = "other"});
        start(0);
        start(1);
        run_for(30s);
    }

    std::string charted_data()
    {
        auto const known = engine(0).describe(2);
        BOOST_TEST_REQUIRE(known.has_value());
        return {reinterpret_cast<char const*>(known->data.data()), known->data.size()};
    }
};

std::vector<asio::ip::address> sorted(std::vector<asio::ip::address> all)
{
    std::ranges::sort(all);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_links)

BOOST_AUTO_TEST_CASE(an_instance_on_two_shared_links_is_one_entry_with_the_addresses_of_both)
{
    test::test_seed const seed(200);
    two_segments net(seed);
    BOOST_TEST(net.engine(0).size() == 4U);
    auto const found = net.known(0, 1);
    BOOST_TEST_REQUIRE(found.size() == 3U);
    // The IPv4 address serves everybody, so it comes first; the others need a scope.
    BOOST_TEST(found.front() == asio::ip::make_address("10.0.0.2"));
    auto const told = net.told(0, net.id(1));
    BOOST_TEST(told == (kinds{event_kind::found, event_kind::updated}), per_element());
}

BOOST_AUTO_TEST_CASE(link_local_addresses_carry_the_receivers_link)
{
    test::test_seed const seed(201);
    two_segments net(seed);
    for (std::size_t who : {0U, 1U})
        for (std::size_t other : {2U, 3U}) {
            unsigned const segment = other == 2 ? 0 : 1;
            auto const found = net.known(who, other);
            BOOST_TEST_REQUIRE(!found.empty());
            auto const last = found.back().to_v6();
            BOOST_TEST(last.is_link_local());
            BOOST_TEST(last.scope_id() == net.link_of(who, segment));
        }
}

BOOST_AUTO_TEST_CASE(instances_without_a_common_link_do_not_know_each_other)
{
    test::test_seed const seed(202);
    two_segments net(seed);
    net.run_for(1min);
    BOOST_TEST(!net.knows(2, 3));
    BOOST_TEST(!net.knows(3, 2));
    BOOST_TEST(net.engine(2).size() == 3U);
}

BOOST_AUTO_TEST_CASE(announcements_carry_only_the_addresses_of_their_own_link)
{
    test::test_seed const seed(203);
    two_segments net(seed);
    std::size_t seen = 0;
    net.observe([&](std::size_t from, detail::outgoing const& what) {
        auto const said = announce::decode(what.bytes, group_key());
        BOOST_TEST_REQUIRE(said.has_value());
        unsigned const segment = what.link == net.link_of(from, 1);
        BOOST_TEST(what.link == net.link_of(from, segment));
        auto const check = [&](std::size_t who, record_view const& told) {
            addresses expected;
            for (auto const& each : net.addresses_of(who, segment))
                expected.push_back(detail::unscoped(each));
            BOOST_TEST(sorted(announce::unpack(told).addresses) == sorted(expected), per_element());
            ++seen;
        };
        if (said->record)
            check(from, *said->record);
        for (auto const& each : said->members)
            check(each.who.id - 1, each.record);
    });
    net.update(0, "news");
    net.restart(1);
    net.crash(2);
    net.run_for(1min);
    BOOST_TEST(seen > 50U);
}

BOOST_AUTO_TEST_CASE(the_addresses_on_a_link_that_vanished_are_withdrawn_at_once)
{
    test::test_seed const seed(204);
    two_segments net(seed);
    auto const before = net.now();
    net.detach(0, 0);
    BOOST_TEST(net.known(0, 1).size() == 1U);
    BOOST_TEST(net.known(0, 2).empty());
    BOOST_TEST(net.told(0, net.id(1), before) == kinds{event_kind::updated}, per_element());
    // The others do not know of its loss, but no longer hear it there.
    net.run_for(detection_time);
    BOOST_TEST(net.known(1, 0).size() == 1U);
    BOOST_TEST(!net.knows(2, 0));
    BOOST_TEST(!net.knows(0, 2));
    BOOST_TEST(net.knows(0, 1));
    BOOST_TEST(net.knows(1, 0));
    BOOST_TEST(net.told(1, net.id(0), before) == kinds{event_kind::updated}, per_element());
}

BOOST_AUTO_TEST_CASE(a_new_link_is_introduced_at_once)
{
    test::test_seed const seed(205);
    two_segments net(seed);
    net.attach(2, 1);
    net.run_for(2ms);
    BOOST_TEST(net.knows(3, 2));
    net.run_for(98ms);
    BOOST_TEST(net.knows(2, 3));
}

BOOST_AUTO_TEST_CASE(the_last_link_may_vanish_and_come_back)
{
    test::test_seed const seed(206);
    two_segments net(seed);
    auto const before = net.now();
    net.detach(3, 1);
    net.run_for(1min);
    BOOST_TEST(net.engine(3).size() == 1U);
    net.attach(3, 1);
    net.run_for(1s);
    BOOST_TEST(net.engine(3).size() == 3U);
    BOOST_TEST(net.told(0, net.id(3), before) ==
                   (kinds{event_kind::suspect, event_kind::gone, event_kind::returned}),
               per_element());
}

BOOST_AUTO_TEST_CASE(what_strangers_and_listeners_need_goes_by_both_ip_versions_and_the_rest_by_one)
{
    test::test_seed const seed(207);
    simulated_network net(seed);
    net.add_segment({.ipv6 = true});
    net.add_many(3);
    bool silent = false; // who does not answer at one address is asked at the others
    std::optional<test::time_point> last_by_both;
    net.observe([&](std::size_t, detail::outgoing const& what) {
        auto const type = announce::decode(what.bytes, group_key())->type;
        bool const for_all_versions =
            type == message_type::hello || type == message_type::bye || type == message_type::gone;
        if (type == message_type::digest && what.by == detail::versions::all) {
            // Seldom, so that whoever listens by the other version alone hears it, too.
            if (last_by_both)
                BOOST_TEST((net.now() - *last_by_both >= 15s));
            last_by_both = net.now();
        } else if (!what.to)
            BOOST_TEST(
                (what.by == (for_all_versions ? detail::versions::all : detail::versions::v4)));
        else if (type == message_type::beat || (type == message_type::ping && !silent))
            BOOST_TEST(what.to->address().is_v4());
    });
    net.start_all();
    net.run_for(1min);
    silent = true;
    net.crash(0);
    net.run_for(1min);
    net.leave(1);
    net.run_for(1min);
    BOOST_TEST(net.engine(2).size() == 1U);
    BOOST_TEST((last_by_both && net.now() - *last_by_both <= 40s));
}

// Those who have one IP version alone hear only what goes by that, so what went by the other one
// does for nobody else.
BOOST_AUTO_TEST_CASE(digests_by_the_version_that_not_all_have_are_not_counted)
{
    auto const own_digests = [](bool by_common) {
        test::lone_engine chart;
        auto const v4 = asio::ip::make_address("10.0.0.7");
        auto const v6 = asio::ip::make_address("fe80::7");
        chart.heart.set_links({test::lone_engine::on(3, {{v4, 24}, {v6, 64}})}, chart.now);
        chart.settle_in();
        std::vector<test::stranger> others;
        for (std::uint64_t id : {11U, 12U, 13U}) {
            others.push_back(test::on_its_own_host(id));
            chart.chart(others.back());
        }
        std::size_t digests = 0;
        for (int i = 0; i < 4 * 3600; ++i) {
            for (auto const& each : others) {
                chart.hear(each, message_type::beat);
                auto by = each;
                if (!by_common)
                    by.source.address(
                        asio::ip::make_address("fe80::" + std::to_string(each.who.id)));
                chart.hear(by, message_type::digest);
            }
            chart.pass(1s);
            digests += chart.sent(message_type::digest).size();
        }
        return digests;
    };
    BOOST_TEST(own_digests(true) < 50U);
    BOOST_TEST(own_digests(false) > 500U);
}

BOOST_AUTO_TEST_CASE(where_there_is_ipv6_alone_everything_goes_by_it)
{
    test::test_seed const seed(208);
    simulated_network net(seed);
    net.add_segment({.ipv4 = false, .ipv6 = true});
    net.add_many(3);
    net.start_all();
    net.run_for(1min);
    BOOST_TEST(net.all_know_all());
    net.crash(0);
    net.run_for(detection_time);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::gone) == 2U);
}

BOOST_AUTO_TEST_CASE(a_goodbye_on_one_link_is_meant_for_all)
{
    test::test_seed const seed(209);
    two_segments net(seed);
    auto const before = net.now();
    net.leave(1);
    net.run_for(1s);
    for (std::size_t who : {0U, 2U, 3U})
        BOOST_TEST(net.told(who, net.id(1), before) == kinds{event_kind::left}, per_element());
}

BOOST_AUTO_TEST_CASE(a_crash_is_told_once_although_it_is_noticed_on_both_links)
{
    test::test_seed const seed(210);
    two_segments net(seed);
    net.run_for(1min);
    auto const before = net.now();
    net.crash(1);
    net.run_for(1min);
    auto const told = net.told(0, net.id(1), before);
    BOOST_TEST(std::ranges::count(told, event_kind::suspect) == 1);
    BOOST_TEST(std::ranges::count(told, event_kind::gone) == 1);
    BOOST_TEST((told.back() == event_kind::gone));
}

BOOST_AUTO_TEST_CASE(a_change_is_told_once_although_it_is_heard_on_both_links)
{
    test::test_seed const seed(211);
    two_segments net(seed);
    auto const before = net.now();
    net.update(1, "news");
    net.run_for(1min);
    BOOST_TEST(net.told(0, net.id(1), before) == kinds{event_kind::updated}, per_element());
}

BOOST_AUTO_TEST_CASE(a_restart_on_two_links_is_told_once_and_then_the_addresses_of_the_second)
{
    test::test_seed const seed(212);
    two_segments net(seed);
    auto const before = net.now();
    net.restart(1);
    net.run_for(1min);
    BOOST_TEST(net.told(0, net.id(1), before) ==
                   (kinds{event_kind::restarted, event_kind::updated}),
               per_element());
    BOOST_TEST(net.events(0).back().what.who.addresses == net.known(0, 1), per_element());
    BOOST_TEST(net.engine(0).size() == 4U);
}

// Segment 1 joins only the watcher (0) and the newcomer (2), as loopback does on one machine; the
// one whose id is taken (1) is only on segment 0.
BOOST_AUTO_TEST_CASE(a_claim_heard_on_a_link_of_its_own_takes_no_id_from_a_living_one)
{
    for (auto const each : test::test_seeds(230, 20)) {
        test::test_seed const seed(each);
        claimed_id net(seed, {0, 1}, {0}, {0, 1});
        auto const real = net.engine(0).describe(2);
        BOOST_TEST_REQUIRE(real.has_value());
        auto const before = net.now();
        net.start(2);
        for (int i = 0; i < 300; ++i) {
            net.run_for(100ms);
            auto const known = net.engine(0).describe(2);
            BOOST_TEST_REQUIRE(known.has_value());
            BOOST_TEST((known->life == real->life));
            BOOST_TEST(known->addresses == real->addresses, per_element());
        }
        net.leave(2);
        net.run_for(30s);
        BOOST_TEST((net.engine(0).describe(2)->life == real->life));
        BOOST_TEST(net.engine(0).size() == 2U);
        for (auto const& told : net.events(0))
            if (told.at >= before && told.what.who.id == 2)
                BOOST_TEST((told.what.kind == event_kind::id_conflict), told.what.kind);
    }
}

BOOST_AUTO_TEST_CASE(a_claim_on_a_link_of_its_own_gets_the_id_when_the_other_one_has_ended)
{
    for (bool const politely : {true, false}) {
        test::test_seed const seed(260);
        claimed_id net(seed, {0, 1}, {0}, {1});
        net.start(2);
        net.run_for(20s);
        BOOST_TEST(net.charted_data() == "owner");
        auto const before = net.now();
        politely ? net.leave(1) : net.crash(1);
        net.run_for(2 * detection_time);
        BOOST_TEST(net.charted_data() == "other");
        BOOST_TEST(net.engine(0).size() == 2U);
        auto told = net.told(0, 2, before);
        std::erase(told, event_kind::suspect);
        BOOST_TEST(told == kinds{event_kind::restarted}, per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_restart_on_more_links_than_before_is_told_once)
{
    for (auto const each : test::test_seeds(270, 20)) {
        test::test_seed const seed(each);
        claimed_id net(seed, {0, 1}, {0}, {0, 1});
        net.crash(1);
        auto const before = net.now();
        net.start(2);
        net.run_for(20s);
        auto const told = net.told(0, 2, before);
        BOOST_TEST(std::ranges::count(told, event_kind::restarted) == 1);
        for (auto const kind : {event_kind::found, event_kind::gone, event_kind::left})
            BOOST_TEST(std::ranges::count(told, kind) == 0);
        BOOST_TEST(net.charted_data() == "other");
        BOOST_TEST(net.engine(0).describe(2)->addresses.size() == 2U);
        BOOST_TEST((net.events(0).back().what.who.data == test::bytes_of("other")));
    }
}

// The one that leaves was first and on links 0 and 1; the other one is on link 2 alone.
BOOST_AUTO_TEST_CASE(a_goodbye_that_hands_the_id_to_another_life_is_told_once)
{
    test::test_seed const seed(262);
    claimed_id net(seed, {0, 1, 2}, {0, 1}, {2});
    net.start(2);
    net.run_for(5s);
    auto const before = net.now();
    net.leave(1);
    net.run_for(5s);
    BOOST_TEST(net.told(0, 2, before) == kinds{event_kind::restarted}, per_element());
    BOOST_TEST(net.charted_data() == "other");
    BOOST_TEST(net.engine(0).size() == 2U);
    net.leave(2);
    net.run_for(5s);
    BOOST_TEST(net.told(0, 2, before) == (kinds{event_kind::restarted, event_kind::left}),
               per_element());
    BOOST_TEST(net.engine(0).size() == 1U);
}

BOOST_AUTO_TEST_CASE(where_the_link_of_the_charted_life_vanishes_the_other_one_is_told_once)
{
    test::test_seed const seed(263);
    claimed_id net(seed, {0, 1}, {0}, {1});
    net.start(2);
    net.run_for(5s);
    auto const before = net.now();
    net.detach(0, 0);
    net.run_for(3 * detection_time);
    BOOST_TEST(net.told(0, 2, before) == kinds{event_kind::restarted}, per_element());
    BOOST_TEST(net.charted_data() == "other");
}

BOOST_AUTO_TEST_CASE(one_that_is_lost_on_one_link_keeps_the_addresses_of_the_other)
{
    test::test_seed const seed(261);
    two_segments net(seed);
    net.detach(1, 1); // as its neighbour 0 notices only by its silence there
    auto const before = net.now();
    net.run_for(3 * detection_time);
    instance last;
    for (auto const& told : net.events(0))
        if (told.at >= before && told.what.who.id == net.id(1))
            last = told.what.who;
    BOOST_TEST((last.state == instance_state::alive));
    BOOST_TEST(last.addresses == net.known(0, 1), per_element());
    BOOST_TEST(!last.addresses.empty());
}

BOOST_AUTO_TEST_CASE(
    addresses_in_a_subnet_of_ours_come_first_then_link_local_ones_and_ipv4_before_ipv6)
{
    test::lone_engine alone;
    auto const make = [](char const* text) { return asio::ip::make_address(text); };
    alone.heart.set_links({alone.on(3, {{make("10.0.0.7"), 24}, {make("2001:db8::7"), 64}})},
                          alone.now);
    test::stranger other(1);
    other.record.addresses = {make("fe80::1"), make("2001:db9::1"), make("192.0.2.1"),
                              make("2001:db8::1"), make("10.0.0.1")};
    alone.hear(other, message_type::hello);
    auto const found = alone.heart.describe(1)->addresses;
    addresses const expected{make("10.0.0.1"), make("2001:db8::1"), make("fe80::1%3"),
                             make("192.0.2.1"), make("2001:db9::1")};
    BOOST_TEST(found == expected, per_element());
}

BOOST_AUTO_TEST_CASE(ipv4_comes_before_ipv6_whichever_link_was_heard_first)
{
    test::lone_engine alone;
    auto const make = [](char const* text) { return asio::ip::make_address(text); };
    alone.heart.set_links({alone.on(3, {{make("2001:db8::7"), 64}}), alone.on(4)}, alone.now);
    test::stranger other(1);
    other.record.addresses = {make("2001:db8::1")};
    alone.hear(other, message_type::hello);
    other.record.addresses = {make("10.0.0.1")};
    other.link = 4;
    alone.hear(other, message_type::hello);
    addresses const expected{make("10.0.0.1"), make("2001:db8::1")};
    BOOST_TEST(alone.heart.describe(1)->addresses == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_subnet_ends_within_an_octet_where_its_prefix_does)
{
    test::lone_engine alone;
    auto const make = [](char const* text) { return asio::ip::make_address(text); };
    alone.heart.set_links({alone.on(3, {{make("10.0.12.7"), 22}})}, alone.now);
    test::stranger other(1);
    other.record.addresses = {make("10.0.16.1"), make("10.0.11.255"), make("10.0.15.1")};
    alone.hear(other, message_type::hello);
    BOOST_TEST(alone.heart.describe(1)->addresses.front() == make("10.0.15.1"));
}

BOOST_AUTO_TEST_CASE(a_loopback_address_told_on_another_link_is_not_believed)
{
    test::lone_engine alone;
    test::stranger other(1);
    other.record.addresses = {asio::ip::make_address("127.0.0.1"), asio::ip::make_address("::1"),
                              other.source.address()};
    alone.hear(other, message_type::hello);
    BOOST_TEST(alone.heart.describe(1)->addresses == addresses{other.source.address()},
               per_element());
}

BOOST_AUTO_TEST_SUITE_END()
