// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// What one learns of others from what another one tells of them.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::list_of;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;
using ids = std::vector<std::uint64_t>;

namespace {

/// Eight others in the order of the ring, from us on. The first one tells of others; the one
/// opposite to us is for others to watch.
struct eight_in_a_ring : lone_engine {
    eight_in_a_ring()
    {
        settle_in();
        for (std::uint64_t id = 11; id < 19; ++id)
            others.push_back(on_its_own_host(id));
        std::ranges::sort(others, {}, place_after_us);
        for (auto const& each : others)
            chart(each);
        pass_without_opposite(1min, true); // no digest is due soon
        heart.take_outgoing();
        heart.take_events();
    }

    static std::uint64_t place_after_us(stranger const& who)
    {
        group_key const key{};
        return detail::ring_position(who.who.id, key) - detail::ring_position(7, key);
    }

    stranger const& teller() const { return others.front(); }
    stranger const& opposite() const { return others[4]; }
    detail::segment& link() const { return *heart.segments().front(); }
    bool is_charted(stranger const& who) const { return heart.describe(who.who.id).has_value(); }

    void pass_without_opposite(detail::duration how_long, bool but_with_it = false)
    {
        for (auto const end = now + how_long; now < end; pass(500ms))
            for (auto const& each : others)
                if (but_with_it || each.who.id != opposite().who.id)
                    hear(each, message_type::beat);
    }

    /// The digest of the teller says so.
    void tell_end(identity const& who, bool left, std::chrono::milliseconds age)
    {
        auto const ended = list_of(ended_member{who, left, age});
        announcement says;
        says.ended = wire_list<ended_member>(ended);
        hear(teller(), message_type::digest, says);
    }

    void tell_of(std::vector<stranger> const& all, bool proven = true)
    {
        std::vector<std::byte> members;
        for (auto const& each : all) {
            auto const known = each.as_member();
            announce::append(members, member_view{known->who(), proven, known->record()});
        }
        announcement says;
        says.members = wire_list<member_view>(members);
        hear(teller(), message_type::digest, says);
    }

    std::size_t times_asked(stranger const& whom)
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(sent(message_type::ping), [&](said const& each) {
                return each.how.to == whom.source && each.what.subjects.empty();
            }));
    }

    /// Whom the digests said within a quarter of a second tell to have ended.
    ids ended_told_soon()
    {
        ids all;
        pass(250ms);
        for (auto const& each : sent(message_type::digest))
            for (auto const& told : each.what.ended)
                all.push_back(told.who.id);
        return all;
    }

    /// The same after something has happened of which all have to hear.
    ids ended_told_with_the_next_news()
    {
        hear(on_its_own_host(99), message_type::hello);
        return ended_told_soon();
    }

    /// The members of the next digest, in its order.
    ids members_told_next()
    {
        for (auto const end = now + 1min; now < end; pass(500ms)) {
            for (auto const& each : others)
                hear(each, message_type::beat);
            for (auto const& each : sent(message_type::digest)) {
                ids all;
                for (auto const& told : each.what.members)
                    all.push_back(told.who.id);
                return all;
            }
        }
        return {};
    }

    std::vector<stranger> others;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_segment_learning, eight_in_a_ring)

BOOST_AUTO_TEST_CASE(an_end_that_a_digest_tells_within_three_seconds_of_it_is_believed)
{
    pass_without_opposite(3s);
    tell_end(opposite().who, false, 2900ms);
    BOOST_TEST(!is_charted(opposite()));
    BOOST_TEST(ended_told_with_the_next_news() == ids{opposite().who.id}, per_element());
}

BOOST_AUTO_TEST_CASE(whose_end_a_digest_tells_later_is_warned_and_asked)
{
    pass_without_opposite(3s);
    heart.take_outgoing();
    tell_end(opposite().who, false, 3100ms);
    BOOST_TEST(is_charted(opposite()));
    auto const warnings = sent(message_type::gone);
    BOOST_TEST_REQUIRE(warnings.size() == 1U);
    BOOST_TEST((warnings[0].how.to == opposite().source));
    BOOST_TEST((*warnings[0].what.subjects.begin() == opposite().who));
    pass(10ms);
    BOOST_TEST(times_asked(opposite()) == 1U);
}

