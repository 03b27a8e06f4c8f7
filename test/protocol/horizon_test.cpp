// SPDX-License-Identifier: BSL-1.0
#include "protocol/horizon.hpp"
#include "support/sim_attacker.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

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
constexpr std::uint64_t centuries = 6'311'390'400'000; // 200 mean years
constexpr std::uint64_t greatest = ~std::uint64_t{0};

identity life(std::uint8_t which, std::uint64_t incarnation)
{
    return {1, {{which}}, incarnation};
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_horizon)

BOOST_AUTO_TEST_CASE(a_day_ahead_of_the_clock_and_no_more_is_believed)
{
    horizon incarnations(1000);
    time_point const start{1h};
    incarnations.begin(start);
    incarnations.begin(start + 1s); // too late
    BOOST_TEST(incarnations.believes(life(1, 0), start));
    BOOST_TEST(incarnations.believes(life(1, 1000 + day), start));
    BOOST_TEST(!incarnations.believes(life(1, 1000 + day + 1), start));
    BOOST_TEST(incarnations.believes(life(1, 1000 + day + 5000), start + 5s));
    BOOST_TEST(!incarnations.believes(life(1, 1000 + day + 5001), start + 5s));
    BOOST_TEST(incarnations.latest(start) == 1000 + day);
}

BOOST_AUTO_TEST_CASE(a_life_that_answers_takes_the_others_with_it)
{
    horizon incarnations(1000);
    time_point const start{1h};
    incarnations.begin(start);
    incarnations.prove(life(1, 1000 + centuries), start);
    incarnations.prove(life(1, 5), start);
    BOOST_TEST(incarnations.believes(life(2, 1000 + centuries + day), start));
    BOOST_TEST(!incarnations.believes(life(2, 1000 + centuries + day + 1), start));
    BOOST_TEST(incarnations.latest(start) == 1000 + day); // the own one keeps to the clock
}

BOOST_AUTO_TEST_CASE(a_life_that_is_centuries_ahead_is_believed_of_itself_alone)
{
    horizon incarnations(1000);
    time_point const start{1h};
    auto const ahead = 1000 + centuries + 1;
    incarnations.prove(life(1, ahead), start);
    BOOST_TEST(incarnations.believes(life(1, ahead), start));
    BOOST_TEST(!incarnations.believes(life(1, ahead + 1), start));
    BOOST_TEST(!incarnations.believes(life(2, 1000 + day + 1), start));
    incarnations.prove(life(1, ahead + 1), start);
    BOOST_TEST(incarnations.believes(life(1, ahead + 1), start));
}

BOOST_AUTO_TEST_CASE(so_many_lives_are_believed_to_be_centuries_ahead_and_no_more)
{
    horizon incarnations(1000);
    auto const ahead = 1000 + centuries + 1;
    std::uint8_t const most = 64;
    for (std::uint8_t each = 0; each <= most; ++each)
        incarnations.prove(life(each, ahead), {});
    BOOST_TEST(!incarnations.believes(life(0, ahead), {})); // until it answers once more
    for (std::uint8_t each = 1; each <= most; ++each)
        BOOST_TEST(incarnations.believes(life(each, ahead), {}));
}

BOOST_AUTO_TEST_CASE(one_that_goes_on_far_ahead_takes_nobodys_place)
{
    horizon incarnations(1000);
    auto const ahead = 1000 + centuries + 1;
    for (std::uint8_t each = 0; each < 64; ++each)
        incarnations.prove(life(each, ahead), {});
    for (std::uint64_t further = 1; further < 10; ++further)
        incarnations.prove(life(63, ahead + further), {});
    for (std::uint8_t each = 0; each < 64; ++each)
        BOOST_TEST(incarnations.believes(life(each, ahead), {}));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_wrong_twice_is_set_twice)
{
    horizon incarnations(1000);
    time_point const start{1h};
    incarnations.begin(start);
    auto now = start;
    for (std::uint64_t const others : {1000 + 10 * day, 1000 + 100 * day}) {
        incarnations.doubt_clock(others, 10s, now);
        BOOST_TEST(!incarnations.believes(life(1, others + day), now));
        incarnations.doubt_clock(others + 5, 10s, now + 9999ms);
        BOOST_TEST(!incarnations.believes(life(1, others + day), now + 9999ms));
        now += 10s;
        incarnations.doubt_clock(others + 5, 10s, now);
        BOOST_TEST(incarnations.believes(life(1, others + day), now));
        BOOST_TEST(!incarnations.believes(life(1, others + day + 1), now));
    }
}

