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
    auto found = std::ranges::find(talks_, link, &talk::link);
    if (found == talks_.end())
        found = talks_.insert(found, {link, {}});
    if (found->counters.size() == most_words)
        found->counters.erase(found->counters.begin());
    found->counters.push_back(counter);
}

void own_past::forget(unsigned link)
{
    std::erase_if(talks_, [&](talk const& each) { return each.link == link; });
}

std::optional<unsigned> own_past::where_said(std::uint64_t counter) const noexcept
{
    auto const found = std::ranges::find_if(talks_, [&](talk const& each) {
        return std::ranges::binary_search(each.counters, counter);
    });
    return found != talks_.end() ? std::optional(found->link) : std::nullopt;
}

std::size_t own_past::said_since(std::uint64_t counter, unsigned link) const noexcept
{
    auto const found = std::ranges::find(talks_, link, &talk::link);
    if (found == talks_.end())
        return 0;
    auto const& all = found->counters;
    return static_cast<std::size_t>(all.end() - std::ranges::upper_bound(all, counter));
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
