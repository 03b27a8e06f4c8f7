// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/random_source.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rollcast::test {

/// What a random network, and what befalls it, is drawn with: one seed decides everything.
class sim_dice {
public:
    explicit sim_dice(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_.next() % limit; }
    bool chance(double probability) { return random_.unit() < probability; }
    double unit() { return random_.unit(); }
    std::chrono::milliseconds between(std::chrono::milliseconds least,
                                      std::chrono::milliseconds most)
    {
        return least + std::chrono::milliseconds(
                           below(static_cast<std::size_t>((most - least).count()) + 1));
    }
    template <class T, std::size_t Count>
    T const& one_of(T const (&all)[Count])
    {
        return all[below(Count)];
    }

private:
    detail::random_source random_;
};

} // namespace rollcast::test
