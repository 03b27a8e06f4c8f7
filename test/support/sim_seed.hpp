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

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROLLCAST_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROLLCAST_TEST_SANITIZED
#endif
#endif

/// By how much tests on virtual time are shortened where a sanitizer makes them slow.
#ifdef ROLLCAST_TEST_SANITIZED
inline constexpr std::size_t shortening = 10;
#else
inline constexpr std::size_t shortening = 1;
#endif

/// So many seeds in a row for a test that tries several; the one of ROLLCAST_TEST_SEED if set.
std::vector<std::uint64_t> test_seeds(std::uint64_t first, std::size_t count);

} // namespace rollcast::test
