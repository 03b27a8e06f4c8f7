// SPDX-License-Identifier: BSL-1.0
#include "protocol/news.hpp"

#include <algorithm>
#include <tuple>

namespace rollcast::detail {
namespace {

constexpr auto lifetime = std::chrono::seconds(10); ///< After this a change is no news.
constexpr std::size_t capacity = 64; ///< The oldest changes make room; they go round the ring.

} // namespace

void latest_news::note(std::uint64_t id, bool ended, time_point now)
{
    std::erase_if(items_, [&](item const& each) { return each.id == id; });
    if (items_.size() >= capacity)
        items_.erase(items_.begin());
    items_.push_back({id, ended, 0, now});
}

void latest_news::heard(std::uint64_t id) noexcept
{
    auto const found = std::ranges::find(items_, id, &item::id);
    if (found != items_.end())
        ++found->told;
}

std::vector<std::uint64_t> latest_news::changed(time_point now)
{
    return pick(false, now);
}

std::vector<std::uint64_t> latest_news::ended(time_point now)
{
    return pick(true, now);
}

std::vector<std::uint64_t> latest_news::pick(bool ended, time_point now)
{
    std::erase_if(items_, [&](item const& each) { return now - each.at > lifetime; });
    std::vector<item> fitting;
    std::ranges::copy_if(items_, std::back_inserter(fitting),
                         [&](item const& each) { return each.ended == ended; });
    std::ranges::sort(fitting, [](item const& a, item const& b) {
        return std::tuple(a.told, b.at, a.id) < std::tuple(b.told, a.at, b.id);
    });
    std::vector<std::uint64_t> ids;
    for (auto const& each : fitting)
        ids.push_back(each.id);
    return ids;
}

} // namespace rollcast::detail
