// SPDX-License-Identifier: BSL-1.0
#include "protocol/random_source.hpp"
#include "protocol/roster.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <iterator>
#include <map>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::member_ptr;
using detail::ring_position;
using detail::roster;
using detail::roster_entry;
using test::stranger;

namespace {

/// A roster, and the same in a form too simple to be wrong.
struct pair_of_rosters {
    struct fact {
        member_ptr who;
        bool proven = false;
        bool suspect = false;
        std::chrono::milliseconds first_heard{};
        std::chrono::milliseconds last_heard{};
    };
    using place = std::pair<std::uint64_t, std::uint64_t>; // position, id

    roster members{group_key()};
    std::map<place, fact> model;

    static member_ptr person(std::uint64_t id, std::uint32_t sequence = 0, bool v4 = true)
    {
        stranger who(id);
        who.record.sequence = sequence;
        if (!v4) {
            who.record.addresses = {asio::ip::make_address("fe80::99")};
            who.record.unicast_port_v4 = 0;
            who.record.unicast_port_v6 = 40000;
        }
        return who.as_member();
    }

    static place place_of(std::uint64_t id) { return {ring_position(id, group_key()), id}; }

    void insert(member_ptr who, std::chrono::milliseconds now)
    {
        auto const& entry = members.insert(who, now);
        BOOST_TEST(entry.pointer().get() == who.get());
        model[place_of(who->who().id)] = {who, false, false, now, now};
    }

    void erase(std::uint64_t id)
    {
        members.erase(id);
        model.erase(place_of(id));
    }

    void replace(member_ptr who)
    {
        auto const id = who->who().id;
        members.replace(*members.find(id), who);
        model[place_of(id)].who = who;
    }

    void prove(std::uint64_t id)
    {
        members.prove(*members.find(id));
        model[place_of(id)].proven = true;
    }

    /// How many of the model fulfil the condition.
    template <class Condition>
    std::size_t count(Condition condition) const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(model, [&](auto const& each) { return condition(each.second); }));
    }

    std::uint64_t cyclic_successor(std::uint64_t position) const
    {
        auto const found = model.upper_bound({position, ~std::uint64_t{0}});
        return (found == model.end() ? model.begin() : found)->first.second;
    }

    std::uint64_t cyclic_predecessor(std::uint64_t position) const
    {
        auto const found = model.lower_bound({position, 0});
        return std::prev(found == model.begin() ? model.end() : found)->first.second;
    }

    static std::uint64_t id_of(roster_entry const* entry) { return entry->who().who().id; }

    void compare_neighbours(std::uint64_t position)
    {
        BOOST_TEST(id_of(members.after(position)) == cyclic_successor(position));
        BOOST_TEST(id_of(members.before(position)) == cyclic_predecessor(position));
    }

    void compare_order()
    {
        auto expected = model.begin();
        for (auto const& each : members.all()) {
            if (!each)
                continue;
            BOOST_TEST_REQUIRE((expected != model.end()));
            auto const& [place, fact] = *expected++;
            BOOST_TEST(each.who().who().id == place.second);
            BOOST_TEST(each.pointer().get() == fact.who.get());
            BOOST_TEST(each.is_proven() == fact.proven);
            BOOST_TEST(each.is_suspect() == fact.suspect);
            BOOST_TEST(each.first_heard() == fact.first_heard);
            BOOST_TEST(each.last_heard() == fact.last_heard);
            BOOST_TEST(id_of(members.next(each)) == cyclic_successor(place.first));
            BOOST_TEST(id_of(members.previous(each)) == cyclic_predecessor(place.first));
        }
        BOOST_TEST((expected == model.end()));
    }

    void compare_buckets()
    {
        detail::set_hash sum;
        std::array<std::uint32_t, 256> buckets{};
        for (auto const& [place, fact] : model) {
            sum += fact.who->hash();
            buckets[place.first >> 56] += static_cast<std::uint32_t>(fact.who->hash().low());
        }
        BOOST_TEST((members.hash() == sum));
        for (std::size_t bucket = 0; bucket < 256; ++bucket) {
            BOOST_TEST(members.bucket_hash(bucket) == buckets[bucket]);
            auto const first = model.lower_bound({std::uint64_t{bucket} << 56, 0});
            auto const at = members.bucket_begin(bucket);
            BOOST_TEST_REQUIRE((at == members.all().size()) == (first == model.end()));
            if (first != model.end())
                BOOST_TEST(id_of(&members.all()[at]) == first->first.second);
        }
    }

    /// Of entries without a gap: to find one takes at most so many steps.
    std::size_t longest_run() const
    {
        std::size_t longest = 0;
        std::size_t run = 0;
        for (auto const& each : members.all()) {
            run = each ? run + 1 : 0;
            longest = std::max(longest, run);
        }
        return longest;
    }

    void compare()
    {
        BOOST_TEST(members.size() == model.size());
        BOOST_TEST(members.unproven() == count([](fact const& each) { return !each.proven; }));
        for (bool const v4 : {true, false})
            BOOST_TEST(members.without(v4) ==
                       count([&](fact const& each) { return !each.who->speaks(v4); }));
        compare_order();
        compare_buckets();
    }
};

