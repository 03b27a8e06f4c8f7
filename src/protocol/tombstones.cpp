// SPDX-License-Identifier: BSL-1.0
#include "protocol/tombstones.hpp"

#include <iterator>

namespace rollcast::detail {

void tombstones::bury(tombstone value)
{
    auto const id = value.who.id;
    erase(id);
    by_expiry_.emplace(value.until, id);
    gone_ += !value.left;
    all_.emplace(id, std::move(value));
    if (all_.size() > capacity)
        erase(by_expiry_.begin()->second);
}

void tombstones::erase(std::uint64_t id)
{
    auto const found = all_.find(id);
    if (found == all_.end())
        return;
    by_expiry_.erase({found->second.until, id});
    gone_ -= !found->second.left;
    all_.erase(found);
}

void tombstones::doubt(std::uint64_t id)
{
    auto const found = all_.find(id);
    if (found != all_.end())
        found->second.assumed = true;
}

tombstone const* tombstones::find(std::uint64_t id) const noexcept
{
    auto const found = all_.find(id);
    return found == all_.end() ? nullptr : &found->second;
}

void tombstones::expire(time_point now)
{
    while (!by_expiry_.empty() && by_expiry_.begin()->first <= now)
        erase(by_expiry_.begin()->second);
}

std::optional<time_point> tombstones::next_deadline() const noexcept
{
    return by_expiry_.empty() ? std::nullopt : std::optional(by_expiry_.begin()->first);
}

tombstone const* tombstones::any_gone(random_source& random) const noexcept
{
    if (gone_ == 0)
        return nullptr;
    auto const start = static_cast<std::ptrdiff_t>(random.next() % all_.size());
    auto each = std::next(all_.begin(), start);
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (!each->second.left && each->second.known)
            return &each->second;
        if (++each == all_.end())
            each = all_.begin();
    }
    return nullptr;
}

} // namespace rollcast::detail
