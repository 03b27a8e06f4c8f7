// SPDX-License-Identifier: BSL-1.0
#include "support/sim_attacker.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"

#include "protocol/farewells.hpp"
#include "protocol/former_lives.hpp"

#include <boost/test/unit_test.hpp>

#include <malloc.h>

#include <map>
#include <utility>
#include <vector>

// What was said once and is said again, and what the unproven say of others' ends.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::outgoing;
using test::list_of;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;
using enum message_type;

namespace {

constexpr std::size_t replayed = 1; ///< Whose datagrams are recorded.

/// Six, one of which begins anew, and somebody who repeats what its earlier lives have multicast.
struct recorded : test::settled {
    explicit recorded(std::uint64_t seed) : settled(seed, {}, 6)
    {
        observe([this](std::size_t from, outgoing const& what) {
            if (from == replayed && !what.to && records)
                tape.push_back(what.bytes);
        });
        update(replayed, "something to record");
        run_for(20s);
    }

    void replay()
    {
        records = false;
        detail::endpoint const source{addresses_of(replayed, 0).front(), 20000};
        for (int round = 0; round < 3; ++round)
            for (auto const& each : tape) {
                if (static_cast<message_type>(each[announce::type_offset]) != bye)
                    forge_to_all(0, each, source);
                run_for(100ms);
            }
        run_for(10s);
    }

    /// A new life, and then what the earlier one said.
    void comes_back_in_peace(detail::duration after)
    {
        restart(replayed);
        run_for(after);
        auto const since = now();
        replay();
        is_at_peace(since);
    }

    void is_at_peace(detail::time_point since)
    {
        for (std::size_t who = 0; who < count(); ++who) {
            BOOST_TEST_CONTEXT(who)
            {
                BOOST_TEST((who == replayed || knows(who, replayed)));
                for (auto const& each : events(who))
                    if (each.at >= since)
                        BOOST_TEST(each.what.kind != event_kind::id_conflict);
            }
        }
    }

    bool records = true;
    std::vector<std::vector<std::byte>> tape;
};

struct two_known : lone_engine {
    stranger teller{2};
    stranger known{1};

    two_known()
    {
        teller.source.port(40002);
        teller.record.unicast_port_v4 = 40002;
        settle_in();
        chart(known);
        chart(teller);
    }

