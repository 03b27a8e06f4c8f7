// SPDX-License-Identifier: BSL-1.0
#include "support/sim_seed.hpp"
#include "support/sim_soak.hpp"

#include <boost/test/unit_test.hpp>

// A little of what `chart_bench --soak` does for long, so that whoever changes the protocol sees
// it.

using namespace rollcast;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(chart_soak)

BOOST_AUTO_TEST_CASE(after_a_minute_of_random_faults_all_charts_are_complete_and_equal_again)
{
    for (auto const each : test::test_seeds(1, 10)) {
        test::test_seed const seed(each);
        test::soak_options const how{.seed = seed, .duration = 60s};
        BOOST_TEST_CONTEXT(test::replay_command(how))
        {
            auto const done = test::soak(how);
            BOOST_TEST(done.faults > 20U);
            BOOST_TEST(done.events > 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_seed_decides_everything)
{
    auto const told = [](std::uint64_t seed) {
        std::string all;
        test::soak({.seed = seed, .duration = 20s, .narrate = [&](std::string const& what) {
                        all += what + '\n';
                    }});
        return all;
    };
    test::test_seed const seed(21);
    auto const first = told(seed);
    BOOST_TEST(first.size() > 10'000U);
    BOOST_TEST((told(seed) == first));
    BOOST_TEST((told(seed + 1) != first));
}

BOOST_AUTO_TEST_SUITE_END()
