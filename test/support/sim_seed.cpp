// SPDX-License-Identifier: BSL-1.0
#include "support/sim_seed.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>

namespace rollcast::test {
namespace {

std::optional<std::uint64_t> wanted(char const* variable)
{
    auto const* text = std::getenv(variable);
    return text ? std::optional(std::stoull(text)) : std::nullopt;
}

std::optional<std::uint64_t> wanted_seed()
{
    return wanted("ROLLCAST_TEST_SEED");
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROLLCAST_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROLLCAST_TEST_SANITIZED
#endif
#endif

#ifdef ROLLCAST_TEST_SANITIZED
constexpr std::size_t usual_shortening = 10;
#else
constexpr std::size_t usual_shortening = 1;
#endif

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

std::size_t shortening()
{
    static std::size_t const times =
        std::max<std::size_t>(1, wanted("ROLLCAST_TEST_SHORTENING").value_or(usual_shortening));
    return times;
}

std::vector<std::uint64_t> test_seeds(std::uint64_t first, std::size_t count)
{
    if (auto const seed = wanted_seed())
        return {*seed};
    std::vector<std::uint64_t> seeds((count + shortening() - 1) / shortening());
    std::iota(seeds.begin(), seeds.end(), first);
    return seeds;
}

} // namespace rollcast::test