/// Ids that stand next to each other on the ring, at its very end.
std::vector<std::uint64_t> ids_at_the_end(std::size_t count, unsigned leading_ones)
{
    std::vector<std::uint64_t> ids;
    for (std::uint64_t id = 1; ids.size() < count; ++id)
        if (~ring_position(id, group_key()) >> (64 - leading_ones) == 0)
            ids.push_back(id);
    return ids;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_roster, pair_of_rosters)

BOOST_AUTO_TEST_CASE(an_empty_one_has_nobody)
{
    BOOST_TEST(members.find(1) == nullptr);
    BOOST_TEST(members.after(0) == nullptr);
    BOOST_TEST(members.before(0) == nullptr);
    members.erase(1);
    compare();
}

BOOST_AUTO_TEST_CASE(one_alone_is_its_own_neighbour)
{
    insert(person(1), 5ms);
    compare();
    compare_neighbours(place_of(1).first);
    compare_neighbours(0);
    compare_neighbours(~std::uint64_t{0});
    erase(1);
    compare();
    BOOST_TEST(members.after(0) == nullptr);
}

BOOST_AUTO_TEST_CASE(whatever_happens_it_holds_what_a_map_would)
{
    for (auto const each : test::test_seeds(400, 5)) {
        test::test_seed const seed(each);
        detail::random_source random(seed);
        members = roster(group_key());
        model.clear();
        std::uint64_t const ids = 10 + random.next() % 1000;
        for (int step = 0; step < 5000; ++step) {
            auto const id = 1 + random.next() % ids;
            auto const now = std::chrono::milliseconds(step) * 1'000'000'000;
            auto* entry = members.find(id);
            BOOST_TEST_REQUIRE((entry != nullptr) == model.contains(place_of(id)));
            if (entry)
                BOOST_TEST(id_of(entry) == id);
            auto const version = members.version();
            auto const what = random.next() % 8;
            bool const counts =
                !entry || (what < 3) || what == 3 || (what == 4 && !model[place_of(id)].proven);
            if (!entry) {
                insert(person(id, 0, random.next() % 10 != 0), now);
            } else if (what < 3) {
                erase(id);
            } else if (what == 3) {
                replace(person(id, static_cast<std::uint32_t>(step), random.next() % 2 == 0));
            } else if (what == 4) {
                prove(id);
            } else if (what == 5) {
                entry->heard(now);
                model[place_of(id)].last_heard = now;
            } else if (what == 6) {
                entry->suspect(step % 2 == 0);
                model[place_of(id)].suspect = step % 2 == 0;
            }
            BOOST_TEST((members.version() != version) == counts);
            if (!model.empty())
                compare_neighbours(random.next());
            if (step % 250 == 0)
                compare();
        }
        compare();
        while (!model.empty())
            erase(model.begin()->first.second);
        compare();
    }
}

BOOST_AUTO_TEST_CASE(one_that_changed_its_ip_versions_is_counted_by_those_it_has_now)
{
    insert(person(1, 0, true), 0ms);
    BOOST_TEST(members.without(true) == 0U);
    BOOST_TEST(members.without(false) == 1U);
    replace(person(1, 1, false));
    compare();
    BOOST_TEST(members.without(true) == 1U);
    BOOST_TEST(members.without(false) == 0U);
}

BOOST_AUTO_TEST_CASE(proving_twice_counts_once)
{
    insert(person(1), 0ms);
    insert(person(2), 0ms);
    prove(1);
    prove(1);
    BOOST_TEST(members.unproven() == 1U);
}

