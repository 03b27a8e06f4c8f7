// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <rollcast/announce/announcement.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// How far incarnations may run ahead. Whoever could make others believe in any number could push a
/// living instance out of all charts, since it can only object with a higher one.
///
/// The wall clock is what the own first incarnation was taken from, and has only run since. A board
/// without a battery begins in 1970 among others that do not, so what counts as well is the latest
/// life that has shown that it lives; but no clock is wrong by centuries, and whoever says so is
/// believed of itself alone.
class horizon {
public:
    /// What is later than the clock, and than everybody proven, by more than this is not believed.
    static constexpr auto furthest_ahead = std::chrono::hours(24);

    /// One clock is not further from another one than this.
    static constexpr auto furthest_clock = std::chrono::years(200);

    /// Never believed, so that one above anything that is believed is always there to be had.
    static constexpr std::uint64_t end = ~std::uint64_t{0} - (std::uint64_t{1} << 32);

    /// So many lives are believed to be centuries ahead.
    static constexpr std::size_t most_outliers = 64;

    explicit horizon(std::uint64_t first_incarnation) noexcept : first_(first_incarnation) {}

    /// The first call says when the first incarnation was taken.
    void begin(time_point now) noexcept
    {
        if (!begun_)
            begun_ = now;
    }

    /// A life has answered with this incarnation.
    void prove(identity const& who, time_point now)
    {
        if (who.incarnation <= clock(now) + centuries)
            proven_ = std::max(proven_, who.incarnation);
        else if (who.incarnation < end)
            note_outlier(who);
    }

    bool believes(identity const& who, time_point now) const noexcept
    {
        return who.incarnation < end &&
               (who.incarnation <= std::max(clock(now), proven_) + day || is_outlier(who));
    }

    /// One that cannot ask has heard somebody whom it could not believe. Where that has been so of
    /// everybody for so long, it is the own clock that is wrong, and is set by the earliest of
    /// them.
    void doubt_clock(std::uint64_t incarnation, duration patience, time_point now) noexcept
    {
        if (incarnation > clock(now) + centuries)
            return;
        if (!doubted_)
            doubted_ = {incarnation, now};
        doubted_->earliest = std::min(doubted_->earliest, incarnation);
        if (now - doubted_->since < patience)
            return;
        proven_ = std::max(proven_, doubted_->earliest);
        doubted_.reset();
    }
    void trust_clock() noexcept { doubted_.reset(); }

    /// Whether anybody may believe this of the own life, so that it has to object; a liar must not
    /// lead it to where there is no higher number.
    bool may_be_believed(std::uint64_t accused, std::uint64_t own, bool by_proven,
                         time_point now) const noexcept
    {
        auto const furthest = std::max(clock(now), proven_) + (by_proven ? centuries : day);
        return accused < end && accused <= std::max(furthest, own);
    }

    /// As far ahead as an own incarnation may run that others have not answered for.
    std::uint64_t latest(time_point now) const noexcept { return clock(now) + day; }

private:
    static constexpr std::uint64_t day = std::chrono::milliseconds(furthest_ahead).count();
    static constexpr std::uint64_t centuries = std::chrono::milliseconds(furthest_clock).count();

    std::uint64_t clock(time_point now) const noexcept
    {
        auto const passed = now - begun_.value_or(now);
        auto const whole = std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
        return first_ + static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0));
    }

    static bool is_same_life(identity const& a, identity const& b) noexcept
    {
        return a.id == b.id && a.life == b.life;
    }

    bool is_outlier(identity const& who) const noexcept
    {
        return std::ranges::any_of(outliers_, [&](identity const& each) {
            return is_same_life(each, who) && who.incarnation <= each.incarnation;
        });
    }

    void note_outlier(identity const& who)
    {
        std::erase_if(outliers_, [&](identity const& each) { return is_same_life(each, who); });
        if (outliers_.size() == most_outliers)
            outliers_.erase(outliers_.begin()); // it is asked again when it speaks
        outliers_.push_back(who);
    }

    struct doubt {
        std::uint64_t earliest;
        time_point since;
    };

    std::uint64_t first_;
    std::uint64_t proven_ = 0;
    std::vector<identity> outliers_;
    std::optional<time_point> begun_;
    std::optional<doubt> doubted_; ///< Nobody has been believed since.
};

} // namespace rollcast::detail
