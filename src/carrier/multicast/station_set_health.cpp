// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/station_set.hpp"

#include <algorithm>
#include <utility>

// Which stations cannot speak or hear though they are open, and what of that is told.

namespace rollcast::detail {

std::optional<time_point> station_set::next_check() const noexcept
{
    std::optional<time_point> first;
    for (auto const& each : stations_)
        if (auto const due = each->health.due(); due && (!first || *due < *first))
            first = due;
    return first;
}

bool station_set::check(time_point now)
{
    bool recovered = false;
    for (auto const& each : stations_) {
        auto const due = each->health.due();
        if (!due || *due > now)
            continue;
        if (each->health.check(now)) {
            error_code ec;
            each->try_group(config_.hop_limit, ec);
            each->health.said(ec, now);
        }
        recovered |= note_health(*each);
    }
    return recovered;
}

/// Tells what has changed; one reason is told once for both IP versions, and so is its end.
bool station_set::note_health(station& where)
{
    auto const before = std::exchange(where.told, where.health.trouble());
    auto const about = std::ranges::find(in_use_, where.link(), &net::interface_info::index);
    if (before == where.told || about == in_use_.end())
        return false;
    auto const other_is = [&](auto const& wanted) {
        return std::ranges::any_of(stations_, [&](auto const& each) {
            return each.get() != &where && each->link() == where.link() && wanted(each->told);
        });
    };
    event report;
    report.interface = *about;
    report.why = where.told;
    report.kind = where.told ? event_kind::interface_failed : event_kind::interface_up;
    bool const goes_without_saying =
        where.told ? other_is([&](error_code const& told) { return told == where.told; })
                   : other_is([](error_code const& told) { return told.failed(); });
    if (!goes_without_saying)
        reports_.push_back(std::move(report));
    return !where.told;
}

std::vector<interface_obstacle> station_set::obstacles() const
{
    auto all = obstacles_;
    for (auto const& each : stations_) {
        auto const about = std::ranges::find(in_use_, each->link(), &net::interface_info::index);
        if (each->told && about != in_use_.end())
            all.push_back({*about, each->group().address, each->told});
    }
    return all;
}

} // namespace rollcast::detail