BOOST_AUTO_TEST_CASE(what_is_near_to_wrapping_is_never_believed)
{
    BOOST_TEST(horizon::end == 0xffff'fffe'ffff'ffff);
    horizon incarnations(1000);
    incarnations.prove(life(1, greatest), {});
    BOOST_TEST(!incarnations.believes(life(1, greatest), {}));
    BOOST_TEST(!incarnations.believes(life(1, 1000 + 2 * day), {}));
    incarnations.prove(life(1, horizon::end - 1), {});
    BOOST_TEST(incarnations.believes(life(1, horizon::end - 1), {}));
    BOOST_TEST(!incarnations.believes(life(1, horizon::end), {}));
}

// Whoever topped it might find no number that others believe.
BOOST_AUTO_TEST_CASE(nobody_leads_a_life_to_where_nothing_is_higher)
{
    horizon const incarnations(1000);
    auto const may_be_believed = [&](std::uint64_t accused, std::uint64_t own, bool by_proven) {
        return incarnations.may_be_believed(accused, own, by_proven, {});
    };
    BOOST_TEST(may_be_believed(1000 + day, 1000, false));
    BOOST_TEST(!may_be_believed(1000 + day + 1, 1000, false));
    BOOST_TEST(may_be_believed(1000 + centuries, 1000, true));
    BOOST_TEST(!may_be_believed(1000 + centuries + 1, 1000, true));
    auto const own = 1000 + 2 * centuries; // of which others have had a proof
    BOOST_TEST(may_be_believed(own, own, false));
    BOOST_TEST(!may_be_believed(own + 1, own, true));
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

// Where nobody can be asked.
BOOST_AUTO_TEST_CASE(a_listener_that_begins_in_1970_sets_its_clock_by_the_earliest_of_the_others)
{
    constexpr std::uint64_t today = 1'790'000'000'000;
    lone_engine chart;
    chart.heart.listen_only(chart.now);
    stranger one(1);
    one.who.incarnation = today;
    stranger later(2);
    later.who.incarnation = today + 10 * day;
    stranger forged(3);
    forged.who.incarnation = horizon::end - 1;
    auto const hear_all = [&] {
        for (auto const* each : {&later, &one, &forged})
            chart.hear(*each, hello);
    };
    hear_all();
    chart.pass(test::detection_time - 1s);
    hear_all();
    BOOST_TEST(chart.heart.size() == 1U);
    chart.pass(1s);
    hear_all();
    hear_all();
    BOOST_TEST(chart.heart.describe(1).has_value());
    BOOST_TEST(!chart.heart.describe(2).has_value()); // until later, or that one is the first
    BOOST_TEST(!chart.heart.describe(3).has_value());
    BOOST_TEST(chart.sent().empty());
}

BOOST_AUTO_TEST_CASE(a_listener_that_believes_anybody_trusts_its_clock)
{
    lone_engine chart;
    chart.heart.listen_only(chart.now);
    stranger ahead(2);
    ahead.who.incarnation = 1000 + 10 * day;
    for (int i = 0; i < 20; ++i) {
        chart.hear(stranger(1), hello);
        chart.hear(ahead, hello);
        chart.pass(1s);
    }
    BOOST_TEST(chart.heart.describe(1).has_value());
    BOOST_TEST(!chart.heart.describe(2).has_value());
}

// Two days have passed for both.
BOOST_AUTO_TEST_CASE(the_own_clock_goes_on_while_nobody_is_heard)
{
    lone_engine chart;
    chart.heart.listen_only(chart.now);
    chart.pass(48h);
    stranger now_started(1);
    now_started.who.incarnation = 1000 + 2 * day;
    chart.hear(now_started, hello);
    BOOST_TEST(chart.heart.describe(1).has_value());
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

BOOST_AUTO_TEST_CASE(a_liar_that_answers_leads_nobody_beyond_what_others_believe)
{
    lone_engine chart;
    chart.settle_in();
    stranger one(1);
    chart.chart(one);
    stranger liar(2);
    liar.source.port(40001);
    liar.record.unicast_port_v4 = 40001;
    liar.who.incarnation = horizon::end - 1;
    for (int i = 0; i < 2; ++i) {
        chart.hear(liar, hello);
        chart.hear_proof(liar);
    }
    BOOST_TEST(chart.heart.describe(2).has_value());
    auto accused = chart.heart.own();
    for (auto const incarnation : {horizon::end - 1, 1000 + 2 * centuries}) {
        accused.incarnation = incarnation;
        chart.hear_about(liar, gone, accused);
        chart.pass_with(one, 10s);
        BOOST_TEST(chart.heart.own().incarnation == 1000U);
    }
    auto forged = one;
    forged.who.incarnation = horizon::end - 1;
    chart.hear(forged, hello);
    chart.hear(forged, bye);
    chart.hear_about(liar, gone, forged.who);
    BOOST_TEST(chart.heart.describe(1)->incarnation == 1000U);
}

BOOST_AUTO_TEST_CASE(whoever_was_led_far_ahead_is_heard_once_it_answers)
{
    lone_engine chart;
    chart.settle_in();
    stranger one(1);
    chart.chart(one);
    chart.pass(3s);
    chart.hear_about(stranger(2), gone, one.who);
    BOOST_TEST(!chart.heart.describe(1).has_value());
    one.who.incarnation = 1000 + 2 * centuries;
    chart.hear(one, hello);
    BOOST_TEST(!chart.heart.describe(1).has_value());
    BOOST_TEST(!chart.sent(ping).empty());
    chart.hear_proof(one);
    chart.hear(one, hello);
    BOOST_TEST(chart.heart.describe(1).has_value());
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
