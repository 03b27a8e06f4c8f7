// SPDX-License-Identifier: BSL-1.0
#include "protocol/horizon.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

constexpr std::uint64_t day = std::chrono::milliseconds(horizon::furthest_ahead).count();
constexpr std::uint64_t centuries = std::chrono::milliseconds(horizon::furthest_clock).count();

bool is_same_life(identity const& a, identity const& b) noexcept
{
    return a.id == b.id && a.life == b.life;
}

} // namespace

void horizon::begin(time_point now) noexcept
{
    if (!begun_)
        begun_ = now;
}

std::uint64_t horizon::clock(time_point now) const noexcept
{
    auto const passed = now - begun_.value_or(now);
    auto const whole = std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
    return first_ + static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0));
}

std::uint64_t horizon::latest(time_point now) const noexcept
{
    return clock(now) + day;
}

void horizon::prove(identity const& who, time_point now)
{
    if (who.incarnation <= clock(now) + centuries)
        proven_ = std::max(proven_, who.incarnation);
    else if (who.incarnation < end)
        note_outlier(who);
}

bool horizon::believes(identity const& who, time_point now) const noexcept
{
    return who.incarnation < end &&
           (who.incarnation <= std::max(clock(now), proven_) + day || is_outlier(who));
}

void horizon::doubt_clock(std::uint64_t incarnation, duration patience, time_point now) noexcept
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

bool horizon::may_be_believed(std::uint64_t accused, std::uint64_t own, bool by_proven,
                              time_point now) const noexcept
{
    auto const furthest = std::max(clock(now), proven_) + (by_proven ? centuries : day);
    return accused < end && accused <= std::max(furthest, own);
}

bool horizon::is_outlier(identity const& who) const noexcept
{
    return std::ranges::any_of(outliers_, [&](identity const& each) {
        return is_same_life(each, who) && who.incarnation <= each.incarnation;
    });
}

void horizon::note_outlier(identity const& who)
{
    std::erase_if(outliers_, [&](identity const& each) { return is_same_life(each, who); });
    if (outliers_.size() == most_outliers)
        outliers_.erase(outliers_.begin()); // that life is asked again when it speaks
    outliers_.push_back(who);
}

} // namespace rollcast::detail
