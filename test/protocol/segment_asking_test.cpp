// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <vector>

// Whom one asks whether it is there, where, and through whom.

using namespace rollcast;
using namespace std::chrono_literals;
using test::beat_interval;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;

namespace {

/// Six that answer, and a place next after us on the ring, where we count on whoever stands there.
struct next_to_us : lone_engine {
    next_to_us()
    {
        settle_in();
        for (std::uint64_t id = 100; id < 106; ++id)
            others.push_back(on_its_own_host(id));
        for (auto const& each : others)
            chart(each);
        while (std::ranges::any_of(others,
                                   [&](auto const& each) { return ahead(each) <= ahead(next); }))
            next = on_its_own_host(next.who.id + 1);
    }

    /// From us, clockwise on the ring.
    static std::uint64_t ahead(stranger const& who)
    {
        group_key const key{};
        return detail::ring_position(who.who.id, key) - detail::ring_position(7, key);
    }

    /// Somebody tells of it, and nothing else is known.
    void tell_of_next()
    {
        auto const known = next.as_member();
        auto const members = test::list_of(member_view{known->who(), true, known->record()});
        announcement says;
        says.members = wire_list<member_view>(members);
        hear(others.front(), message_type::digest, says);
    }

    bool is_aside() const
    {
        auto const& known = heart.segments().front()->known();
        auto const* entry = known.members().find(next.who.id);
        return entry && entry->is_aside();
    }

    /// Lets time pass in which all others beat, but not once it is set aside.
    void pass_with_all(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end && !is_aside(); pass(100ms))
            for (auto const& each : others)
                hear(each, message_type::beat);
    }

    std::vector<stranger> others;
    stranger next = on_its_own_host(110);
};

/// How long it takes to set a rumour aside while the others beat.
detail::duration time_to_set_aside()
{
    next_to_us chart;
    chart.tell_of_next();
    auto const begun = chart.now;
    chart.pass_with_all(1min);
    BOOST_TEST_REQUIRE(chart.is_aside());
    return chart.now - begun;
}

/// Whether it is set aside by that time even if nobody was heard for so long before.
bool is_set_aside_after_silence(detail::duration how_long)
{
    next_to_us chart;
    chart.tell_of_next();
    chart.pass_with_all(time_to_set_aside() - how_long);
    BOOST_TEST_REQUIRE(!chart.is_aside());
    chart.pass(how_long);
    return chart.is_aside();
}

/// Two that speak, and one that says nothing more after it has answered once.
struct one_silent : lone_engine {
    one_silent()
    {
        settle_in();
        for (auto const* each : {&silent, &first, &second})
            chart(*each);
    }

    /// The one that stands in this sixteenth of the ring, counted from the silent one.
    stranger behind(unsigned sixteenth) const
    {
        auto const place = [](stranger const& who) {
            return detail::ring_position(who.who.id, group_key());
        };
        auto who = on_its_own_host(10);
        while ((place(who) - place(silent)) >> 60 != sixteenth)
            who = on_its_own_host(who.who.id + 1);
        return who;
    }

    /// Those that cannot help, since nothing that is sent from this link reaches them.
    void learn_of_many_without_ipv4()
    {
        for (std::uint64_t id = 200; id < 230; ++id) {
            auto other = on_its_own_host(id);
            other.record.addresses = {asio::ip::make_address("fe80::9")};
            other.record.unicast_port_v4 = 0;
            other.record.unicast_port_v6 = 40000;
            auto const who = other.as_member();
            heart.segments().front()->known().learn(who->who(), who->record(),
                                                    {detail::channel::records, true, true}, now);
        }
    }

    /// All that is sent until the silent one would be called gone.
    std::vector<said> asked()
    {
        for (auto const end = now + 9s; now < end; pass(500ms))
            for (auto const* each : {&first, &second})
                hear(*each, message_type::beat);
        return sent(message_type::ping);
    }

    stranger const silent = on_its_own_host(9);
    stranger const first = behind(0); // which chance takes seldom
    stranger const second = behind(15);
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_segment_asking)

BOOST_AUTO_TEST_CASE(whoever_hears_nobody_for_five_quarters_of_a_beat_interval_sets_nobody_aside)
{
    BOOST_TEST(is_set_aside_after_silence(2s));
    BOOST_TEST(!is_set_aside_after_silence(4s));
}

BOOST_FIXTURE_TEST_CASE(whoever_follows_us_and_has_not_answered_is_asked_with_each_beat, next_to_us)
{
    tell_of_next();
    heart.take_outgoing();
    pass_with_all(3 * beat_interval);
    auto const asked = sent(message_type::ping);
    BOOST_TEST(std::ranges::count_if(
                   asked, [&](auto const& each) { return each.how.to == next.source; }) >= 3);
}

// Without postage it cannot be asked, and that is not held against it. Nor does it help it.
BOOST_FIXTURE_TEST_CASE(whoever_could_not_be_asked_for_long_is_set_aside_soon_after_it_can_be,
                        next_to_us)
{
    next.record.addresses = {asio::ip::make_address("10.0.0.98")}; // not where it speaks from
    hear(next, message_type::hello);
    pass_with_all(1min);
    BOOST_TEST_REQUIRE(!is_aside());
    for (int i = 0; i < 40; ++i)
        hear(next, message_type::beat);
    pass_with_all(10 * beat_interval);
    BOOST_TEST(is_aside());
}

BOOST_FIXTURE_TEST_CASE(through_others_it_asks_by_the_next_one_on_the_ring_each_time, one_silent)
{
    std::size_t times = 0;
    std::size_t by_first = 0;
    for (auto const& each : asked()) {
        bool const is_direct = each.what.subjects.empty();
        times += is_direct ? 0 : 1;
        by_first += !is_direct && each.how.to == first.source;
        BOOST_TEST((is_direct || each.how.to != silent.source));
    }
    BOOST_TEST(by_first == 7U); // from two beat intervals of silence on
    BOOST_TEST(times > by_first);
    BOOST_TEST(times <= 2 * by_first);
}

BOOST_FIXTURE_TEST_CASE(another_one_that_can_help_is_found_among_many_that_cannot, one_silent)
{
    learn_of_many_without_ipv4();
    std::size_t helpers = 0;
    for (auto const& each : asked())
        helpers += each.what.subjects.empty() ? 0 : 1;
    BOOST_TEST(helpers >= 12U); // two at a time, unless chance takes the same one twice
}

// So that nobody can be made to send more than it gets.
BOOST_FIXTURE_TEST_CASE(a_question_is_as_long_as_its_answer, one_silent)
{
    auto const all = asked();
    BOOST_TEST(!all.empty());
    for (auto const& each : all)
        BOOST_TEST(each.how.bytes.size() == 208U);
}

BOOST_AUTO_TEST_CASE(of_several_addresses_each_is_asked_in_turn)
{
    lone_engine chart;
    auto silent = on_its_own_host(9);
    silent.record.addresses.push_back(asio::ip::make_address("10.0.0.200"));
    chart.settle_in();
    chart.chart(silent);
    chart.pass(9s);
    std::set<asio::ip::address> asked;
    for (auto const& each : chart.sent(message_type::ping))
        asked.insert(each.how.to->address());
    BOOST_TEST(asked.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
