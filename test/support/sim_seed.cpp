// SPDX-License-Identifier: BSL-1.0
#include "support/sim_seed.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>

namespace rollcast::test {
namespace {

std::optional<std::uint64_t> wanted_seed()
{
    auto const* text = std::getenv("ROLLCAST_TEST_SEED");
    return text ? std::optional(std::stoull(text)) : std::nullopt;
}

} // namespace

test_seed::test_seed(std::uint64_t usual) : value_(wanted_seed().value_or(usual))
{
    auto const text = "ROLLCAST_TEST_SEED=" + std::to_string(value_);
    context_ = boost::unit_test::framework::add_context(
        boost::unit_test::lazy_ostream::instance() << text, true);
}

test_seed::~test_seed()
{
    boost::unit_test::framework::clear_context(context_);
}

std::vector<std::uint64_t> test_seeds(std::uint64_t first, std::size_t count)
{
    if (auto const wanted = wanted_seed())
        return {*wanted};
    std::vector<std::uint64_t> seeds((count + shortening - 1) / shortening);
    std::iota(seeds.begin(), seeds.end(), first);
    return seeds;
}

} // namespace rollcast::test
