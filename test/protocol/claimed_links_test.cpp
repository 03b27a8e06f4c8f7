// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

// What an application is told of an id while links hold different things of it, step by step.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::list_of;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

asio::ip::address on_link_4(unsigned host)
{
    return asio::ip::make_address_v4(0x0a000400 + host);
}

/// A life of id 9, as it is on link 3, or on link 4.
stranger life(std::uint8_t which, unsigned link)
{
    stranger who(9, which);
    who.who.incarnation = 1000U * which;
    who.link = link;
    if (link == 4) {
        who.source.address(on_link_4(90U + which));
        who.record.addresses = {who.source.address()};
    }
    return who;
}

/// Links 3 and 4, which have nothing to do with each other.
struct two_links : lone_engine {
    two_links()
    {
        heart.set_links({on(3), on(4, {{on_link_4(7), 24}})}, now);
        settle_in();
    }

    /// The first life is known on link 3, and told; the second one is only on link 4.
    void chart_both()
    {
        chart(first);
        chart(second);
        BOOST_TEST_REQUIRE((life_charted() == first.who.life));
    }

    /// The first life is known on a third link, 5, too, with the same record on all.
    void chart_first_on_three_links()
    {
        heart.set_links({on(3), on(4), on(5)}, now);
        for (unsigned const link : {3U, 4U, 5U}) {
            auto there = life(1, 3);
            there.link = link;
            chart(there);
        }
    }

    life_id life_charted() const { return heart.describe(9).value().life; }

    detail::segment& link_4() { return *heart.segments().back(); }

    stranger const first = life(1, 3);
    stranger const second = life(2, 4);
    stranger const third = life(3, 3);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_claimed_links, two_links)

BOOST_AUTO_TEST_CASE(once_a_claim_is_settled_and_all_have_left_the_next_life_is_found)
{
    chart_both();
    hear(first, message_type::bye);
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
    hear(second, message_type::bye);
    BOOST_TEST(news() == kinds{event_kind::left}, per_element());
    hear(third, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(after_a_claimed_id_was_forgotten_the_next_life_is_found)
{
    chart_both();
    heart.forget(9);
    BOOST_TEST(news() == kinds{event_kind::forgotten}, per_element());
    hear(third, message_type::hello);
    BOOST_TEST(news() == kinds{event_kind::found}, per_element());
}

// The conflict is why another life counts now.
BOOST_AUTO_TEST_CASE(a_conflict_that_hands_the_id_to_another_life_is_told_with_it)
{
    chart_both();
    hear(life(1, 4), message_type::hello);
    hear(second, message_type::hello);
    pass(1ms);
    BOOST_TEST(news() == (kinds{event_kind::restarted, event_kind::id_conflict}), per_element());
    BOOST_TEST((life_charted() == second.who.life));
}

// No link holds anything else than before, but the one on link 3 did not answer on link 4.
BOOST_AUTO_TEST_CASE(a_life_that_has_lost_its_id_without_a_word_is_told_to_have_lost_it)
{
    auto teller = stranger(5);
    teller.link = 4;
    chart(teller);
    chart_both();
    auto const told = life(1, 4).as_member();
    auto const members = list_of(member_view{told->who(), true, told->record()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(teller, message_type::digest, says);
    pass(290ms);
    BOOST_TEST((life_charted() == first.who.life));
    BOOST_TEST(news().empty());
    pass(20ms);
    BOOST_TEST((life_charted() == second.who.life));
    BOOST_TEST(news() == kinds{event_kind::restarted}, per_element());
}

// Both have lost it to the other one, so the one that was told of stays.
BOOST_AUTO_TEST_CASE(whoever_loses_one_of_its_links_to_another_life_is_reached_by_the_other)
{
    chart(first);
    chart(life(1, 4));
    BOOST_TEST(heart.describe(9)->addresses.size() == 2U);
    hear(life(2, 3), message_type::hello);
    hear(first, message_type::hello); // which objects on link 3 alone
    hear(second, message_type::hello);
    heart.take_events();
    pass(310ms);
    auto const told = heart.take_events();
    BOOST_TEST_REQUIRE(told.size() == 1U);
    BOOST_TEST(told.front().kind == event_kind::updated);
    BOOST_TEST((told.front().who.life == first.who.life));
    BOOST_TEST(told.front().who.addresses == first.record.addresses, per_element());
}

BOOST_AUTO_TEST_CASE(one_suspected_on_one_of_its_links_alone_was_not_suspected_and_is_not_refuted)
{
    auto there = life(1, 4);
    chart(first);
    chart(there);
    link_4().known().suspect(there.who);
    heart.advance(now);
    BOOST_TEST(news().empty());
    ++there.who.incarnation;
    rollcast::record lost;
    lost.beat_interval = test::beat_interval;
    lost.discovery_port = 1;
    lost.unicast_port_v4 = first.record.unicast_port_v4;
    lost.addresses = first.record.addresses;
    auto const packed = announce::pack(lost).value();
    auto const members =
        list_of(member_view{there.who, false, announce::view_record(packed).value()});
    announcement says;
    says.members = wire_list<member_view>(members);
    hear(there, message_type::hello, says); // it is on link 3 no more
    BOOST_TEST(news() == kinds{event_kind::updated}, per_element());
    BOOST_TEST(heart.describe(9)->addresses == there.record.addresses, per_element());
}

BOOST_AUTO_TEST_CASE(one_on_three_links_is_suspected_once_all_three_suspect_it)
{
    chart_first_on_three_links();
    auto const suspect_on = [&](std::size_t number) {
        heart.segments()[number]->known().suspect(first.who);
        heart.advance(now);
        return news();
    };
    BOOST_TEST(suspect_on(1) == kinds{}, per_element());
    BOOST_TEST(suspect_on(0) == kinds{}, per_element());
    BOOST_TEST(suspect_on(2) == kinds{event_kind::suspect}, per_element());
}

BOOST_AUTO_TEST_CASE(a_goodbye_to_one_on_three_links_is_told_and_counted_once)
{
    chart_first_on_three_links();
    chart(stranger(5));
    hear(first, message_type::bye);
    BOOST_TEST(news() == kinds{event_kind::left}, per_element());
    BOOST_TEST(heart.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
