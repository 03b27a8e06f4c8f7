// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Doubts whether a member lives, for whoever has voiced them to settle: that one may be gone
/// itself, or may have found that it is not for it to judge. Then this instance asks the member.
/// Bounded, since anybody may voice doubts.
class open_doubts {
public:
    static constexpr std::size_t most = 64;

    void note(identity const& who, time_point due)
    {
        auto const same = [&](doubt const& each) {
            return each.who.id == who.id && each.who.life == who.life;
        };
        if (all_.size() < most && std::ranges::none_of(all_, same))
            all_.push_back({who, due});
    }

    /// The member of a doubt that should have been settled by now.
    std::optional<identity> take_due(time_point now)
    {
        auto const due =
            std::ranges::find_if(all_, [&](doubt const& each) { return each.due <= now; });
        if (due == all_.end())
            return std::nullopt;
        auto const who = due->who;
        all_.erase(due);
        return who;
    }
    std::optional<time_point> next_deadline() const noexcept
    {
        std::optional<time_point> next;
        for (auto const& each : all_)
            next = earlier(next, each.due);
        return next;
    }

private:
    struct doubt {
        identity who{};
        time_point due{};
    };
    std::vector<doubt> all_;
};

} // namespace rollcast::detail
