// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

// How others are told what they have missed.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::stranger;

namespace {

/// One that knows sixty others, of whom two fit into a datagram, and is asked by many at once.
struct much_asked : test::lone_engine {
    static constexpr std::size_t others = 60;
    static constexpr std::size_t datagrams = others / 2 + 1; // with oneself

    explicit much_asked(std::size_t known = others)
    {
        settle_in();
        for (std::uint64_t id = 1; id <= known; ++id)
            chart(one(id));
        heart.take_outgoing();
    }

    static stranger one(std::uint64_t id)
    {
        stranger who(100 + id);
        who.source.address(asio::ip::make_address_v4(0x0a000064 + static_cast<unsigned>(id)));
        who.record.addresses = {who.source.address()};
        who.record.data = test::bytes_of(std::string(450, 'x'));
        return who;
    }

    void pull(stranger const& who, bool observer = false)
    {
        announcement says;
        says.observer = observer;
        says.summary = summary{};
        says.cookie = 1;
        says.echo = heart.segments().front()->own_voice().cookie(who.source, now);
        hear(who, message_type::pull, says);
    }

    /// In its own words: all of it is different, and nothing is told.
    std::size_t answer_pulls(stranger const& who, summary const& theirs)
    {
        std::vector<std::byte> const differing(announce::bucket_count / 8, std::byte{0xff});
        auto const pulls = sent(message_type::pull).size();
        for (std::size_t i = 0; i < pulls; ++i) {
            announcement says;
            says.summary = theirs;
            says.cookie = 1;
            says.echo = heart.segments().front()->own_voice().cookie(who.source, now);
            says.part = part{0, true};
            says.differing = differing;
            hear(who, message_type::records, says);
        }
        return pulls;
    }

