// SPDX-License-Identifier: BSL-1.0
#include "protocol/limits.hpp"

#include <functional>

namespace rollcast::detail {

rate_limits::per_source& rate_limits::of(asio::ip::address const& source) noexcept
{
    // Seeded, so that addresses that share a bucket with a victim are hard to choose.
    auto const hash = std::hash<asio::ip::address>()(source) ^ seed_;
    return sources_[(hash * 0x9e3779b97f4a7c15) >> 58]; // the upper 6 bits: one of 64
}

bool rate_limits::may_answer(asio::ip::address const& source, bool member, time_point now) noexcept
{
    auto& to = of(source);
    return member ? to.member_answers.take(now) : to.answers.take(now) && answers_.take(now);
}

bool rate_limits::may_introduce(asio::ip::address const& source, time_point now) noexcept
{
    return of(source).introductions.take(now);
}

} // namespace rollcast::detail
