// SPDX-License-Identifier: BSL-1.0
#include "fuzz/control_messages_input.hpp"
#include "fuzz/replay.hpp"
#include "support/sim_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// Replays what a fuzzer has found worth keeping, and a little of what one would try.

using namespace rollcast;

namespace {

constexpr std::size_t control_messages_start = 2; // behind the size of the payload

struct control_messages_corpus {
    std::vector<test::input_bytes> inputs = test::corpus_of("control_messages");

    template <class Predicate>
    bool any(Predicate const& is) const
    {
        return std::ranges::any_of(inputs, [&](auto const& each) { return is(test::take(each)); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fuzz_control_messages, control_messages_corpus)

BOOST_AUTO_TEST_CASE(the_corpus_is_taken_well)
{
    for (auto const& each : inputs)
        BOOST_CHECK_NO_THROW(test::fuzz_control_messages(each));
}

BOOST_AUTO_TEST_CASE(the_corpus_has_every_control_message)
{
    BOOST_TEST(any([](auto const& out) {
        return out.whole.group.address.is_v4() && out.whole.metadata.interface_index != 0;
    }));
    BOOST_TEST(any([](auto const& out) { return out.whole.group.address.is_v6(); }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.hop_limit.has_value(); }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.traffic_class.has_value(); }));
    for (auto const source : {net::time_source::kernel, net::time_source::hardware})
        BOOST_TEST(
            any([&](auto const& out) { return out.whole.metadata.receive_time_source == source; }));
    BOOST_TEST(any([](auto const& out) { return out.whole.metadata.dropped != 0; }));
    BOOST_TEST(any([](auto const& out) { return out.datagram_size != out.whole.payload.size(); }));
}

BOOST_AUTO_TEST_CASE(thousands_of_mutations_are_taken_well)
{
    test::test_seed const seed(1);
    test::mutation mutated(inputs, control_messages_start, seed);
    for (int i = 0; i < 20'000; ++i)
        BOOST_REQUIRE_NO_THROW(test::fuzz_control_messages(mutated.next()));
}

BOOST_AUTO_TEST_SUITE_END()