    /// To whom records went since the last call, one after the other.
    std::vector<std::uint64_t> told()
    {
        std::vector<std::uint64_t> all;
        for (auto const& each : sent(message_type::records))
            all.push_back(each.how.to->address().to_v4().to_uint() - 0x0a000064);
        return all;
    }
};

std::map<std::uint64_t, std::size_t> counted(std::vector<std::uint64_t> const& all)
{
    std::map<std::uint64_t, std::size_t> times;
    for (auto const each : all)
        ++times[each];
    return times;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_reconciler, much_asked)

BOOST_AUTO_TEST_CASE(whoever_asks_is_told_all_sixteen_datagrams_in_five_milliseconds)
{
    pull(one(1));
    BOOST_TEST(told().size() == 16U);
    pass(4ms);
    BOOST_TEST(told().empty());
    pass(1ms);
    BOOST_TEST(told().size() == datagrams - 16);
    pass(1s);
    BOOST_TEST(told().empty());
}

BOOST_AUTO_TEST_CASE(whoever_is_told_what_it_asked_for_is_given_what_proves_that_it_receives)
{
    pull(one(1));
    pass(10ms);
    auto const all = sent(message_type::records);
    BOOST_TEST(all.size() == datagrams);
    for (auto const& each : all)
        BOOST_TEST(each.what.cookie.has_value());
}

BOOST_AUTO_TEST_CASE(whoever_says_goodbye_does_not_tell_the_rest_when_it_is_back)
{
    pull(one(1));
    BOOST_TEST(told().size() == 16U);
    heart.announce(false, now);
    pass(1s);
    heart.announce(true, now);
    pass(1s);
    BOOST_TEST(told().empty());
}

BOOST_AUTO_TEST_CASE(those_who_ask_at_once_are_told_in_turn)
{
    for (std::uint64_t id = 1; id <= 4; ++id)
        pull(one(id));
    told();
    pass(5ms);
    auto const next = told();
    BOOST_TEST(next.size() == 16U);
    for (auto const& [id, times] : counted(next))
        BOOST_TEST(times == 4U);
}

BOOST_AUTO_TEST_CASE(eight_are_told_at_a_time_and_the_others_have_to_ask_again)
{
    for (std::uint64_t id = 1; id <= 12; ++id)
        pull(one(id));
    auto all = told();
    pass(1s);
    auto const later = told();
    all.insert(all.end(), later.begin(), later.end());
    auto const times = counted(all);
    BOOST_TEST(times.size() == 8U);
    for (auto const& [id, datagrams_of] : times)
        BOOST_TEST(datagrams_of == datagrams);
    pull(one(12));
    BOOST_TEST(told().size() == 16U);
}

BOOST_AUTO_TEST_CASE(sixteen_observers_are_told_at_a_time_beside_eight_members)
{
    for (std::uint64_t id = 1; id <= 20; ++id) {
        pull(one(id), id > 3);
        hear_proof(one(id));
    }
    auto all = told();
    pass(1s);
    auto const later = told();
    all.insert(all.end(), later.begin(), later.end());
    BOOST_TEST(counted(all).size() == 16U + 3U);
}

BOOST_AUTO_TEST_CASE(whoever_asks_again_is_told_from_the_beginning_and_not_twice_at_once)
{
    pull(one(1));
    pull(one(1));
    auto all = told();
    pass(1s);
    auto const later = told();
    BOOST_TEST(all.size() + later.size() == 16 + datagrams);
}

BOOST_AUTO_TEST_CASE(one_that_always_holds_something_else_is_asked_four_times_a_second)
{
    pass(300ms);
    std::size_t pulls = 0;
    for (std::uint64_t i = 1; i <= 100; ++i) {
        summary const theirs{others + 1, {i, 1}, 1};
        announcement says;
        says.summary = theirs;
        hear(one(1), message_type::beat, says);
        pulls += answer_pulls(one(1), theirs);
        pass(10ms);
        pulls += answer_pulls(one(1), theirs);
    }
    BOOST_TEST(pulls >= 3U);
    BOOST_TEST(pulls <= 5U);
}

BOOST_AUTO_TEST_CASE(of_those_that_another_one_does_not_hold_eight_are_asked_whether_they_are_there)
{
    pass(300ms);
    for (std::uint64_t id = 1; id <= others; ++id)
        hear(one(id), message_type::beat);
    summary const theirs{1, {1, 1}, 1};
    announcement says;
    says.summary = theirs;
    for (std::size_t pulls = 0; pulls < 2; pass(10ms)) {
        hear(one(1), message_type::beat, says);
        pulls += answer_pulls(one(1), theirs);
    }
    sent();
    pass(2500ms); // before anybody's silence is noticed
    std::vector<std::uint64_t> asked;
    for (auto const& each : sent(message_type::ping))
        asked.push_back(each.how.to->address().to_v4().to_uint());
    BOOST_TEST(counted(asked).size() >= 8U);
    BOOST_TEST(counted(asked).size() <= 8U + 2U); // and the two that watch us
}

// It was set aside here, and is no more than a word of others.
BOOST_AUTO_TEST_CASE(one_that_is_known_by_others_only_is_dropped_where_these_do_not_hold_it)
{
    much_asked chart(3);
    auto const rumour = one(4).as_member();
    auto& known = chart.heart.segments().front()->known();
    known.learn(rumour->who(), rumour->record(), {detail::channel::records, true, true}, chart.now);
    known.set_aside(rumour->who());
    BOOST_TEST_REQUIRE(known.members().find(104)->is_hidden());
    chart.pass(300ms);
    summary const theirs{1, {1, 1}, 1};
    announcement says;
    says.summary = theirs;
    for (std::size_t pulls = 0; pulls < 2; chart.pass(10ms)) {
        chart.hear(one(1), message_type::beat, says);
        pulls += chart.answer_pulls(one(1), theirs);
    }
    BOOST_TEST(!known.members().find(104));
    BOOST_TEST(chart.heart.size() == 4U);
}

/// One that knows two others, whose records are as large as that, and possibly one that has left.
struct asked_for_records : much_asked {
    asked_for_records(std::size_t data_size, bool any_left) : much_asked(0)
    {
        auto large = one(1);
        large.record.data = test::bytes_of(std::string(data_size, 'x'));
        chart(one(2));
        chart(large);
        if (any_left) {
            chart(one(3));
            hear(one(3), message_type::bye);
        }
        pass(1s);
        sent();
        pull(one(2));
        pass(1s);
    }
};

// However much room the records leave.
BOOST_AUTO_TEST_CASE(whoever_asks_is_told_who_has_ended_in_as_few_datagrams_as_hold_it)
{
    std::map<std::size_t, int> datagrams_with_end;
    for (std::size_t size = 200; size < 500; ++size) {
        asked_for_records without(size, false);
        auto const members_only = without.sent(message_type::records);
        asked_for_records with(size, true);
        auto const all = with.sent(message_type::records);
        BOOST_TEST_REQUIRE(!members_only.empty());
        BOOST_TEST_REQUIRE(!all.empty());
        for (auto const& each : members_only)
            BOOST_TEST((!each.what.members.empty() && each.what.ended.empty()),
                       "with " << size << " bytes");
        std::size_t ended = 0;
        for (auto const& each : all) {
            ended += static_cast<std::size_t>(std::ranges::distance(each.what.ended));
            BOOST_TEST(each.what.part->last == (&each == &all.back()), "with " << size << " bytes");
        }
        BOOST_TEST(ended == 1U, "with " << size << " bytes");
        ++datagrams_with_end[all.size() - members_only.size()];
    }
    BOOST_TEST(datagrams_with_end[0] > 250);
    BOOST_TEST(datagrams_with_end[1] > 10); // the others leave no room for it
}

BOOST_AUTO_TEST_CASE(what_another_one_has_just_told_is_not_told_to_it)
{
    for (bool const tells : {true, false}) {
        much_asked few(1);
        few.pass(300ms);
        announcement says;
        says.summary = summary{3, {1, 1}, 1};
        few.hear(one(1), message_type::beat, says);
        few.pass(10ms);
        BOOST_TEST_REQUIRE(few.sent(message_type::pull).size() == 1U);
        auto const held = one(1);
        auto const packed = announce::pack(held.record).value();
        std::vector<std::byte> members;
        announce::append(members,
                         member_view{held.who, true, announce::view_record(packed).value()});
        announce::append(members, member_view{few.heart.own(), true, few.heart.own_view(3)});
        std::vector<std::byte> const differing(announce::bucket_count / 8, std::byte{0xff});
        if (tells)
            says.members = wire_list<member_view>(members);
        says.differing = differing;
        says.cookie = 1;
        says.echo = few.heart.segments().front()->own_voice().cookie(one(1).source, few.now);
        says.part = part{0, true};
        few.hear(one(1), message_type::records, says);
        auto const pushed = few.sent(message_type::records);
        BOOST_TEST(pushed.empty() == tells);
        for (auto const& each : pushed) // it has proven itself
            BOOST_TEST(!each.what.cookie.has_value());
    }
}

// As of four thousand whose records leave no room for a second one.
BOOST_AUTO_TEST_CASE(an_answer_in_any_number_of_datagrams_is_complete_with_the_last_one)
{
    constexpr std::uint16_t last = 3000;
    pass(300ms);
    summary const theirs{others + 1, {1, 1}, 1};
    announcement says;
    says.summary = theirs;
    hear(one(1), message_type::beat, says);
    pass(10ms);
    BOOST_TEST_REQUIRE(sent(message_type::pull).size() == 1U);
    std::vector<std::byte> const differing(announce::bucket_count / 8, std::byte{0xff});
    says.differing = differing;
    says.cookie = 1;
    says.echo = heart.segments().front()->own_voice().cookie(one(1).source, now);
    for (std::uint16_t index = 0; index <= last; ++index) {
        BOOST_TEST_REQUIRE(sent(message_type::records).empty());
        says.part = part{index, index == last};
        hear(one(1), message_type::records, says);
    }
    BOOST_TEST(!sent(message_type::records).empty()); // what the other one lacks
}

BOOST_AUTO_TEST_CASE(of_differences_that_stay_the_latest_32_are_asked_about_no_more)
{
    auto const is_asked_about = [&](std::uint32_t which) {
        announcement says;
        says.summary = summary{which, {1, which}, 1};
        std::size_t pulls = 0;
        for (std::uint64_t id = 1; id <= others; ++id)
            hear(one(id), message_type::beat);
        for (auto const end = now + 1s; now < end; pass(10ms)) {
            hear(one(1), message_type::beat, says);
            pulls += answer_pulls(one(1), *says.summary);
        }
        return pulls > 0;
    };
    pass(300ms);
    for (std::uint32_t which = 1; which <= 33; ++which)
        BOOST_TEST(is_asked_about(which));
    BOOST_TEST(!is_asked_about(33));
    BOOST_TEST(!is_asked_about(2));
    BOOST_TEST(is_asked_about(1));
}

/// What a stranger's digest makes one say to it that has told one's own chart apart.
struct compared : much_asked {
    std::vector<said> after_a_beat_of(stranger const& who, std::uint32_t members)
    {
        announcement says;
        says.summary = summary{members, {1, 1}, 1};
        says.cookie = 1;
        says.padding = 1000;
        hear(who, message_type::beat, says);
        pass(1ms);
        return sent();
    }
};

BOOST_FIXTURE_TEST_CASE(whoever_knows_less_than_half_as_many_asks_for_all_at_once, compared)
{
    pass(300ms);
    stranger far(1);
    far.source.address(asio::ip::make_address_v4(0x0a000001 + 2000));
    auto const known = others + 1;
    auto const few = after_a_beat_of(far, 2 * known + 1);
    BOOST_TEST_REQUIRE(lone_engine::types(few).size() == 1U);
    BOOST_TEST((few.front().what.type == message_type::pull && few.front().what.buckets.empty()));
    pass(1s);
    sent();
    far.source.port(40001);
    auto const more = after_a_beat_of(far, 2 * known);
    BOOST_TEST_REQUIRE(lone_engine::types(more).size() == 1U);
    BOOST_TEST((more.front().what.type == message_type::ping));
}

BOOST_FIXTURE_TEST_CASE(whoever_is_to_be_asked_is_asked_for_a_proof_three_times, compared)
{
    pass(300ms);
    stranger far(1);
    far.source.address(asio::ip::make_address_v4(0x0a000001 + 2000));
    auto asked = after_a_beat_of(far, 2).size();
    for (int i = 0; i < 30; ++i) {
        pass(100ms);
        for (auto const& each : sent(message_type::ping))
            asked += each.how.to == far.source;
    }
    BOOST_TEST(asked == 3U);
}

BOOST_AUTO_TEST_CASE(a_difference_is_asked_about_though_something_changes_all_the_time)
{
    announcement says;
    says.summary = summary{others + 1, {1, 1}, 1};
    auto busy = one(2);
    std::size_t pulls = 0;
    for (int i = 0; i < 50; ++i) {
        ++busy.record.sequence;
        hear(busy, message_type::hello);
        hear(one(1), message_type::beat, says);
        pass(100ms);
        pulls += sent(message_type::pull).size();
    }
    BOOST_TEST(pulls >= 1U);
    BOOST_TEST(pulls <= 3U); // it waits for what settles
}

// So that those who hear it do not all ask the same one at once.
BOOST_AUTO_TEST_CASE(a_digest_that_differs_is_asked_about_at_a_random_moment)
{
    std::vector<detail::duration> after;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        pass(1s);
        sent();
        announcement says;
        says.summary = summary{others + 1, {i, 1}, 1};
        hear(one(1), message_type::digest, says);
        auto const heard = now;
        while (sent(message_type::pull).empty() && now - heard < 1s)
            pass(1ms);
        after.push_back(now - heard);
    }
    auto const [soonest, latest] = std::ranges::minmax(after);
    BOOST_TEST((soonest < 150ms));
    BOOST_TEST((latest > 350ms));
    BOOST_TEST((latest <= 2 * 250ms + 1ms)); // for each fifty that may ask
}

BOOST_AUTO_TEST_CASE(a_digest_that_differs_makes_one_tell_soon_what_it_holds)
{
    for (int i = 0; i < 100; ++i) {
        for (std::uint64_t id = 1; id <= others; ++id)
            hear(one(id), message_type::beat);
        pass(1s);
    }
    int soon = 0;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        for (std::uint64_t id = 1; id <= others; ++id)
            hear(one(id), message_type::beat);
        pass(2s); // after which it would be 16 s to the next one
        sent();
        announcement says;
        says.summary = summary{others + 1, {i, 2}, 1};
        hear(one(1), message_type::digest, says);
        pass(125ms);
        soon += !sent(message_type::digest).empty();
    }
    BOOST_TEST(soon >= 2); // it is one of sixty-one, of whom twenty would
}

BOOST_AUTO_TEST_SUITE_END()
