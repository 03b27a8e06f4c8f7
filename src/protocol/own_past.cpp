// SPDX-License-Identifier: BSL-1.0
#include "protocol/own_past.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace rollcast::detail {
namespace {

std::size_t hash_of_bytes(std::span<std::byte const> bytes) noexcept
{
    return std::hash<std::string_view>()(
        {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

} // namespace

void own_past::said(std::uint64_t counter, unsigned link)
{
    if (words_.size() == most_words)
        words_.erase(words_.begin());
    words_.push_back({counter, link});
}

std::optional<unsigned> own_past::where_said(std::uint64_t counter) const noexcept
{
    auto const found = std::ranges::lower_bound(words_, counter, {}, &word::counter);
    return found != words_.end() && found->counter == counter ? std::optional(found->link)
                                                              : std::nullopt;
}

std::size_t own_past::said_since(std::uint64_t counter, unsigned link) const noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(
        words_, [&](word const& each) { return each.counter > counter && each.link == link; }));
}

void own_past::had(std::span<std::byte const> packed)
{
    if (has_had(packed))
        return;
    if (records_.size() == most_records)
        records_.erase(records_.begin());
    records_.push_back(hash_of_bytes(packed));
}

bool own_past::has_had(std::span<std::byte const> packed) const noexcept
{
    return std::ranges::find(records_, hash_of_bytes(packed)) != records_.end();
}

} // namespace rollcast::detail
