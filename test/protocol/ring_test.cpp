// SPDX-License-Identifier: BSL-1.0
#include "protocol/ring.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// Whom one watches on the ring of a link, and how far two members are apart on it.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::ring;
using detail::roster_entry;

namespace {

using places = std::vector<std::size_t>;

/// Proven members on the ring before this instance, which stands behind the last of them.
struct circle {
    explicit circle(std::size_t others = 6)
    {
        std::vector<detail::member_ptr> all;
        for (std::uint64_t id = 1; id <= others; ++id)
            all.push_back(test::stranger(id).as_member());
        std::ranges::sort(all, std::greater(), [](auto const& each) { return each->position(); });
        for (auto const& each : all)
            admit(*each, true);
        order = std::move(all);
    }

    void admit(detail::member const& who, bool proven)
    {
        known.learn(who.who(), who.record(), {detail::channel::records, proven, true}, now);
    }
    std::uint64_t id(std::size_t nth) const { return order[nth]->who().id; }
    std::uint64_t position(std::size_t nth) const { return order[nth]->position(); }

    /// In the place of one of the others: the same id, with another record, or unproven.
    void replace(std::size_t nth, test::stranger who, bool proven = true)
    {
        known.forget(id(nth));
        order[nth] = who.as_member();
        admit(*order[nth], proven);
    }
    void forget_proof(std::size_t nth) { replace(nth, test::stranger(id(nth)), false); }
    void set_aside(std::size_t nth) { known.set_aside(order[nth]->who()); }

    /// Which of the others are watched, the nearest one is number 0.
    places watched(
        std::size_t wanted = ring::watchers, bool asides_count = true,
        ring::condition const& is_reliable = [](auto const&) { return true; })
    {
        places all;
        for (auto const& each :
             ring::predecessors(known.members(), own, on, is_reliable, wanted, asides_count)) {
            auto const found = std::ranges::find(order, each->who().id,
                                                 [](auto const& who) { return who->who().id; });
            all.push_back(static_cast<std::size_t>(found - order.begin()));
        }
        return all;
    }

    std::size_t rank(std::uint64_t from, std::uint64_t to)
    {
        return ring::rank(known.members(), from, to);
    }

