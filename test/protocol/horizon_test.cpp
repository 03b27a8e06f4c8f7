// SPDX-License-Identifier: BSL-1.0
#include "protocol/horizon.hpp"
#include "support/sim_attacker.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::horizon;
using detail::time_point;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;
using enum message_type;

namespace {

constexpr std::uint64_t day = 24 * 3600 * 1000;
constexpr std::uint64_t greatest = ~std::uint64_t{0};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_horizon)

BOOST_AUTO_TEST_CASE(a_day_ahead_of_the_clock_and_no_more_is_believed)
{
    horizon incarnations(1000);
    time_point const start{1h};
    incarnations.begin(start);
    incarnations.begin(start + 1s); // too late
    BOOST_TEST(incarnations.believes(0, start));
    BOOST_TEST(incarnations.believes(1000 + day, start));
    BOOST_TEST(!incarnations.believes(1000 + day + 1, start));
    BOOST_TEST(incarnations.believes(1000 + day + 5000, start + 5s));
    BOOST_TEST(!incarnations.believes(1000 + day + 5001, start + 5s));
    BOOST_TEST(incarnations.latest(start) == 1000 + day);
}

BOOST_AUTO_TEST_CASE(a_life_that_answers_takes_the_others_with_it)
{
    horizon incarnations(1000);
    time_point const start{1h};
    incarnations.begin(start);
    incarnations.prove(1000 + 10 * day);
    incarnations.prove(5);
    BOOST_TEST(incarnations.believes(1000 + 11 * day, start));
    BOOST_TEST(!incarnations.believes(1000 + 11 * day + 1, start));
    BOOST_TEST(incarnations.latest(start) == 1000 + day); // the own one keeps to the clock
}

BOOST_AUTO_TEST_CASE(what_is_near_to_wrapping_is_never_believed)
{
    horizon incarnations(1000);
    incarnations.prove(greatest);
    BOOST_TEST(!incarnations.believes(greatest, time_point{}));
    BOOST_TEST(!incarnations.believes(1000 + 2 * day, time_point{}));
    incarnations.prove(horizon::end - 1);
    BOOST_TEST(incarnations.believes(horizon::end - 1, time_point{}));
    BOOST_TEST(!incarnations.believes(horizon::end, time_point{}));
}

BOOST_AUTO_TEST_CASE(forged_hellos_of_the_far_future_redirect_nobody)
{
    for (auto const ahead : {day + 60'000, 365 * day, greatest}) {
        lone_engine chart;
        chart.settle_in();
        stranger one(1);
        chart.chart(one);
        auto forged = one;
        forged.who.incarnation = ahead == greatest ? greatest : 1000 + ahead + 1000;
        forged.record.addresses = {asio::ip::make_address("10.0.0.66")};
        chart.hear(forged, hello);
        chart.hear(forged, bye);
        chart.hear_about(stranger(2), gone, forged.who);
        BOOST_TEST(chart.news() == (kinds{}), boost::test_tools::per_element());
        auto const known = chart.heart.describe(1).value();
        BOOST_TEST(known.incarnation == 1000U);
        BOOST_TEST(known.addresses.front() == one.source.address());
    }
}

BOOST_AUTO_TEST_CASE(whoever_answers_with_it_is_believed)
{
    lone_engine chart;
    chart.settle_in();
    stranger modern(1);
    modern.who.incarnation = 1'700'000'000'000;
    chart.hear(modern, hello);
    BOOST_TEST(!chart.heart.describe(1).has_value());
    auto const asked = chart.sent(ping);
    BOOST_TEST(asked.size() == 1U);
    BOOST_TEST((asked.front().how.to == modern.source));
    chart.hear_proof(modern);
    chart.hear(modern, hello);
    BOOST_TEST(chart.heart.describe(1).has_value());
    stranger other(2);
    other.who.incarnation = 1'700'000'000'000 + day;
    other.source.port(40001);
    other.record.unicast_port_v4 = 40001;
    chart.hear(other, hello);
    BOOST_TEST(chart.heart.describe(2).has_value());
}

BOOST_AUTO_TEST_CASE(an_accusation_that_nobody_believes_is_not_objected_to)
{
    lone_engine chart;
    chart.settle_in();
    auto accused = chart.heart.own();
    accused.incarnation = greatest;
    chart.hear_about(stranger(1), gone, accused);
    accused.incarnation = 1000 + 3 * day;
    chart.hear_about(stranger(1), gone, accused);
    BOOST_TEST(chart.heart.own().incarnation == 1000U);
    accused.incarnation = 1000 + day;
    chart.hear_about(stranger(1), gone, accused);
    BOOST_TEST(chart.heart.own().incarnation == 1000U + day + 1);
}

BOOST_AUTO_TEST_CASE(an_earlier_life_with_the_largest_number_is_not_topped)
{
    lone_engine chart;
    chart.heart.start(chart.now);
    std::vector<std::byte> told;
    announce::append(told, ended_member{{chart.heart.own().id, {{99}}, greatest}, false, {}});
    announcement says;
    says.ended = wire_list<ended_member>(told);
    chart.hear(stranger(1), digest, says);
    BOOST_TEST(chart.heart.own().incarnation >= 1000U);
    BOOST_TEST(chart.heart.own().incarnation <= 1000U + day);
}

BOOST_AUTO_TEST_CASE(whatever_is_believed_can_be_topped_so_that_nobody_is_kept_out)
{
    test::test_seed const seed(910);
    test::settled net(seed, {}, 5);
    test::sim_attacker enemy(seed + 1);
    test::sim_attacker::bytes said;
    for (auto const ahead :
         {std::uint64_t{1}, day - 120'000, day, day + 60'000, 40 * day, greatest}) {
        for (auto const type : {bye, gone, hello}) {
            auto const own = net.engine(1).own();
            auto who = own;
            who.incarnation = ahead == greatest ? greatest : own.incarnation + ahead;
            detail::endpoint const victim{asio::ip::make_address("10.0.200.1"), 4444};
            for (int copy = 0; copy < 2; ++copy)
                net.forge_to_all(0, enemy.say(type, who, victim), victim);
            net.run_for(3s);
            for (std::size_t other = 0; other < net.count(); ++other) {
                if (other == 1)
                    continue;
                BOOST_TEST_CONTEXT(type << ' ' << ahead << " ahead, " << other)
                BOOST_TEST(net.knows(other, 1));
                auto const known = net.engine(other).describe(net.id(1));
                BOOST_TEST((known && known->addresses.front() == net.addresses_of(1, 0).front()));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_board_that_begins_in_1970_meets_the_others)
{
    test::test_seed const seed(911);
    test::simulated_network net(seed);
    net.add_segment({.loss = 0.1});
    net.add_many(5);
    net.start_all();
    net.run_for(1min);
    auto const board = net.add({.clock_error = -std::chrono::milliseconds(1'699'999'000'000)});
    net.start(board);
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 5s));
    net.run_for(1min);
    BOOST_TEST(net.all_agree(0));
    // And the other way round: one of the future among those that have no clock.
    auto const late = net.add({.clock_error = std::chrono::hours(24 * 365)});
    net.start(late);
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 5s));
    net.run_for(1min);
    BOOST_TEST(net.all_agree(0));
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