BOOST_AUTO_TEST_CASE(a_member_is_heard_aside_or_hidden_and_so_it_is_counted)
{
    auto const counts = [&] {
        return std::vector{members.heard(), members.aside(), members.hidden()};
    };
    using list = std::vector<std::size_t>;
    auto& one = members.insert(person(1), 0ms);
    BOOST_TEST((!one.is_heard() && !one.answers() && !one.is_aside() && !one.is_hidden()));
    BOOST_TEST(counts() == (list{0, 0, 0}), boost::test_tools::per_element());
    members.set_aside(one);
    BOOST_TEST((!one.is_heard() && !one.answers() && one.is_aside() && one.is_hidden()));
    BOOST_TEST(counts() == (list{0, 1, 1}), boost::test_tools::per_element());
    members.hear(one);
    BOOST_TEST((one.is_heard() && !one.answers() && one.is_aside() && !one.is_hidden()));
    BOOST_TEST(counts() == (list{1, 1, 0}), boost::test_tools::per_element());
    members.miss(one);
    BOOST_TEST((!one.is_heard() && one.is_aside() && one.is_hidden()));
    BOOST_TEST(counts() == (list{0, 1, 1}), boost::test_tools::per_element());
    members.answer(one);
    BOOST_TEST((one.is_heard() && one.answers() && !one.is_aside() && !one.is_hidden()));
    BOOST_TEST(counts() == (list{1, 0, 0}), boost::test_tools::per_element());
    members.set_aside(one);
    BOOST_TEST((one.is_heard() && !one.answers() && one.is_aside() && !one.is_hidden()));
    BOOST_TEST(counts() == (list{1, 1, 0}), boost::test_tools::per_element());
    members.miss(one);
    members.erase(1);
    BOOST_TEST(counts() == (list{0, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_what_is_new_of_a_member_makes_a_new_version)
{
    auto& one = members.insert(person(1), 0ms);
    auto const is_new = [&](void (roster::*what)(roster_entry&)) {
        auto const before = members.version();
        (members.*what)(one);
        return members.version() > before;
    };
    BOOST_TEST(!is_new(&roster::miss));
    BOOST_TEST(is_new(&roster::hear));
    BOOST_TEST(!is_new(&roster::hear));
    BOOST_TEST(is_new(&roster::answer));
    BOOST_TEST(!is_new(&roster::answer));
    BOOST_TEST(is_new(&roster::set_aside));
    BOOST_TEST(!is_new(&roster::set_aside));
    BOOST_TEST(is_new(&roster::answer));
    BOOST_TEST(is_new(&roster::set_aside));
    BOOST_TEST(is_new(&roster::miss));
    BOOST_TEST(!is_new(&roster::miss));
    BOOST_TEST(members.heard() == 0U);
    BOOST_TEST(members.aside() == 1U);
}

BOOST_AUTO_TEST_CASE(a_member_that_changes_its_record_is_counted_as_before)
{
    members.set_aside(members.insert(person(1), 0ms));
    members.hear(members.insert(person(2), 0ms));
    for (std::uint64_t id = 1; id <= 2; ++id)
        members.replace(*members.find(id), person(id, 1));
    BOOST_TEST(members.aside() == 1U);
    BOOST_TEST(members.hidden() == 1U);
    BOOST_TEST(members.heard() == 1U);
    BOOST_TEST(members.find(1)->is_hidden());
    BOOST_TEST(members.find(2)->is_heard());
}

BOOST_AUTO_TEST_CASE(a_long_beat_interval_is_believed_of_one_that_has_proven_itself)
{
    stranger slow(1);
    slow.record.beat_interval = 900s;
    stranger quick(2);
    quick.record.beat_interval = 300ms;
    members.insert(slow.as_member(), 0ms);
    members.insert(quick.as_member(), 0ms);
    BOOST_TEST((members.find(1)->beat_interval() == 2500ms));
    BOOST_TEST((members.find(2)->beat_interval() == 300ms));
    members.prove(*members.find(1));
    BOOST_TEST((members.find(1)->beat_interval() == 900s));
}

BOOST_AUTO_TEST_CASE(whether_others_vouch_for_a_member_can_change)
{
    auto& one = members.insert(person(1), 0ms);
    BOOST_TEST(!one.is_vouched());
    one.vouch(true);
    BOOST_TEST(one.is_vouched());
    one.vouch(false);
    BOOST_TEST(!one.is_vouched());
}

BOOST_AUTO_TEST_CASE(many_that_stand_together_are_kept_apart)
{
    auto const ids = ids_at_the_end(200, 8);
    for (auto const id : ids)
        insert(person(id), 1ms);
    compare();
    for (std::size_t i = 0; i < ids.size(); i += 2)
        erase(ids[i]);
    compare();
    for (std::size_t i = 0; i < ids.size(); i += 2)
        insert(person(ids[i]), 2ms);
    compare();
}

// The upper halves of their positions are equal.
BOOST_AUTO_TEST_CASE(two_that_stand_all_but_at_one_place_are_kept_in_their_order)
{
    constexpr std::uint64_t before = 67'906;
    constexpr std::uint64_t behind = 119'566;
    BOOST_TEST_REQUIRE(((place_of(before).first ^ place_of(behind).first) >> 32) == 0U);
    BOOST_TEST_REQUIRE(place_of(before).first < place_of(behind).first);
    for (bool const forwards : {true, false}) {
        insert(person(forwards ? before : behind), 1ms);
        insert(person(forwards ? behind : before), 1ms);
        compare();
        compare_neighbours(place_of(before).first);
        compare_neighbours(place_of(behind).first);
        erase(before);
        compare();
        erase(behind);
        compare();
    }
}

BOOST_AUTO_TEST_CASE(ids_chosen_to_stand_together_do_not_cost_more_memory_than_others)
{
    for (auto const id : ids_at_the_end(64, 14))
        insert(person(id), 1ms);
    compare();
    BOOST_TEST(members.memory() <= 64U * 5U / 2U * sizeof(roster_entry));
}

BOOST_AUTO_TEST_CASE(ten_thousand_take_a_third_above_what_they_need_and_are_found_in_few_steps)
{
    for (std::uint64_t id = 1; id <= 10'000; ++id)
        members.insert(person(id), 1ms);
    BOOST_TEST(members.memory() <= 10'000U * sizeof(roster_entry) * 4 / 3 + 1000);
    BOOST_TEST(longest_run() < 500U);
}

BOOST_FIXTURE_TEST_CASE(times_are_kept_for_centuries, pair_of_rosters)
{
    constexpr auto first = std::chrono::duration_cast<std::chrono::milliseconds>(24h * 365 * 100);
    auto& entry = members.insert(person(1), first);
    BOOST_TEST((entry.first_heard() == first));
    entry.heard(first + 3ms);
    BOOST_TEST((entry.last_heard() == first + 3ms));
    BOOST_TEST((entry.first_heard() == first));
}

// So that those where most listen are told first, whoever comes and goes.
BOOST_FIXTURE_TEST_CASE(discovery_ports_are_known_in_the_order_of_those_who_use_them,
                        pair_of_rosters)
{
    auto const add = [&](std::uint64_t id, net::port_type port) {
        stranger who(id);
        who.record.discovery_port = port;
        members.prove(members.insert(who.as_member(), 0ms));
    };
    auto const ports = [&] {
        std::vector<net::port_type> all;
        for (auto const& [port, users] : members.ports())
            all.push_back(port);
        return all;
    };
    using list = std::vector<net::port_type>;
    for (std::uint64_t const id : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}})
        add(id, 7001);
    for (std::uint64_t const id : {std::uint64_t{4}, std::uint64_t{5}})
        add(id, 7002);
    add(6, 7003);
    BOOST_TEST(ports() == (list{7001, 7002, 7003}), boost::test_tools::per_element());
    for (std::uint64_t const id : {std::uint64_t{7}, std::uint64_t{8}})
        add(id, 7003);
    add(9, 7003);
    BOOST_TEST(ports() == (list{7003, 7001, 7002}), boost::test_tools::per_element());
    for (std::uint64_t const id : {std::uint64_t{6}, std::uint64_t{7}, std::uint64_t{8}})
        members.erase(id);
    BOOST_TEST(ports() == (list{7001, 7002, 7003}), boost::test_tools::per_element());
    members.erase(9);
    BOOST_TEST(ports() == (list{7001, 7002}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_port_that_gets_one_more_user_goes_before_all_that_had_as_many,
                        pair_of_rosters)
{
    for (std::uint64_t id = 1; id <= 6; ++id) {
        stranger who(id);
        who.record.discovery_port = static_cast<net::port_type>(id <= 5 ? 7000 + id : 7005);
        members.prove(members.insert(who.as_member(), 0ms));
    }
    BOOST_TEST(members.ports().size() == 5U);
    BOOST_TEST(members.ports().front().first == 7005);
    BOOST_TEST(members.ports().front().second == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