    void tell_of_end(stranger const& by, message_type type, bool left)
    {
        auto const ended = list_of(ended_member{known.who, left, 10ms});
        announcement says;
        says.ended = wire_list<ended_member>(ended);
        hear(by, type, says);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_replays)

BOOST_AUTO_TEST_CASE(a_life_that_has_left_makes_no_conflict_for_its_successor)
{
    test::test_seed const seed(930);
    recorded net(seed);
    net.leave(replayed);
    net.run_for(1s);
    net.comes_back_in_peace(1s);
}

BOOST_AUTO_TEST_CASE(nor_does_one_that_has_crashed)
{
    test::test_seed const seed(931);
    recorded net(seed);
    net.crash(replayed);
    net.run_for(100ms);
    net.comes_back_in_peace(5s);
}

BOOST_AUTO_TEST_CASE(nor_does_one_that_was_gone)
{
    test::test_seed const seed(932);
    recorded net(seed);
    net.crash(replayed);
    net.run_for(30s);
    net.comes_back_in_peace(5s);
}

BOOST_AUTO_TEST_CASE(two_that_live_are_told_of_their_conflict_though_one_was_taken_for_ended)
{
    test::test_seed const seed(933);
    test::settled net(seed, {}, 5);
    net.pause(1);
    net.run_for(20s);
    auto const other = net.add({.id = net.id(1)});
    net.start(other);
    net.run_for(5s);
    net.resume(1);
    net.run_for(30s);
    BOOST_TEST(net.times_told(event_kind::id_conflict) >= 2U);
}

BOOST_AUTO_TEST_CASE(former_lives_are_few_and_come_back_by_answering_or_objecting)
{
    detail::former_lives lives;
    for (std::uint64_t id = 1; id <= 10'000; ++id)
        lives.note({id, {{static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(id >> 8)}}, 5});
    BOOST_TEST(lives.size() == 256U);
    identity last{10'000, {{static_cast<std::uint8_t>(10'000 & 255), 10'000 >> 8}}, 5};
    BOOST_TEST(lives.holds(last));
    ++last.incarnation;
    BOOST_TEST(!lives.holds(last));
    --last.incarnation;
    BOOST_TEST(lives.forget(last));
    BOOST_TEST(!lives.forget(last));
    BOOST_TEST(!lives.holds(last));
}

BOOST_AUTO_TEST_CASE(a_former_life_that_is_noted_again_is_one_and_forgotten_later)
{
    detail::former_lives lives;
    auto const life = [](std::uint64_t id, std::uint64_t incarnation) {
        return identity{
            id, {{static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(id >> 8)}}, incarnation};
    };
    for (std::uint64_t id = 1; id <= 256; ++id)
        lives.note(life(id, 5));
    lives.note(life(1, 6));
    BOOST_TEST(lives.size() == 256U);
    lives.note(life(1000, 5));
    BOOST_TEST(lives.holds(life(1, 6)));
    BOOST_TEST(!lives.holds(life(2, 5)));
}

BOOST_AUTO_TEST_CASE(rumours_of_goodbyes_are_few_and_wait_for_an_answer)
{
    detail::farewells rumours;
    detail::time_point const now{1h};
    for (std::uint64_t id = 1; id <= 1000; ++id)
        BOOST_TEST(rumours.note({id, {}, 5}, now) == (id <= detail::farewells::most));
    BOOST_TEST(!rumours.note({1, {}, 5}, now));
    BOOST_TEST(!rumours.take_due(now + 299ms).has_value());
    std::size_t due = 0;
    for (auto each = rumours.take_due(now + 300ms); each; each = rumours.take_due(now + 300ms))
        ++due;
    BOOST_TEST(due == detail::farewells::most);
    BOOST_TEST(!rumours.next_deadline().has_value());
}

BOOST_FIXTURE_TEST_CASE(ends_told_by_the_unproven_are_nothing, two_known)
{
    stranger nobody(66);
    nobody.source.address(asio::ip::make_address("10.0.0.66"));
    for (bool const left : {true, false})
        for (auto const type : {ack, digest, records}) {
            tell_of_end(nobody, type, left);
            BOOST_TEST(sent(ping).empty());
        }
    pass_with(known, 2s);
    BOOST_TEST(news().empty());
    BOOST_TEST(heart.describe(1).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_goodbye_told_by_the_proven_is_checked, two_known)
{
    tell_of_end(teller, digest, true);
    BOOST_TEST(sent(ping).size() == 6U);
    pass(100ms);
    hear_proof(known);
    pass(1s);
    BOOST_TEST(news().empty());
    tell_of_end(teller, digest, true);
    pass(299ms);
    BOOST_TEST(news().empty());
    pass(1ms);
    BOOST_TEST(news() == kinds{event_kind::left}, per_element());
}

BOOST_FIXTURE_TEST_CASE(a_goodbye_that_was_checked_is_passed_on, two_known)
{
    tell_of_end(teller, digest, true);
    pass(1s);
    BOOST_TEST_REQUIRE(news() == kinds{event_kind::left}, per_element());
    std::size_t told = 0;
    for (auto const end = now + 20s; now < end; pass(1s)) {
        hear(teller, beat);
        for (auto const& each : sent(digest))
            for (auto const& ended : each.what.ended)
                told += ended.who.id == known.who.id && ended.left;
    }
    BOOST_TEST(told >= 1U);
}

BOOST_FIXTURE_TEST_CASE(records_without_end_take_bounded_memory, two_known)
{
    stranger other(3);
    std::vector<std::byte> members;
    for (int i = 0; i < 12; ++i) {
        auto const told = other.as_member();
        announce::append(members, member_view{told->who(), true, told->record()});
    }
    announcement differs;
    differs.summary = summary{9, {1, 2}, 1};
    hear(teller, digest, differs);
    pass(5s);
    BOOST_TEST(sent(pull).size() == 1U);
    announcement says;
    says.members = wire_list<member_view>(members);
    says.cookie = 5;
    says.summary = differs.summary;
    auto const before = mallinfo2().uordblks;
    for (int i = 0; i < 200'000; ++i) {
        says.echo = heart.segments().front()->own_voice().cookie(teller.source, now);
        says.part = part{static_cast<std::uint16_t>(i % 2000), false};
        hear(teller, records, says);
    }
    BOOST_TEST(mallinfo2().uordblks < before + 4'000'000);
}

BOOST_AUTO_TEST_CASE(forged_goodbyes_and_verdicts_keep_nobody_out_for_long)
{
    test::test_seed const seed(934);
    test::settled net(seed, {.loss = 0.05}, 6);
    test::sim_attacker enemy(seed + 1);
    detail::random_source random(seed + 2);
    std::map<std::pair<std::size_t, std::uint64_t>, detail::time_point> away;
    net.listen([&](std::size_t who, event const& what) {
        auto const pair = std::pair(who, what.who.id);
        if (what.kind == event_kind::gone || what.kind == event_kind::left)
            away.emplace(pair, net.now());
        else if (what.kind == event_kind::found || what.kind == event_kind::returned ||
                 what.kind == event_kind::restarted)
            away.erase(pair);
        for (auto const& [whom, since] : away)
            BOOST_TEST((net.now() - since <= 3s));
    });
    for (int i = 0; i < 60; ++i) {
        auto const victim = random.next() % net.count();
        auto const who = net.engine(victim).own();
        auto const source = enemy.source();
        auto const subjects = list_of(who);
        announcement says;
        says.subjects = wire_list<identity>(subjects);
        if (i % 2 == 0)
            net.forge_to_all(0, enemy.say(bye, who, source), source);
        else
            net.forge_to_all(0, enemy.say(gone, enemy.forged(77, who.incarnation), source, says),
                             source);
        net.run_for(1s);
    }
    net.run_for(10s);
    BOOST_TEST(away.empty());
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_SUITE_END()