    test::room_for_all const room{};
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    detail::link on = test::lone_engine::on(3);
    std::uint64_t own = ~std::uint64_t{0};
    std::vector<detail::member_ptr> order; ///< The nearest one first.
};

template <std::size_t Others>
struct circle_of : circle {
    circle_of() : circle(Others) {}
};

/// Whether somebody with these addresses is heard by one who has those.
bool is_heard(std::vector<net::interface_address> const& ours,
              std::vector<std::string> const& theirs)
{
    test::stranger who(1);
    who.record.unicast_port_v6 = who.record.unicast_port_v4;
    who.record.addresses.clear();
    for (auto const& each : theirs)
        who.record.addresses.push_back(asio::ip::make_address(each));
    return detail::can_hear(*who.as_member(), test::lone_engine::on(3, ours));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_ring, circle)

BOOST_AUTO_TEST_CASE(the_two_before_one_are_watched_the_nearest_first)
{
    BOOST_TEST(watched() == (places{0, 1}), per_element());
    own = position(2);
    BOOST_TEST(watched() == (places{3, 4}), per_element());
    own = 0; // round the ring
    BOOST_TEST(watched() == (places{0, 1}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_is_not_reliable_is_watched_in_addition)
{
    auto const reliable = [&](roster_entry const& each) { return each.who().who().id != id(0); };
    BOOST_TEST(watched(2, true, reliable) == (places{0, 1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_has_proven_nothing_is_watched_in_addition)
{
    forget_proof(1);
    BOOST_TEST(watched() == (places{0, 1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_is_set_aside_is_not_watched_but_stands_for_one_that_is)
{
    set_aside(0);
    BOOST_TEST(watched() == (places{1}), per_element());
    BOOST_TEST(watched(2, false) == (places{1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_cannot_be_reached_from_this_link_is_passed_over)
{
    test::stranger elsewhere(id(0));
    elsewhere.record.addresses = {asio::ip::make_address("fe80::99")};
    elsewhere.record.unicast_port_v4 = 0;
    elsewhere.record.unicast_port_v6 = 40000;
    replace(0, elsewhere);
    BOOST_TEST(watched() == (places{1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(where_fewer_are_there_each_is_watched_once)
{
    BOOST_TEST(watched(100).size() == 6U);
    for (std::size_t nth = 0; nth < 6; ++nth)
        known.forget(id(nth));
    BOOST_TEST(watched().empty());
}

BOOST_FIXTURE_TEST_CASE(of_those_who_have_proven_nothing_32_are_watched, circle_of<50>)
{
    for (std::size_t nth = 0; nth < 48; ++nth)
        forget_proof(nth);
    auto const all = watched();
    BOOST_TEST(all.size() == 32U + 2U);
    BOOST_TEST(all.back() == 49U);
}

BOOST_FIXTURE_TEST_CASE(whatever_the_others_are_like_256_are_looked_at, circle_of<300>)
{
    auto const nobody = [](roster_entry const&) { return false; };
    BOOST_TEST(watched(2, true, nobody).size() == 256U);
}

BOOST_AUTO_TEST_CASE(a_member_is_heard_where_it_has_an_address_of_an_ip_version_of_the_link)
{
    net::interface_address const v4{asio::ip::make_address("10.0.0.7"), 24};
    net::interface_address const v6{asio::ip::make_address("fe80::7"), 64};
    BOOST_TEST(is_heard({v4}, {"10.0.0.99"}));
    BOOST_TEST(!is_heard({v4}, {"fe80::99"}));
    BOOST_TEST(!is_heard({v6}, {"10.0.0.99"}));
    BOOST_TEST(is_heard({v6}, {"fe80::99"}));
    BOOST_TEST(is_heard({v4, v6}, {"10.0.0.99"}));
    BOOST_TEST(is_heard({v4, v6}, {"fe80::99"}));
    BOOST_TEST(is_heard({v4}, {"fe80::99", "10.0.0.99"}));
}

BOOST_AUTO_TEST_CASE(a_loopback_address_leads_to_somebody_on_loopback_alone)
{
    net::interface_address const loopback{asio::ip::make_address("127.0.0.1"), 8};
    net::interface_address const v4{asio::ip::make_address("10.0.0.7"), 24};
    BOOST_TEST(is_heard({loopback}, {"127.0.0.1"}));
    BOOST_TEST(!is_heard({v4}, {"127.0.0.1"}));
    BOOST_TEST(is_heard({v4}, {"127.0.0.1", "10.0.0.99"}));
}

BOOST_AUTO_TEST_CASE(members_between_two_places_are_counted_up_the_ring)
{
    BOOST_TEST(rank(position(3), position(3) + 1) == 0U);
    BOOST_TEST(rank(position(3), position(2) - 1) == 0U);
    BOOST_TEST(rank(position(3), position(2)) == 1U);
    BOOST_TEST(rank(position(3), position(1) - 1) == 1U);
    BOOST_TEST(rank(position(3), position(1)) == 2U);
    BOOST_TEST(rank(position(1), position(5)) == 2U); // over its end
}

BOOST_AUTO_TEST_CASE(no_more_than_three_between_two_places_are_counted)
{
    BOOST_TEST(rank(position(5), position(2)) == 3U);
    BOOST_TEST(rank(position(5), position(0)) == 3U);
}

BOOST_AUTO_TEST_CASE(nobody_is_counted_twice_nor_whoever_stands_where_one_begins)
{
    while (order.size() > 2) {
        known.forget(order.back()->who().id);
        order.pop_back();
    }
    BOOST_TEST(rank(position(0), position(0) - 1) == 1U);
    BOOST_TEST(rank(position(1) - 1, position(1) - 2) == 2U);
    known.forget(id(1));
    BOOST_TEST(rank(position(0), position(0) - 1) == 0U);
    known.forget(id(0));
    BOOST_TEST(rank(1, 0) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
