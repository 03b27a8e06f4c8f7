// SPDX-License-Identifier: BSL-1.0
#include "protocol/accusations.hpp"

#include <algorithm>
#include <array>

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

// Gaps between the copies: SUSPECT and a call at 0 and 80 ms, GONE at 0, 40 and 120 ms.
constexpr std::array usual_gaps{milliseconds(80)};
constexpr std::array gone_gaps{milliseconds(40), milliseconds(80)};

/// Members that die together are accused together: an accusation waits so long for others, and
/// takes those along that would be due so soon.
constexpr auto gathering = milliseconds(20);

constexpr std::size_t subjects_per_datagram = 32; ///< 32 bytes each, of 1200.

} // namespace

void accusations::accuse(identity const& who, message_type what, time_point now)
{
    withdraw(who, message_type::ping);
    withdraw(who, message_type::suspect);
    withdraw(who, what);
    pending_.push_back({who, what, 0, now + gathering});
}

void accusations::withdraw(identity const& who, message_type what) noexcept
{
    std::erase_if(pending_, [&](accusation const& each) {
        return each.who.id == who.id && each.who.life == who.life && each.what == what;
    });
}

void accusations::withdraw(identity const& who) noexcept
{
    for (auto const what : {message_type::ping, message_type::suspect, message_type::gone})
        withdraw(who, what);
}

accusations::batch accusations::take_due(time_point now)
{
    auto const due =
        std::ranges::find_if(pending_, [&](auto const& each) { return each.next <= now; });
    if (due == pending_.end())
        return {};
    batch result{due->what, {}};
    for (auto& each : pending_) {
        bool const fits = each.what == result.what && each.next <= now + gathering;
        if (!fits || result.subjects.size() == subjects_per_datagram)
            continue;
        result.subjects.push_back(each.who);
        auto const gaps = each.what == message_type::gone
                              ? std::span<milliseconds const>(gone_gaps)
                              : std::span<milliseconds const>(usual_gaps);
        each.next = each.sent < gaps.size() ? now + gaps[each.sent] : time_point::max();
        ++each.sent;
    }
    std::erase_if(pending_, [](auto const& each) { return each.next == time_point::max(); });
    return result;
}

std::optional<time_point> accusations::next_deadline() const noexcept
{
    if (pending_.empty())
        return std::nullopt;
    return std::ranges::min(pending_, {}, &accusation::next).next;
}

} // namespace rollcast::detail
