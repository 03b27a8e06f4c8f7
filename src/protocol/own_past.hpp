// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rollcast::detail {

/// What this life has said lately, and which records it has had, on all of its links: whatever of
/// that comes back by a reflector, a bridge or another link on the same wire is our own word, and
/// no forgery. Bounded; what is older than all of it is worth nothing to anybody.
class own_past {
public:
    static constexpr std::size_t most_words = 64;
    static constexpr std::size_t most_records = 1024;

    /// A datagram with this counter went to the group.
    void said(std::uint64_t counter, unsigned link);
    /// On which link, if it did.
    std::optional<unsigned> where_said(std::uint64_t counter) const noexcept;
    /// How many went there after that one.
    std::size_t said_since(std::uint64_t counter, unsigned link) const noexcept;

    void had(std::span<std::byte const> packed);
    bool has_had(std::span<std::byte const> packed) const noexcept;

private:
    struct word {
        std::uint64_t counter;
        unsigned link;
    };
    std::vector<word> words_;          ///< In the order of their counters.
    std::vector<std::size_t> records_; ///< By hash.
};

/// How often we may object, whatever to: a few times at once, since several may have to be
/// answered, and then seldom, since an objection to what is not settled by one leads to the next.
class objections {
public:
    static constexpr int at_once = 6;
    static constexpr auto interval = std::chrono::seconds(2);

    /// An objection is three hellos; whatever else is heard meanwhile begins them anew.
    static constexpr auto under_way = std::chrono::milliseconds(150);

    time_point next() const noexcept { return full_ - (at_once - 1) * interval; }
    bool take(time_point now) noexcept
    {
        if (now - begun_ <= under_way)
            return true;
        if (next() > now)
            return false;
        begun_ = now;
        full_ = std::max(full_, now) + interval;
        return true;
    }

    /// One that cannot wait: it is not counted, and begins where none is under way.
    void begin(time_point now) noexcept
    {
        if (now - begun_ > under_way)
            begun_ = now;
    }

private:
    time_point begun_{};
    time_point full_{}; ///< From then on it has all of them again.
};

} // namespace rollcast::detail
