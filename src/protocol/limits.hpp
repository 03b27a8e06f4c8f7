// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace rollcast::detail {

/// So many at once, and so many a second on average after that.
class token_bucket {
public:
    constexpr token_bucket(double per_second, double at_once) noexcept
        : rate_(per_second), room_(at_once), tokens_(at_once)
    {
    }

    bool take(time_point now) noexcept
    {
        auto const passed = std::chrono::duration<double>(now - filled_).count();
        if (now > filled_) {
            tokens_ = std::min(room_, tokens_ + passed * rate_);
            filled_ = now;
        }
        if (tokens_ < 1)
            return false;
        tokens_ -= 1;
        return true;
    }

private:
    double rate_;
    double room_;
    double tokens_;
    time_point filled_{};
};

/// What strangers can make this instance do, and remember, is bounded here.
class rate_limits {
public:
    explicit rate_limits(std::uint64_t seed) noexcept : seed_(seed) {}

    /// Whether one more answer may be sent to this address. `member`: it is one that a member has
    /// proven; answers to strangers do not use up what is left for members.
    bool may_answer(asio::ip::address const& source, bool member, time_point now) noexcept;

    /// Whether this address may bring up one more id that has proven nothing.
    bool may_introduce(asio::ip::address const& source, time_point now) noexcept;

    /// Whether one more accusation that nobody has made yet, or one more call, may be multicast.
    bool may_accuse(time_point now) noexcept { return accusations_.take(now); }

    /// Whether one more call may be answered, by three hellos.
    bool may_heed_call(time_point now) noexcept { return calls_.take(now); }

private:
    // Hosts whose addresses fall into one bucket share its limits; all links of a chart share the
    // table. Of each bucket below: tokens a second, and at once.
    static constexpr std::size_t sources = 64;

    struct per_source {
        token_bucket answers{50, 100};
        token_bucket member_answers{500, 1000};
        token_bucket introductions{100, 1024};
    };

    per_source& of(asio::ip::address const& source) noexcept;

    std::uint64_t seed_;
    token_bucket answers_{500, 1000};
    token_bucket accusations_{50, 500};
    token_bucket calls_{0.5, 6};
    std::array<per_source, sources> sources_{};
};

} // namespace rollcast::detail
