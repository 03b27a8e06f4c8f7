// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// Goodbyes that others have heard, and this instance has missed: each member they are of is asked
/// whether it is still there, and has left when it does not answer. Bounded, since any proven
/// member may tell of goodbyes.
class farewells {
public:
    static constexpr auto patience = std::chrono::milliseconds(300); ///< For an answer.
    static constexpr int pings = 6;                                  ///< Sent at once.
    static constexpr std::size_t most = 64;                          ///< Open at a time.

    /// Whether the goodbye is news and there is room for it, so that the member has to be asked.
    bool note(identity const& who, time_point now)
    {
        auto const same = [&](rumour const& each) {
            return each.who.id == who.id && each.who.life == who.life;
        };
        if (rumours_.size() == most || std::ranges::any_of(rumours_, same))
            return false;
        rumours_.push_back({who, now});
        return true;
    }

    struct rumour {
        identity who{};
        time_point at{};
    };

    /// A goodbye whose member has had the time to answer.
    std::optional<rumour> take_due(time_point now)
    {
        if (rumours_.empty() || rumours_.front().at + patience > now)
            return std::nullopt;
        auto const due = rumours_.front();
        rumours_.erase(rumours_.begin());
        return due;
    }
    std::optional<time_point> next_deadline() const noexcept
    {
        return rumours_.empty() ? std::nullopt : std::optional(rumours_.front().at + patience);
    }
    std::size_t size() const noexcept { return rumours_.size(); }

private:
    std::vector<rumour> rumours_; ///< In the order of their times.
};

} // namespace rollcast::detail
