// SPDX-License-Identifier: BSL-1.0
#include "protocol/reconciler.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

// How the reconciler of a link compares two charts and makes them equal, step by step.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::endpoint;
using detail::self_state;
using test::stranger;

namespace {

using ids = std::vector<std::uint64_t>;
using delays = std::vector<detail::duration>;

/// Instance 7, which knows some members for long, and a peer at an address that has proven itself.
struct comparing {
    explicit comparing(std::size_t members = 10, bool observer = false, std::size_t room_for = 4096)
        : self(configured(observer, room_for))
    {
        self.now_doing = observer ? self_state::mode::observing : self_state::mode::announcing;
        for (std::uint64_t id = 1; id <= members; ++id)
            learn(stranger(100 + id));
        says.hear(peer, 1, true);
        now += 1h;
    }

    static detail::engine_config configured(bool observer, std::size_t room_for)
    {
        detail::engine_config config;
        config.own = {7, {{7}}, 1000};
        config.discovery_port = 8080;
        config.detection_time = 10s;
        config.max_instances = room_for;
        config.observer = observer;
        config.seed = 1;
        return config;
    }

    void learn(stranger const& who, bool proven = true)
    {
        auto const value = who.as_member();
        known.learn(value->who(), value->record(), {detail::channel::records, proven, true}, now);
    }
    void change_something()
    {
        ++busy.record.sequence;
        learn(busy);
    }

    /// What another chart amounts to that differs from ours in this way.
    static summary other(std::uint64_t which, std::uint32_t members = 10)
    {
        return {members, {1, which}, 1};
    }
    void compare(std::uint64_t which = 1, detail::duration delay = {}, bool urgent = false)
    {
        charts.compare({1, peer}, other(which), std::nullopt, delay, now, urgent);
    }

    std::vector<announcement> take()
    {
        outgoing = std::exchange(self.sent, {});
        std::vector<announcement> all;
        for (auto const& each : outgoing)
            all.push_back(announce::decode(each.bytes, group_key()).value());
        return all;
    }
    std::vector<message_type> said()
    {
        std::vector<message_type> types;
        for (auto const& each : take())
            types.push_back(each.type);
        return types;
    }
    std::size_t count_of(message_type type)
    {
        auto const all = said();
        return static_cast<std::size_t>(std::ranges::count(all, type));
    }

    /// When something was said from now on, while the reconciler is called whenever it wants to be.
    delays spoken_within(detail::duration how_long, auto const& meanwhile)
    {
        delays all;
        auto const begun = now;
        for (; now - begun <= how_long; now += 1ms) {
            meanwhile();
            if (auto const due = charts.next_deadline(); due && *due <= now)
                charts.advance(now);
            for (auto const& each : said())
                if (each != message_type::records)
                    all.push_back(now - begun);
        }
        return all;
    }
    delays spoken_within(detail::duration how_long)
    {
        return spoken_within(how_long, [] {});
    }

    /// A PULL of ours is on its way.
    void pull(std::uint64_t which = 1)
    {
        now += 1s;
        compare(which);
        charts.advance(now);
        BOOST_TEST_REQUIRE(count_of(message_type::pull) == 1U);
    }

    /// RECORDS of a chart that differs in these buckets, and holds these members.
    struct reply {
        rollcast::part part{0, true};
        std::optional<std::uint64_t> cookie = 5;
        std::vector<std::size_t> differing = every_bucket();
        std::vector<stranger> members{};
        std::optional<rollcast::summary> summary = other(1);
    };
    static std::vector<std::size_t> every_bucket()
    {
        std::vector<std::size_t> all;
        for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket)
            all.push_back(bucket);
        return all;
    }
    void hear(reply const& what, std::optional<endpoint> from = {})
    {
        announcement heard;
        heard.type = message_type::records;
        heard.part = what.part;
        heard.cookie = what.cookie;
        heard.summary = what.summary;
        std::vector<std::byte> differing(announce::bucket_count / 8);
        for (auto const bucket : what.differing)
            differing[bucket / 8] |= std::byte{0x80} >> static_cast<int>(bucket % 8);
        if (!what.differing.empty())
            heard.differing = differing;
        std::vector<std::byte> members;
        for (auto const& each : what.members)
            announce::append(members, member_view{each.who, true, each.as_member()->record()});
        heard.members = wire_list<member_view>(members);
        detail::arrival const arrived{3, from.value_or(peer)};
        charts.hear_records(heard, arrived, now);
        charts.heard_records(heard, arrived, now);
    }

