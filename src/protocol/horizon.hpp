// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// How far incarnations may run ahead. A liar who could make others believe in any number could
/// push a living instance out of all charts, since that can only object with a higher number.
///
/// The own clock here is the first incarnation of this instance and the time since. A board
/// without a battery begins in 1970 among others that do not, so what counts as well is the latest
/// incarnation of a life that has shown that it lives; but no clock is wrong by centuries, and a
/// life so far ahead is believed of itself alone.
class horizon {
public:
    /// An incarnation that is later than the own clock, and than that of every life that has
    /// answered, by more than this is not believed.
    static constexpr auto furthest_ahead = std::chrono::hours(24);

    /// One clock is not further from another one than this.
    static constexpr auto furthest_clock = std::chrono::years(200);

    /// No incarnation from here on is believed, so that one above any that is believed is always to
    /// be had.
    static constexpr std::uint64_t end = ~std::uint64_t{0} - (std::uint64_t{1} << 32);

    /// So many lives at a time are believed to be centuries ahead.
    static constexpr std::size_t most_outliers = 64;

    explicit horizon(std::uint64_t first_incarnation) noexcept : first_(first_incarnation) {}

    /// The first call says when the first incarnation was taken.
    void begin(time_point now) noexcept;

    /// A life has answered with this incarnation.
    void prove(identity const& who, time_point now);

    bool believes(identity const& who, time_point now) const noexcept;

    /// A listener, which cannot ask, has heard an incarnation that it could not believe. Where it
    /// has believed nobody for so long, it is the own clock that is wrong, and the earliest
    /// incarnation heard meanwhile counts as proven.
    void doubt_clock(std::uint64_t incarnation, duration patience, time_point now) noexcept;
    void trust_clock() noexcept { doubted_.reset(); }

    /// Whether others may believe this incarnation of the own life, so that it has to object; a
    /// liar must not lead it to where there is no higher number.
    bool may_be_believed(std::uint64_t accused, std::uint64_t own, bool by_proven,
                         time_point now) const noexcept;

    /// How high an own incarnation may go, by the own clock alone.
    std::uint64_t latest(time_point now) const noexcept;

private:
    struct doubt {
        std::uint64_t earliest;
        time_point since;
    };

    std::uint64_t clock(time_point now) const noexcept;
    bool is_outlier(identity const& who) const noexcept;
    void note_outlier(identity const& who);

    std::uint64_t first_;
    std::uint64_t proven_ = 0;
    std::vector<identity> outliers_;
    std::optional<time_point> begun_;
    std::optional<doubt> doubted_; ///< Nobody has been believed since.
};

} // namespace rollcast::detail
