// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rollcast::detail {

/// Lives that have ended, or of which others tell: what comes of such a life may have been recorded
/// while it lived, and tells nothing until it has answered something. Bounded; lives noted first
/// are forgotten first.
class former_lives {
public:
    static constexpr std::size_t most = 256;

    void note(identity const& who)
    {
        forget(who);
        if (lives_.size() == most)
            lives_.erase(lives_.begin());
        lives_.push_back(who);
    }

    /// Not after the life has objected to having ended: then its incarnation is higher.
    bool holds(identity const& who) const noexcept
    {
        auto const found = std::ranges::find(lives_, who.life, &identity::life);
        return found != lives_.end() && who.incarnation <= found->incarnation;
    }

    /// The life has answered. Whether it was one of these.
    bool forget(identity const& who)
    {
        return std::erase_if(lives_, [&](identity const& each) { return each.life == who.life; }) !=
               0;
    }

    std::size_t size() const noexcept { return lives_.size(); }

private:
    std::vector<identity> lives_;
};

} // namespace rollcast::detail
