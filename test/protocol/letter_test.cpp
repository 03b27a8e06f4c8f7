// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

// What keeps the letter of the document and nothing more, at its limits, is at home in a chart.

using namespace rollcast;
using namespace std::chrono_literals;
using test::lone_engine;
using test::simulated_network;
using test::stranger;
using enum message_type;

namespace {

std::string const longest_data(announce::max_data_size(1), 'x');

} // namespace

BOOST_AUTO_TEST_SUITE(chart_letter)

BOOST_AUTO_TEST_CASE(foreign_ones_of_all_kinds_live_together_without_a_storm)
{
    test::test_seed const seed(920);
    simulated_network net(seed);
    net.add_segment({.ipv6 = true});
    net.add_many(4);
    net.add_many(4, {.data = longest_data, .foreign = true});
    net.add({.detection_time = 1s, .data = longest_data, .foreign = true});
    net.add({.detection_time = 1h, .data = longest_data, .foreign = true});
    net.start_all();
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 5s));
    net.run_for(30s);
    auto const before = net.total_traffic();
    net.run_for(10min);
    BOOST_TEST(net.all_agree(0));
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
    auto const after = net.total_traffic();
    // 4 multicasts a second on the link, each to at most two more ports.
    BOOST_TEST(after.multicasts - before.multicasts <= 4U * 600U);
    // The one of a second beats eight times a second, and the others less than once.
    BOOST_TEST(after.unicasts - before.unicasts <= 30U * 600U);
}

BOOST_AUTO_TEST_CASE(the_longest_record_is_told_in_digests_though_others_end)
{
    test::test_seed const seed(921);
    simulated_network net(seed);
    net.add_many(6, {.data = longest_data});
    net.add_many(4);
    net.start_all();
    net.run_for(30s);
    std::map<std::uint64_t, std::size_t> told;
    net.observe([&](std::size_t, detail::outgoing const& what) {
        auto const said = announce::decode(what.bytes, group_key());
        if (said->type == digest)
            for (auto const& each : said->members)
                ++told[each.who.id];
    });
    for (int i = 0; i < 60; ++i) { // somebody ends all the time
        auto const passing = net.add({.id = 1000U + static_cast<std::uint64_t>(i)});
        net.start(passing);
        net.run_for(1s);
        net.leave(passing);
        net.run_for(2s);
    }
    for (std::size_t who = 0; who < 10; ++who)
        BOOST_TEST(told[net.id(who)] > 0U);
}

BOOST_AUTO_TEST_CASE(a_record_that_does_not_fit_into_records_is_none)
{
    lone_engine chart;
    stranger wordy(1);
    wordy.record.service_ports.clear();
    auto const limit =
        announce::max_record - 14 - 7 - 3; // beside the head, an address, and a field
    auto packed = [&](std::size_t size) {
        auto bytes = announce::pack(wordy.record).value();
        bytes.push_back(std::byte{6});
        bytes.push_back(static_cast<std::byte>(size >> 8));
        bytes.push_back(static_cast<std::byte>(size));
        bytes.resize(bytes.size() + size);
        return bytes;
    };
    BOOST_TEST(announce::view_record(packed(limit)).has_value());
    BOOST_TEST((announce::view_record(packed(limit + 1)).error() == error::malformed));
}

BOOST_AUTO_TEST_CASE(the_largest_data_there_may_be_goes_through_hello_and_records)
{
    test::test_seed const seed(922);
    for (std::size_t const ports : {0U, 1U, 64U}) {
        simulated_network net(seed);
        test::simulated_config largest;
        largest.service_ports.clear();
        for (std::size_t i = 0; i < ports; ++i)
            largest.service_ports.push_back(static_cast<net::port_type>(1000 + i));
        largest.data.assign(announce::max_data_size(ports), 'x');
        net.add(largest);
        net.add_many(2);
        net.start_all();
        net.run_for(10s);
        auto const late = net.add();
        net.start(late);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 1s));
        BOOST_TEST(net.engine(late).describe(net.id(0))->data.size() == largest.data.size());
        BOOST_TEST((net.engine(0).update(std::vector<std::byte>(largest.data.size() + 1),
                                         net.now()) == error::data_too_large));
    }
}

BOOST_AUTO_TEST_SUITE_END()
