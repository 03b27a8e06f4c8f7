// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::test {

/// The seed of one test. While it lives, every failure names it; ROLLCAST_TEST_SEED replaces it.
class test_seed {
public:
    explicit test_seed(std::uint64_t usual);
    ~test_seed();
    test_seed(test_seed const&) = delete;
    test_seed& operator=(test_seed const&) = delete;

    operator std::uint64_t() const noexcept { return value_; }

private:
    std::uint64_t value_;
    int context_;
};

/// By how much tests on virtual time are shortened: where a sanitizer makes them slow ten times,
/// and otherwise not at all, unless ROLLCAST_TEST_SHORTENING says so.
std::size_t shortening();

/// So many seeds in a row for a test that tries several; the one of ROLLCAST_TEST_SEED if set.
std::vector<std::uint64_t> test_seeds(std::uint64_t first, std::size_t count);

} // namespace rollcast::test
