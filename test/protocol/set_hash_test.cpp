// SPDX-License-Identifier: BSL-1.0
#include "protocol/random_source.hpp"
#include "protocol/set_hash.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace rollcast;
using detail::hash_of;
using detail::ring_position;
using detail::set_hash;

namespace {

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();

identity someone()
{
    identity who;
    who.id = 42;
    for (std::uint8_t i = 0; i < who.life.bytes.size(); ++i)
        who.life.bytes[i] = static_cast<std::uint8_t>(i + 1);
    who.incarnation = 1'700'000'000'000;
    return who;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_set_hash)

BOOST_AUTO_TEST_CASE(the_functions_are_those_of_the_protocol)
{
    // From a SipHash and a BLAKE2b of somebody else.
    group_key const key("chat");
    BOOST_TEST((hash_of(someone(), 3, key) == set_hash(0x39519bcff948d234, 0x2c063bc16f2575fb)));
    BOOST_TEST(ring_position(42, key) == 0x888ed2f8396944f3U);
}

BOOST_AUTO_TEST_CASE(everything_that_tells_members_apart_changes_their_hash)
{
    group_key const key;
    auto const usual = hash_of(someone(), 3, key);
    BOOST_TEST((usual == hash_of(someone(), 3, key)));
    BOOST_TEST((usual != hash_of(someone(), 4, key)));
    BOOST_TEST((usual != hash_of(someone(), 3, group_key("other"))));
    auto changed = someone();
    ++changed.id;
    BOOST_TEST((usual != hash_of(changed, 3, key)));
    changed = someone();
    ++changed.life.bytes[15];
    BOOST_TEST((usual != hash_of(changed, 3, key)));
    changed = someone();
    ++changed.incarnation;
    BOOST_TEST((usual != hash_of(changed, 3, key)));
}

BOOST_AUTO_TEST_CASE(sums_carry_from_the_low_half_to_the_high_one_and_back)
{
    set_hash sum(1, largest);
    sum += set_hash(2, 1);
    BOOST_TEST((sum == set_hash(4, 0)));
    sum -= set_hash(2, 1);
    BOOST_TEST((sum == set_hash(1, largest)));
    set_hash around(largest, largest);
    around += set_hash(0, 1);
    BOOST_TEST((around == set_hash()));
    around -= set_hash(0, 1);
    BOOST_TEST((around == set_hash(largest, largest)));
}

BOOST_AUTO_TEST_CASE(the_order_in_which_members_came_and_went_does_not_matter)
{
    detail::random_source random(1);
    std::vector<set_hash> all;
    for (int i = 0; i < 1000; ++i)
        all.emplace_back(random.next(), random.next());
    set_hash forwards;
    for (auto const& each : all)
        forwards += each;
    set_hash backwards;
    for (auto each = all.rbegin(); each != all.rend(); ++each)
        backwards += *each;
    BOOST_TEST((forwards == backwards));
    for (auto const& each : all)
        forwards -= each;
    BOOST_TEST((forwards == set_hash()));
}

BOOST_AUTO_TEST_CASE(the_place_on_the_ring_depends_on_the_id_and_the_key_alone)
{
    BOOST_TEST(ring_position(1, group_key()) == ring_position(1, group_key()));
    BOOST_TEST(ring_position(1, group_key()) != ring_position(2, group_key()));
    BOOST_TEST(ring_position(1, group_key()) != ring_position(1, group_key("other")));
}

BOOST_AUTO_TEST_SUITE_END()
