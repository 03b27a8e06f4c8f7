// SPDX-License-Identifier: BSL-1.0
#include "protocol/probation.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

/// Four new ids in each round make 40 a second: more would make room sooner, and cost more pings.
constexpr auto round = std::chrono::milliseconds(100);
constexpr std::size_t per_round = 4;
/// Times that an id is asked before it is gone.
constexpr int most_pings = 3;
/// So long after the last refusal further ids are tested.
constexpr auto pressure_time = std::chrono::seconds(5);
/// How long an answer is waited for.
constexpr auto ping_interval = std::chrono::milliseconds(500);

} // namespace

bool probation::is_pressing(time_point now) const noexcept
{
    return known_.refused_at() != time_point::min() && now - known_.refused_at() < pressure_time;
}

probation::outcome probation::advance(time_point now)
{
    outcome result;
    std::erase_if(candidates_, [&](candidate const& each) {
        auto const* entry = known_.members().find(each.who->who().id);
        return !entry || entry->is_proven() || entry->who().who().life != each.who->who().life;
    });
    if (next_round_ <= now) {
        if (is_pressing(now))
            enlist(now);
        next_round_ = now + round;
    }
    for (auto& each : candidates_) {
        if (each.next > now)
            continue;
        if (each.pings++ == most_pings)
            result.failed.push_back(each.who);
        else
            result.to_ping.push_back(each.who);
        each.next = now + ping_interval;
    }
    std::erase_if(candidates_, [](candidate const& each) { return each.pings > most_pings; });
    return result;
}

void probation::enlist(time_point now)
{
    auto& members = known_.members();
    auto* each = members.after(cursor_);
    auto const steps = std::min<std::size_t>(members.size(), 256);
    std::size_t enlisted = 0;
    for (std::size_t i = 0; i < steps && enlisted < per_round; ++i, each = members.next(*each)) {
        cursor_ = each->who().position();
        auto const is_this = [&](candidate const& other) { return other.who == each->pointer(); };
        if (each->is_proven() || std::ranges::any_of(candidates_, is_this))
            continue;
        candidates_.push_back({each->pointer(), 0, now});
        ++enlisted;
    }
}

std::optional<time_point> probation::next_deadline() const noexcept
{
    std::optional<time_point> next;
    for (auto const& each : candidates_)
        next = earlier(next, each.next);
    if (known_.members().unproven() != 0 && known_.refused_at() != time_point::min() &&
        known_.refused_at() + pressure_time > next_round_)
        next = earlier(next, std::max(next_round_, known_.refused_at()));
    return next;
}

} // namespace rollcast::detail