    /// Whom the RECORDS tell of that were sent since the last call, oneself included.
    ids told()
    {
        ids all;
        for (auto const& each : take())
            for (auto const& who : each.members)
                all.push_back(who.who.id);
        std::ranges::sort(all);
        return all;
    }
    ids everybody() const
    {
        ids all{7};
        for (auto const& each : known.members().all())
            if (each)
                all.push_back(each.who().who().id);
        std::ranges::sort(all);
        return all;
    }
    static std::size_t bucket_of(std::uint64_t id)
    {
        return detail::roster::bucket_of(detail::ring_position(id, group_key()));
    }

    /// PULLs of the peer: as of a chart that is the same in these buckets.
    void hear_pull(detail::asker const& from, std::vector<std::size_t> const& same)
    {
        announcement heard;
        heard.type = message_type::pull;
        heard.cookie = 5;
        std::vector<std::byte> packed;
        for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket) {
            bool const equal = std::ranges::find(same, bucket) != same.end();
            auto const hash = says.bucket_hash(bucket) + !equal;
            for (int shift = 24; shift >= 0; shift -= 8)
                packed.push_back(static_cast<std::byte>(hash >> shift));
        }
        heard.buckets = packed;
        charts.hear_pull(heard, from, now);
    }
    void hear_pull_of_all(detail::asker const& from)
    {
        announcement heard;
        heard.type = message_type::pull;
        heard.cookie = 5;
        charts.hear_pull(heard, from, now);
    }
    detail::asker proven_peer() const { return {peer, true, true}; }

    void hear_proof(endpoint const& from, std::optional<std::uint64_t> cookie = {})
    {
        announcement heard;
        heard.cookie = cookie;
        charts.hear_proof(heard, {3, from}, now);
    }

    endpoint const peer{asio::ip::make_address("10.0.0.99"), 40000};
    endpoint const unproven{asio::ip::make_address("10.0.0.50"), 40000};
    test::room_for_all const room{};
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    detail::link on = test::lone_engine::on(3);
    self_state self;
    detail::voice says{self, on, known};
    detail::reconciler charts{known, says, self};
    stranger busy{101};
    std::vector<detail::outgoing> outgoing; ///< What `take` has given views of.
};

struct observer_comparing : comparing {
    observer_comparing() : comparing(10, true) {}
};

struct room_for_three : comparing {
    room_for_three() : comparing(10, false, 3) {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_exchanges, comparing)

BOOST_AUTO_TEST_CASE(another_chart_that_differs_is_asked_for_by_the_hashes_of_256_buckets)
{
    charts.compare({1, peer}, other(1), 44, {}, now);
    charts.advance(now);
    auto const all = take();
    BOOST_TEST_REQUIRE(all.size() == 1U);
    auto const& pull = all.front();
    BOOST_TEST((pull.type == message_type::pull));
    BOOST_TEST((outgoing.front().to == peer));
    BOOST_TEST((pull.summary == says.summary()));
    BOOST_TEST((pull.cookie == says.cookie(peer, now)));
    BOOST_TEST((pull.echo == 44U));
    BOOST_TEST_REQUIRE(pull.buckets.size() == 1024U);
    for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket) {
        std::uint32_t hash = 0;
        for (auto const byte : pull.buckets.subspan(4 * bucket, 4))
            hash = hash << 8 | std::to_integer<std::uint32_t>(byte);
        BOOST_TEST(hash == says.bucket_hash(bucket));
    }
}

