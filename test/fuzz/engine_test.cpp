// SPDX-License-Identifier: BSL-1.0
#include "fuzz/engine_input.hpp"
#include "fuzz/engine_player.hpp"
#include "fuzz/replay.hpp"
#include "support/printing.hpp"
#include "support/sim_seed.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

// Plays the scripts that a fuzzer has found worth keeping, and a little of what one would try.

using namespace rollcast;
using test::engine_player;

namespace {

struct engine_corpus {
    std::vector<test::input_bytes> const inputs = test::corpus_of("engine");

    engine_player::tally seen() const
    {
        engine_player::tally all;
        for (auto const& each : inputs) {
            engine_player player(each);
            player.play();
            auto const& one = player.seen();
            all.told.insert(one.told.begin(), one.told.end());
            all.sent.insert(one.sent.begin(), one.sent.end());
            all.heard.insert(one.heard.begin(), one.heard.end());
        }
        return all;
    }
};

template <class Enum>
std::size_t count_of()
{
    return boost::mp11::mp_size<boost::describe::describe_enumerators<Enum>>::value;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(fuzz_engine, engine_corpus)

BOOST_AUTO_TEST_CASE(the_corpus_leads_to_every_event_a_chart_tells_and_to_every_message)
{
    auto const all = seen();
    BOOST_TEST(all.heard.size() == count_of<message_type>());
    BOOST_TEST(all.sent.size() == count_of<message_type>());
    // An overflow is told by the queue of a reader, what becomes of interfaces by their keeper, and
    // data that cannot be read by whoever read it.
    BOOST_TEST(all.told.size() == count_of<event_kind>() - 5);
}

BOOST_AUTO_TEST_CASE(thousands_of_mutations_are_taken_well)
{
    test::test_seed const seed(1);
    test::mutation mutated(inputs, 1, seed);
    for (std::size_t i = 0; i < 3000 / test::shortening(); ++i)
        BOOST_REQUIRE_NO_THROW(test::fuzz_engine(mutated.next()));
}

BOOST_AUTO_TEST_SUITE_END()
