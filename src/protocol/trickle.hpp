// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/random_source.hpp"

#include <cstddef>
#include <optional>

namespace rollcast::detail {

/// When to multicast a digest: the Trickle algorithm (RFC 6206). As long as all charts agree, about
/// two are sent every 16 s on a link, however many members it has.
class trickle {
public:
    static constexpr auto shortest = std::chrono::milliseconds(125); ///< Imin, by default.
    static constexpr auto longest = std::chrono::seconds(16);        ///< Imax, by default.
    static constexpr int enough = 2; ///< k: after so many digests like ours we say none.

    /// With loss more digests than `enough` are sent in an interval, the more the more members are
    /// candidates. So of many members only about this many, drawn anew for each interval, are.
    static constexpr std::size_t speakers = 20;

    /// News are passed on in an interval of this length, in case the HELLOs were lost.
    static constexpr auto after_news = std::chrono::milliseconds(180);

    /// After a reset one more interval is short, this one. Then the longest follows at once: a
    /// member that has still missed something finds out by a beat, and asks for it.
    static constexpr auto once_more = std::chrono::milliseconds(720);

    struct bounds {
        duration shortest;
        duration longest;
    };

    trickle() noexcept : trickle(bounds{shortest, longest}) {}
    explicit trickle(bounds within) noexcept : bounds_(within) {}

    void start(time_point now, std::size_t members, random_source& random);
    void stop() noexcept { begun_ = false; }

    /// Another member has said a digest with our set hash. Several in a row from one member count
    /// as one: it may say the same on two links of one wire, would silence all others by that, and
    /// never hear one of them.
    void hear_consistent(std::uint64_t who) noexcept
    {
        heard_ += heard_ == 0 || who != heard_last_;
        heard_last_ = who;
    }

    /// An instance came, changed or went.
    void hear_news(time_point now, std::size_t members, random_source& random);
    /// A member has another chart than ours, and that is neither too young nor agreed.
    void hear_difference(time_point now, std::size_t members, random_source& random);

    /// Whether a digest is to be sent now.
    bool take_due(time_point now, std::size_t members, random_source& random);
    std::optional<time_point> next_deadline() const noexcept;

private:
    void reset(duration interval, time_point now, std::size_t members, random_source& random);
    duration next_interval() const noexcept;
    void begin(duration interval, time_point now, std::size_t members, random_source& random);

    bounds bounds_;
    duration interval_{};
    bool was_reset_ = false;
    time_point end_{};
    time_point turn_{};            ///< When we would speak.
    int heard_ = 0;                ///< Consistent digests in this interval.
    std::uint64_t heard_last_ = 0; ///< The id of who said the last one.
    bool had_turn_ = false;
    bool begun_ = false;
};

} // namespace rollcast::detail