BOOST_AUTO_TEST_CASE(a_chart_that_is_equal_is_not_asked_for)
{
    charts.compare({1, peer}, says.summary(), {}, {}, now);
    BOOST_TEST(!charts.next_deadline().has_value());
    compare();
    BOOST_TEST(charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(a_chart_that_has_become_equal_meanwhile_is_not_asked_for)
{
    auto const before = says.summary();
    learn(stranger(200));
    charts.compare({1, peer}, before, {}, {}, now);
    known.forget(200);
    BOOST_TEST(spoken_within(1s).empty());
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(one_that_may_not_ask_does_not)
{
    self.now_doing = self_state::mode::silent;
    compare();
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(a_chart_is_asked_for_after_the_delay)
{
    compare(1, 100ms);
    BOOST_TEST(spoken_within(1s) == (delays{100ms}), per_element());
}

BOOST_AUTO_TEST_CASE(of_two_charts_that_differ_the_one_that_is_to_be_asked_sooner_is)
{
    compare(1, 100ms);
    compare(2, 50ms);
    compare(3, 60ms);
    BOOST_TEST(spoken_within(90ms) == (delays{50ms}), per_element());
}

BOOST_AUTO_TEST_CASE(an_urgent_question_goes_before_others_and_is_put_off_by_none)
{
    compare(1, 50ms);
    compare(2, 100ms, true);
    compare(3, 10ms, true);
    compare(4, 10ms);
    BOOST_TEST(spoken_within(250ms) == (delays{100ms}), per_element());
}

BOOST_AUTO_TEST_CASE(a_chart_that_has_just_changed_is_compared_a_quarter_of_a_second_later)
{
    BOOST_TEST(!charts.is_young(now));
    change_something();
    BOOST_TEST(charts.is_young(now + 249ms));
    BOOST_TEST(!charts.is_young(now + 250ms));
    compare();
    BOOST_TEST(spoken_within(1s) == (delays{250ms}), per_element());
}

BOOST_AUTO_TEST_CASE(an_urgent_question_does_not_wait_for_a_quiet_moment)
{
    change_something();
    compare(1, {}, true);
    BOOST_TEST(spoken_within(200ms) == (delays{0ms}), per_element());
}

BOOST_AUTO_TEST_CASE(where_charts_change_all_the_time_one_asks_after_two_seconds)
{
    change_something();
    compare();
    auto const busily = [&] {
        if (now.time_since_epoch() % 100ms != 0ms)
            return;
        change_something();
        compare(2); // by which the two seconds do not begin anew
    };
    auto const asked = spoken_within(2200ms, busily);
    BOOST_TEST(asked == (delays{2000ms}), per_element());
}

BOOST_AUTO_TEST_CASE(between_two_questions_a_quarter_of_a_second_passes)
{
    pull();
    hear({});
    take();
    compare(2);
    BOOST_TEST(spoken_within(400ms) == (delays{250ms}), per_element());
}

BOOST_AUTO_TEST_CASE(another_question_waits_until_the_one_before_is_answered_or_given_up)
{
    pull();
    compare(2);
    BOOST_TEST(spoken_within(200ms).empty());
    hear({{0, false}}); // a part of the answer
    take();
    BOOST_TEST(spoken_within(400ms) == (delays{300ms}), per_element());
}

BOOST_AUTO_TEST_CASE(a_member_does_not_repeat_what_was_lost)
{
    pull();
    BOOST_TEST(spoken_within(5s).empty());
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(an_address_that_has_proven_nothing_is_asked_three_times_for_a_proof)
{
    says.hear(unproven, 1000, false);
    charts.compare({1, unproven}, other(1), {}, {}, now);
    BOOST_TEST(spoken_within(3s) == (delays{0ms, 300ms, 600ms}), per_element());
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_FIXTURE_TEST_CASE(an_observer_asks_six_times_for_a_proof, observer_comparing)
{
    says.hear(unproven, 1000, false);
    charts.compare({1, unproven}, other(1), {}, {}, now);
    auto const asked = spoken_within(3s);
    BOOST_TEST(asked == (delays{0ms, 200ms, 400ms, 600ms, 800ms, 1000ms}), per_element());
}

BOOST_AUTO_TEST_CASE(once_it_has_proven_itself_it_is_asked_with_the_cookie_that_it_gave_last)
{
    for (bool const another : {true, false}) {
        comparing one;
        one.says.hear(one.unproven, 1000, false);
        one.charts.compare({1, one.unproven}, other(1), 44, {}, one.now);
        one.charts.advance(one.now);
        auto const asked = one.take();
        BOOST_TEST_REQUIRE(asked.size() == 1U);
        BOOST_TEST((asked.front().type == message_type::ping));
        BOOST_TEST((asked.front().cookie == one.says.cookie(one.unproven, one.now)));
        one.now += 100ms;
        one.hear_proof(one.peer, 99); // of somebody else
        BOOST_TEST((one.charts.next_deadline() > one.now));
        one.says.hear(one.unproven, 1, true);
        one.hear_proof(one.unproven, another ? std::optional<std::uint64_t>(55) : std::nullopt);
        BOOST_TEST((one.charts.next_deadline() == one.now));
        one.charts.advance(one.now);
        auto const pulls = one.take();
        BOOST_TEST_REQUIRE(pulls.size() == 1U);
        BOOST_TEST((pulls.front().type == message_type::pull));
        BOOST_TEST((pulls.front().echo == (another ? 55U : 44U)));
    }
}

BOOST_AUTO_TEST_CASE(a_proof_that_nobody_asked_for_makes_no_question_come_sooner)
{
    hear_proof(peer);
    BOOST_TEST(!charts.next_deadline().has_value());
    compare(1, 1s);
    hear_proof(peer);
    BOOST_TEST((charts.next_deadline() == now + 1s));
}

BOOST_AUTO_TEST_CASE(without_postage_for_the_question_one_waits_for_words_to_come)
{
    charts.compare({1, unproven}, other(1), {}, {}, now);
    BOOST_TEST(!charts.is_out_of_words());
    charts.advance(now);
    BOOST_TEST(said().empty());
    BOOST_TEST(charts.is_out_of_words());
    BOOST_TEST(!charts.next_deadline().has_value());
    charts.find_words();
    BOOST_TEST(!charts.is_out_of_words());
}

BOOST_AUTO_TEST_CASE(one_that_knows_less_than_half_of_it_asks_at_once_for_all_with_a_cookie)
{
    auto const asks_for_all = [](std::uint32_t members, std::optional<std::uint64_t> cookie) {
        comparing one;
        one.says.hear(one.unproven, 1000, false);
        one.charts.compare({1, one.unproven}, other(1, members), cookie, {}, one.now);
        one.charts.advance(one.now);
        auto const all = one.take();
        BOOST_TEST_REQUIRE(all.size() == 1U);
        if (all.front().type == message_type::ping)
            return false;
        BOOST_TEST((all.front().type == message_type::pull));
        BOOST_TEST(all.front().buckets.empty());
        BOOST_TEST(!all.front().summary.has_value());
        return true;
    };
    BOOST_TEST(asks_for_all(23, 44)); // it knows eleven, with itself
    BOOST_TEST(!asks_for_all(22, 44));
    BOOST_TEST(!asks_for_all(23, {}));
}

BOOST_AUTO_TEST_CASE(to_a_challenge_it_asks_again_with_the_cookie_of_it)
{
    pull();
    hear({{0, true}, 66, {}});
    auto const again = take();
    BOOST_TEST_REQUIRE(again.size() == 1U);
    BOOST_TEST((again.front().type == message_type::pull));
    BOOST_TEST((again.front().echo == 66U));
    BOOST_TEST(again.front().buckets.size() == 1024U);
}

// As where the network, or a peer that was asked twice, repeats it.
BOOST_AUTO_TEST_CASE(a_challenge_that_comes_again_is_no_answer)
{
    for (int time = 0; time < 2; ++time) {
        pull();
        hear({{0, true}, 66, {}});
        BOOST_TEST(count_of(message_type::pull) == 1U);
        hear({{0, true}, 67, {}});
        BOOST_TEST(said().empty());
        now += 1s;
        charts.advance(now);
    }
    BOOST_TEST(!charts.is_agreed(other(1).hash));
    pull();
    hear({{0, true}, 66, {}});
    hear({{0, true}, 66, {}});
    take();
    hear({});
    BOOST_TEST(told() == everybody(), per_element());
}

BOOST_AUTO_TEST_CASE(what_the_other_chart_lacks_is_told_once_its_answer_is_complete)
{
    pull();
    hear({{1, false}, 5, {}, {stranger(102)}});
    hear({{2, true}, 5, {}, {stranger(101)}});
    hear({{2, true}, 5, {}, {stranger(101)}}); // again
    BOOST_TEST(said().empty());
    hear({{0, false}, 5, every_bucket(), {stranger(110), stranger(105)}});
    auto expected = everybody();
    for (std::uint64_t const id : ids{101, 102, 105, 110})
        std::erase(expected, id);
    BOOST_TEST(told() == expected, per_element());
}

BOOST_AUTO_TEST_CASE(what_is_told_back_echoes_the_cookie_and_gives_none)
{
    pull();
    hear({});
    auto const all = take();
    BOOST_TEST_REQUIRE(!all.empty());
    for (auto const& each : all) {
        BOOST_TEST((each.echo == 5U));
        BOOST_TEST(!each.cookie.has_value());
        BOOST_TEST((each.summary == says.summary()));
    }
    BOOST_TEST(all.back().part->last);
}

BOOST_AUTO_TEST_CASE(of_buckets_that_do_not_differ_nothing_is_told_back)
{
    pull();
    hear({{0, true}, 5, {bucket_of(103), bucket_of(7)}});
    ids const expected{7, 103};
    BOOST_TEST(told() == expected, per_element());
}

BOOST_AUTO_TEST_CASE(whom_the_other_chart_holds_as_it_was_before_it_is_told_back)
{
    auto changed = stranger(103);
    ++changed.record.sequence;
    learn(changed);
    now += 1s;
    pull();
    std::vector<stranger> members;
    for (auto const id : everybody())
        if (id != 7)
            members.emplace_back(id);
    hear({{0, true}, 5, every_bucket(), members});
    ids const expected{7, 103};
    BOOST_TEST(told() == expected, per_element());
}

BOOST_AUTO_TEST_CASE(where_the_charts_have_become_equal_nothing_is_told_back)
{
    pull();
    hear({{0, true}, 5, every_bucket(), {}, says.summary()});
    BOOST_TEST(said().empty());
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(what_has_been_told_of_the_chart_before_counts_where_the_answer_does_not_say_it)
{
    pull();
    hear({{0, true}, 5, every_bucket(), {}, std::nullopt});
    BOOST_TEST(told() == everybody(), per_element());
}

BOOST_FIXTURE_TEST_CASE(an_observer_tells_nothing_back, observer_comparing)
{
    pull();
    hear({});
    BOOST_TEST(said().empty());
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(what_others_send_is_no_answer)
{
    hear({}); // nor what comes unasked
    BOOST_TEST(said().empty());
    pull();
    hear({}, unproven);
    hear({{0, true}, std::nullopt}); // what it tells back after a PULL of its own
    BOOST_TEST(said().empty());
    hear({});
    BOOST_TEST(!said().empty());
}

// Only where the peer does not stop, or repeats itself.
BOOST_FIXTURE_TEST_CASE(of_what_is_told_as_much_is_remembered_as_the_chart_has_room_for,
                        room_for_three)
{
    pull();
    std::vector<stranger> members;
    for (std::uint64_t id = 110; id > 100; --id)
        members.emplace_back(id);
    hear({{0, true}, 5, every_bucket(), members});
    ids const expected{7, 101, 102, 103, 104, 105, 106};
    BOOST_TEST(told() == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_difference_that_two_answers_have_left_will_stay)
{
    BOOST_TEST(!charts.is_agreed(other(1).hash));
    pull();
    hear({});
    BOOST_TEST(!charts.is_agreed(other(1).hash));
    pull();
    hear({});
    BOOST_TEST(charts.is_agreed(other(1).hash));
    BOOST_TEST(!charts.is_agreed(other(2).hash));
    take();
    now += 1s;
    charts.advance(now);
    compare();
    BOOST_TEST(!charts.next_deadline().has_value());
    change_something();
    BOOST_TEST(!charts.is_agreed(other(1).hash)); // ours is another one
}

BOOST_AUTO_TEST_CASE(a_difference_to_two_others_in_turn_does_not_have_to_stay)
{
    pull();
    hear({});
    now += 1s;
    endpoint const second{asio::ip::make_address("10.0.0.98"), 40000};
    says.hear(second, 1, true);
    charts.compare({2, second}, other(1), {}, {}, now);
    charts.advance(now);
    hear({}, second);
    BOOST_TEST(!charts.is_agreed(other(1).hash));
}

BOOST_AUTO_TEST_CASE(a_wish_that_a_difference_has_made_needless_is_dropped)
{
    pull();
    hear({});
    now += 1s;
    charts.advance(now);
    take();
    pull();
    compare(); // meanwhile
    hear({});
    take();
    BOOST_TEST(charts.is_agreed(other(1).hash));
    BOOST_TEST(spoken_within(1s).empty());
}

BOOST_AUTO_TEST_CASE(eight_of_those_that_the_other_one_does_not_take_are_doubted)
{
    for (int time = 0; time < 2; ++time) {
        BOOST_TEST(charts.take_unshared().empty());
        pull();
        hear({});
    }
    BOOST_TEST(charts.take_unshared().size() == 8U);
    BOOST_TEST(charts.take_unshared().empty());
}

BOOST_AUTO_TEST_CASE(whom_the_other_one_holds_or_was_not_asked_for_is_not_doubted)
{
    for (int time = 0; time < 2; ++time) {
        pull();
        hear({{0, true}, 5, {bucket_of(101), bucket_of(102), bucket_of(103)}, {stranger(102)}});
    }
    ids all;
    for (auto const& each : charts.take_unshared())
        all.push_back(each->who().id);
    std::ranges::sort(all);
    ids const expected{101, 103};
    BOOST_TEST(all == expected, per_element());
}

BOOST_FIXTURE_TEST_CASE(an_observer_repeats_what_was_lost_five_times_and_doubly, observer_comparing)
{
    charts.compare({1, peer}, other(1), 44, {}, now);
    auto const asked = spoken_within(5s);
    BOOST_TEST_REQUIRE(asked.size() == 1U + 5U * 2U);
    for (std::size_t i = 1; i < asked.size(); i += 2) {
        BOOST_TEST((asked[i] == asked[i + 1]));
        BOOST_TEST((asked[i] - asked[i - 1] >= 200ms));
        BOOST_TEST((asked[i] - asked[i - 1] <= 301ms));
    }
    auto const spread = asked.back() - 5 * 200ms;
    BOOST_TEST((spread > 50ms));
    BOOST_TEST((spread < 450ms));
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_FIXTURE_TEST_CASE(an_observer_whose_question_was_lost_asks_somebody_else_where_it_may,
                        observer_comparing)
{
    pull();
    endpoint const second{asio::ip::make_address("10.0.0.98"), 40000};
    says.hear(second, 1, true);
    charts.compare({2, second}, other(1), {}, 250ms, now);
    BOOST_TEST(spoken_within(249ms).empty());
    charts.advance(now);
    BOOST_TEST(count_of(message_type::pull) == 1U);
    BOOST_TEST((outgoing.front().to == second));
}

BOOST_FIXTURE_TEST_CASE(an_observer_asks_again_for_all_though_it_knows_much, observer_comparing)
{
    says.hear(unproven, 300, false);
    charts.compare({1, unproven}, other(1, 100), 44, {}, now, true);
    charts.advance(now);
    BOOST_TEST_REQUIRE(count_of(message_type::pull) == 1U);
    for (std::uint64_t id = 1; id <= 90; ++id)
        learn(stranger(200 + id));
    std::vector<message_type> again;
    for (auto const end = now + 310ms; now < end && again.empty(); now += 1ms) {
        charts.advance(now);
        again = said();
    }
    BOOST_TEST_REQUIRE(!again.empty());
    BOOST_TEST((again.front() == message_type::pull));
}

BOOST_AUTO_TEST_CASE(whoever_asks_is_told_of_the_buckets_that_differ)
{
    auto same = every_bucket();
    std::erase(same, bucket_of(104));
    std::erase(same, bucket_of(7));
    hear_pull(proven_peer(), same);
    auto const all = take();
    BOOST_TEST_REQUIRE(all.size() == 1U);
    auto const& told = all.front();
    BOOST_TEST((outgoing.front().to == peer));
    BOOST_TEST((told.part == part{0, true}));
    BOOST_TEST((told.summary == says.summary()));
    BOOST_TEST((told.cookie == says.cookie(peer, now)));
    BOOST_TEST((told.echo == 5U));
    ids members;
    for (auto const& each : told.members)
        members.push_back(each.who.id);
    ids const expected{7, 104};
    BOOST_TEST(members == expected, per_element());
    std::vector<std::size_t> differing;
    for (std::size_t bucket = 0; bucket < announce::bucket_count; ++bucket)
        if ((told.differing[bucket / 8] & std::byte{0x80} >> static_cast<int>(bucket % 8)) !=
            std::byte{0})
            differing.push_back(bucket);
    std::vector<std::size_t> buckets{bucket_of(104), bucket_of(7)};
    std::ranges::sort(buckets);
    BOOST_TEST(differing == buckets, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_asks_for_all_is_told_all_and_whether_each_has_proven_itself)
{
    learn(stranger(200), false);
    hear_pull_of_all(proven_peer());
    auto const all = take();
    BOOST_TEST_REQUIRE(!all.empty());
    ids members;
    for (auto const& datagram : all)
        for (auto const& each : datagram.members) {
            members.push_back(each.who.id);
            BOOST_TEST(each.proven == (each.who.id != 200));
        }
    std::ranges::sort(members);
    BOOST_TEST(members == everybody(), per_element());
}

BOOST_AUTO_TEST_CASE(of_the_ended_those_in_the_buckets_that_differ_are_told)
{
    known.leave(stranger(101).who, now);
    known.call_gone(stranger(102).who, now);
    known.call_gone(stranger(103).who, now);
    known.assume_gone(stranger(104).who, now); // nobody else has to know
    now += 2s;
    auto same = every_bucket();
    for (std::uint64_t const id : ids{101, 102, 104})
        std::erase(same, bucket_of(id));
    hear_pull(proven_peer(), same);
    auto const all = take();
    BOOST_TEST_REQUIRE(all.size() == 1U);
    ids ended;
    for (auto const& each : all.front().ended) {
        ended.push_back(each.who.id);
        BOOST_TEST(each.left == (each.who.id == 101));
        BOOST_TEST((each.age == 2s));
    }
    ids const expected{101, 102};
    BOOST_TEST(ended == expected, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_asks_without_a_proof_is_given_a_challenge)
{
    says.hear(unproven, 1000, false);
    hear_pull_of_all({unproven});
    auto const all = take();
    BOOST_TEST_REQUIRE(all.size() == 1U);
    auto const& told = all.front();
    BOOST_TEST((told.type == message_type::records));
    BOOST_TEST((told.part == part{0, true}));
    BOOST_TEST((told.summary == says.summary()));
    BOOST_TEST((told.cookie == says.cookie(unproven, now)));
    BOOST_TEST((told.echo == 5U));
    BOOST_TEST((told.members.empty() && told.ended.empty() && told.differing.empty()));
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_is_to_be_silent_or_does_not_reply_tells_nothing)
{
    self.replies = false;
    hear_pull_of_all(proven_peer());
    BOOST_TEST(said().empty());
    self.replies = true;
    self.now_doing = self_state::mode::leaving;
    hear_pull_of_all(proven_peer());
    BOOST_TEST(said().empty());
    BOOST_TEST(!charts.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_asks_too_often_is_told_nothing_more)
{
    std::size_t answers = 0;
    for (int i = 0; i < 150; ++i) {
        hear_pull_of_all({peer, true, false});
        now += 5ms;
        answers += take().size();
        charts.advance(now);
    }
    BOOST_TEST(answers >= 100U + 30U); // 50 a second
    BOOST_TEST(answers <= 100U + 40U);
}

BOOST_AUTO_TEST_CASE(what_is_told_back_and_what_one_asked_for_come_side_by_side)
{
    for (std::uint64_t id = 1; id <= 300; ++id)
        learn(stranger(1000 + id));
    pull();
    hear_pull_of_all(proven_peer());
    hear({});
    auto all = take().size();
    for (int i = 0; i < 100; ++i) {
        now += 5ms;
        charts.advance(now);
        all += take().size();
    }
    comparing alone;
    for (std::uint64_t id = 1; id <= 300; ++id)
        alone.learn(stranger(1000 + id));
    alone.hear_pull_of_all(alone.proven_peer());
    auto one = alone.take().size();
    for (int i = 0; i < 100; ++i) {
        alone.now += 5ms;
        alone.charts.advance(alone.now);
        one += alone.take().size();
    }
    BOOST_TEST(all >= 2 * one - 2); // a push has no cookies, and needs less room
    BOOST_TEST(all <= 2 * one);
}

BOOST_AUTO_TEST_CASE(whoever_stops_asks_and_tells_nothing_more)
{
    for (std::uint64_t id = 1; id <= 300; ++id)
        learn(stranger(1000 + id));
    now += 1s;
    pull();
    compare(2);
    hear_pull_of_all(proven_peer());
    take();
    charts.stop();
    BOOST_TEST(!charts.next_deadline().has_value());
    charts.advance(now + 10s);
    BOOST_TEST(said().empty());
    hear({});
    BOOST_TEST(said().empty());
}

BOOST_AUTO_TEST_CASE(it_wants_to_be_called_for_what_comes_first)
{
    compare(1, 10s);
    BOOST_TEST((charts.next_deadline() == now + 10s));
    charts.compare({1, peer}, other(2), {}, {}, now, true);
    charts.advance(now);
    auto const asked = now;
    BOOST_TEST((charts.next_deadline() == asked + 300ms));
    compare(1, 200ms);
    BOOST_TEST((charts.next_deadline() == asked + 200ms));
    for (std::uint64_t id = 1; id <= 600; ++id)
        learn(stranger(1000 + id));
    hear_pull_of_all(proven_peer());
    BOOST_TEST((charts.next_deadline() == asked + 5ms));
}

BOOST_AUTO_TEST_SUITE_END()
