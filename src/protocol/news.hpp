// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// Which records a digest carries: those that changed lately and were in the fewest digests of
/// others since, and where there is room left, one after the other round the ring, so that a
/// listener, which cannot ask, sees all of them in time.
class latest_news {
public:
    void note(std::uint64_t id, bool ended, time_point now);
    void heard(std::uint64_t id) noexcept; ///< In a digest of another one.
    void heard_up_to(std::uint64_t position) noexcept { cursor_ = position; }

    /// Those told least come first, and of these the latest.
    std::vector<std::uint64_t> changed(time_point now);
    std::vector<std::uint64_t> ended(time_point now);
    std::uint64_t cursor() const noexcept { return cursor_; }

private:
    struct item {
        std::uint64_t id;
        bool ended;
        int told;
        time_point at;
    };
    std::vector<std::uint64_t> pick(bool ended, time_point now);

    std::vector<item> items_;
    std::uint64_t cursor_ = 0;
};

} // namespace rollcast::detail
