// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "fuzz/codec_input.hpp"
#include "fuzz/replay.hpp"
#include "support/sim_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

// Replays what a fuzzer has found worth keeping, and a little of what one would try.

using namespace rollcast;

namespace {

constexpr std::size_t fields_start = 40; // behind the header

struct codec_corpus {
    std::vector<test::input_bytes> inputs = test::corpus_of("codec");

    template <class Take>
    void each_understood(Take const& take) const
    {
        for (auto const& each : inputs) {
            auto const datagram = test::datagram_of(each);
            if (auto const read = announce::decode(datagram, group_key()))
                take(*read);
        }
    }

    template <class Predicate>
    bool any(Predicate const& is) const
    {
        bool found = false;
        each_understood([&](announcement const& value) { found = found || is(value); });
        return found;
    }

    bool any_refused(error verdict) const
    {
        return std::ranges::any_of(inputs, [&](auto const& each) {
            auto const datagram = test::datagram_of(each);
            auto const read = announce::decode(datagram, group_key());
            return !read && read.error() == verdict;
        });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fuzz_codec, codec_corpus)

BOOST_AUTO_TEST_CASE(the_corpus_is_taken_well)
{
    for (auto const& each : inputs)
        BOOST_CHECK_NO_THROW(test::fuzz_codec(each));
}

BOOST_AUTO_TEST_CASE(the_corpus_has_every_type)
{
    std::set<message_type> types;
    each_understood([&](announcement const& value) { types.insert(value.type); });
    BOOST_TEST(types.size() == 12U);
}

BOOST_AUTO_TEST_CASE(the_corpus_has_every_field)
{
    BOOST_TEST(any([](auto const& value) { return value.observer; }));
    BOOST_TEST(any([](auto const& value) { return value.attempt != 0; }));
    BOOST_TEST(any([](auto const& value) { return value.summary && value.summary->health > 1; }));
    BOOST_TEST(any([](auto const& value) { return value.cookie.has_value(); }));
    BOOST_TEST(any([](auto const& value) { return value.echo.has_value(); }));
    BOOST_TEST(any([](auto const& value) { return value.part && value.part->last; }));
    BOOST_TEST(any([](auto const& value) { return !value.subjects.empty(); }));
    BOOST_TEST(any([](auto const& value) { return std::ranges::distance(value.members) > 1; }));
    BOOST_TEST(any([](auto const& value) { return std::ranges::distance(value.ended) > 1; }));
    BOOST_TEST(any([](auto const& value) { return !value.buckets.empty(); }));
    BOOST_TEST(any([](auto const& value) { return !value.differing.empty(); }));
    BOOST_TEST(any([](auto const& value) { return value.padding != 0; }));
    BOOST_TEST(any([](auto const& value) {
        return value.record && announce::unpack(*value.record).port_names.size() == 2;
    }));
    BOOST_TEST(any([](auto const& value) {
        if (!value.record)
            return false;
        auto const about = announce::unpack(*value.record);
        return !about.service_ports.empty() && !about.data.empty() &&
               std::ranges::any_of(about.addresses, [](auto const& at) { return at.is_v4(); }) &&
               std::ranges::any_of(about.addresses, [](auto const& at) { return at.is_v6(); });
    }));
}

BOOST_AUTO_TEST_CASE(the_corpus_has_what_is_refused)
{
    for (auto const verdict : {error::foreign, error::unsupported_version, error::malformed})
        BOOST_TEST(any_refused(verdict));
}

BOOST_AUTO_TEST_CASE(thousands_of_mutations_are_taken_well)
{
    test::test_seed const seed(1);
    test::mutation mutated(inputs, fields_start, seed);
    for (int i = 0; i < 20'000; ++i)
        BOOST_REQUIRE_NO_THROW(test::fuzz_codec(mutated.next()));
}

BOOST_AUTO_TEST_SUITE_END()
