// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart/event.hpp>

namespace rollcast {
namespace {

enum class membership { begins, goes_on, ends };

// A kind that is added does not compile before this function says what it means for a chart.
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

membership membership_after(event_kind kind) noexcept
{
    switch (kind) {
    case event_kind::found:
    case event_kind::restarted:
    case event_kind::returned:
    case event_kind::reachable:
        return membership::begins;
    case event_kind::gone:
    case event_kind::left:
    case event_kind::unreachable:
    case event_kind::forgotten:
        return membership::ends;
    case event_kind::updated:
    case event_kind::suspect:
    case event_kind::refuted:
    case event_kind::id_conflict:
    case event_kind::multicast_lost:
    case event_kind::chart_full:
    case event_kind::data_unreadable:
    case event_kind::interface_up:
    case event_kind::interface_down:
    case event_kind::interface_failed:
    case event_kind::overflow:
        break;
    }
    return membership::goes_on;
}

#pragma GCC diagnostic pop

} // namespace

bool event::arrived() const noexcept
{
    return membership_after(kind) == membership::begins;
}

bool event::departed() const noexcept
{
    return membership_after(kind) == membership::ends;
}

} // namespace rollcast