BOOST_AUTO_TEST_CASE(whose_end_another_one_tells_when_it_was_just_heard_stays)
{
    hear(opposite(), message_type::beat);
    pass_without_opposite(2s);
    tell_end(opposite().who, false, 1s);
    BOOST_TEST(is_charted(opposite()));
    pass_without_opposite(1s);
    tell_end(opposite().who, false, 2s);
    BOOST_TEST(!is_charted(opposite()));
}

BOOST_AUTO_TEST_CASE(whose_goodbye_another_one_has_heard_is_asked_six_times_at_once_and_no_more)
{
    tell_end(opposite().who, true, 1s);
    BOOST_TEST(times_asked(opposite()) == 6U);
    tell_end(opposite().who, true, 1s);
    BOOST_TEST(times_asked(opposite()) == 0U);
    pass(290ms);
    BOOST_TEST(is_charted(opposite()));
    pass(20ms);
    BOOST_TEST(news() == std::vector{event_kind::left}, per_element());
    BOOST_TEST(ended_told_with_the_next_news() == ids{opposite().who.id}, per_element());
}

BOOST_AUTO_TEST_CASE(whose_goodbye_another_one_has_heard_stays_when_it_answers)
{
    tell_end(opposite().who, true, 1s);
    hear_proof(opposite());
    pass(400ms);
    BOOST_TEST(is_charted(opposite()));
    BOOST_TEST(ended_told_with_the_next_news().empty());
}

// Nobody else may hear the one that has told so.
BOOST_AUTO_TEST_CASE(an_end_of_one_known_by_others_only_is_believed_where_not_all_hear_each_other)
{
    link().known().set_aside(opposite().who);
    auto const rumour = on_its_own_host(30).as_member();
    link().known().learn(rumour->who(), rumour->record(), {detail::channel::records, true, true},
                         now);
    pass_without_opposite(5s);
    sent();
    tell_end(rumour->who(), false, 30s);
    BOOST_TEST(!heart.describe(30).has_value());
    BOOST_TEST(ended_told_soon() == ids{30}, per_element());
    pass_without_opposite(20s);
    sent();
    tell_end(rumour->who(), false, 50s); // is no news any more
    BOOST_TEST(ended_told_soon().empty());
}

BOOST_AUTO_TEST_CASE(whose_end_was_told_is_not_charted_when_others_still_tell_of_it)
{
    auto const other = on_its_own_host(30);
    tell_end(other.who, false, 1s);
    tell_of({other});
    BOOST_TEST(!is_charted(other));
    tell_of({on_its_own_host(31)});
    BOOST_TEST(is_charted(on_its_own_host(31)));
}

BOOST_AUTO_TEST_CASE(an_end_of_the_own_life_is_objected_to_in_a_higher_incarnation)
{
    auto const before = heart.own().incarnation;
    auto another = heart.own();
    another.life.bytes[0] = 99;
    tell_end(another, false, 1s); // which has nothing to do with this life
    pass(1s);
    BOOST_TEST(heart.own().incarnation == before);
    tell_end(heart.own(), false, 1s);
    pass(1s);
    BOOST_TEST(heart.own().incarnation == before + 1);
}

BOOST_AUTO_TEST_CASE(the_own_later_record_of_another_link_is_said_here_when_others_tell_it)
{
    heart.set_links({on(3), on(4)}, now);
    heart.set_links({on(3), on(4, {{asio::ip::make_address("10.9.0.8"), 24}})}, now);
    auto const other_record = heart.own_view(4);
    auto const sequence = link().own_voice().own().sequence();
    BOOST_TEST_REQUIRE(other_record.sequence > sequence);
    pass(1s);
    sent();
    auto const members = list_of(member_view{heart.own(), true, other_record});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(teller(), message_type::digest, says);
    pass(1s);
    BOOST_TEST(link().own_voice().own().sequence() == other_record.sequence);
    BOOST_TEST(!sent(message_type::hello).empty());
}

