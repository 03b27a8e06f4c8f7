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

    much_asked()
    {
        settle_in();
        for (std::uint64_t id = 1; id <= others; ++id)
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

    void pull(stranger const& who)
    {
        announcement says;
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