BOOST_AUTO_TEST_CASE(whoever_is_turned_away_is_told_to_the_application)
{
    lone_engine chart(65'536);
    std::uint64_t id = 100;
    for (; id < 100 + 1024; ++id)
        chart.hear(stranger(id), message_type::hello);
    chart.news();
    chart.hear(stranger(id), message_type::hello); // too many come from one host
    auto const told = chart.heart.take_events();
    BOOST_TEST_REQUIRE(told.size() == 1U);
    BOOST_TEST((told[0].kind == event_kind::chart_full));
    BOOST_TEST(told[0].who.id == id);
}

// Whoever tells of another address pays for the questions to that one.
BOOST_AUTO_TEST_CASE(what_others_have_vouched_for_counts_for_the_address_that_they_told_alone)
{
    auto other = on_its_own_host(30);
    hear(other, message_type::hello);
    tell_of({other});
    auto const is_vouched = [&] { return link().known().members().find(30)->is_vouched(); };
    BOOST_TEST(is_vouched());
    hear(other, message_type::hello);
    BOOST_TEST(is_vouched()); // nothing has changed
    ++other.record.sequence;
    other.record.addresses = {asio::ip::make_address("10.0.0.222")};
    hear(other, message_type::hello);
    BOOST_TEST(!is_vouched());
}

BOOST_AUTO_TEST_CASE(of_two_that_came_the_one_that_another_digest_has_told_of_comes_last)
{
    // Just before the teller, and so not among those with which a digest may begin.
    auto const before_teller = [&](stranger const& who) {
        return place_after_us(teller()) - place_after_us(who);
    };
    std::vector<stranger> all;
    for (std::uint64_t id = 1000; all.size() < 2; ++id)
        if (before_teller(on_its_own_host(id)) < std::uint64_t{1} << 56)
            all.push_back(on_its_own_host(id));
    for (auto const& told : all) {
        for (auto const& each : all)
            heart.forget(each.who.id);
        for (auto const& each : all) {
            hear(each, message_type::hello);
            pass(1ms);
        }
        sent();
        tell_of({told, teller()});
        auto const order = members_told_next();
        auto const& other = told.who.id == all[0].who.id ? all[1] : all[0];
        BOOST_TEST(
            (std::ranges::find(order, other.who.id) < std::ranges::find(order, told.who.id)));
    }
}

BOOST_AUTO_TEST_CASE(where_others_have_told_of_members_a_digest_goes_on_behind_them)
{
    for (std::size_t const last : {1U, 5U, 3U}) {
        tell_of({others[last]});
        auto const told = members_told_next();
        BOOST_TEST_REQUIRE(!told.empty());
        BOOST_TEST(told[0] == others[last + 1].who.id);
    }
}

// It cannot ask.
BOOST_AUTO_TEST_CASE(a_listener_believes_a_goodbye_that_others_have_heard)
{
    lone_engine chart;
    chart.heart.listen_only(chart.now);
    chart.hear(opposite(), message_type::hello);
    auto const ended = list_of(ended_member{opposite().who, true, 1s});
    announcement says;
    says.ended = wire_list<ended_member>(ended);
    chart.hear(teller(), message_type::digest, says);
    BOOST_TEST(chart.news() == (std::vector{event_kind::found, event_kind::left}), per_element());
}

BOOST_AUTO_TEST_CASE(for_a_listener_whoever_is_told_of_in_digests_is_there)
{
    lone_engine chart;
    chart.heart.listen_only(chart.now);
    auto const told = opposite().as_member();
    chart.hear(opposite(), message_type::hello);
    auto const members = list_of(member_view{told->who(), true, told->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    for (int i = 0; i < 20; ++i, chart.pass(10s))
        chart.hear(teller(), message_type::digest, says);
    BOOST_TEST(chart.news() == std::vector{event_kind::found}, per_element());
    for (int i = 0; i < 20; ++i, chart.pass(10s))
        chart.hear(teller(), message_type::digest);
    BOOST_TEST(!chart.heart.describe(opposite().who.id).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
