// SPDX-License-Identifier: BSL-1.0
#include "receive/reordering.hpp"

#include <algorithm>

namespace rollcast::receive {

reordering::reordering(std::size_t window, std::chrono::nanoseconds patience, int number_bits)
    : mask_(number_bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << number_bits) - 1),
      base_(mask_ + 1),
      patience_(patience),
      slots_(window),
      came_(window)
{
}

void held_datagram::keep(packet const& which, std::size_t by)
{
    is_there = true;
    line = by;
    what = which;
    payload.assign(which.payload.begin(), which.payload.end());
    what.payload = payload;
}

/// Of all numbers with these lowest bits the one that is nearest to what is awaited.
std::uint64_t reordering::unwrapped(std::uint64_t number) const noexcept
{
    auto const ahead = (number - next_) & mask_;
    auto const behind = (next_ - number) & mask_;
    return behind < ahead && behind <= next_ ? next_ - behind : next_ + ahead;
}

void reordering::begin_with(std::uint64_t number)
{
    has_begun_ = true;
    next_ = base_ + (number & mask_);
    came_.assign(came_.size(), false);
}

bool reordering::take(std::uint64_t number, std::size_t line, packet const& what, time_point now,
                      arbiter::sink const& into)
{
    if (!has_begun_)
        begin_with(number);
    number = unwrapped(number);
    bool const is_near = is_ahead(number) || is_behind(number);
    if (!is_near)
        return stray_to(number, line, what, now, into);
    if (stray_ && stray_->number < next_)
        drop_stray(); // the stream is not there, since it goes on here
    if (number == next_) {
        hand_on(number, line, what, into);
        hand_on_what_follows(into);
        return true;
    }
    return is_behind(number) ? count_past(number) : hold(number, line, what, now);
}

/// Whether it was told as missing, or came before the first one, and comes too late.
bool reordering::count_past(std::uint64_t number) noexcept
{
    bool const came = came_[slot(number)];
    ++(came ? counters.repeated : counters.late);
    came_[slot(number)] = true; // if it comes once more it is a repetition
    return !came;
}

bool reordering::hold(std::uint64_t number, std::size_t line, packet const& what, time_point now)
{
    auto& place = slots_[slot(number)];
    if (place.is_there) {
        ++counters.repeated;
        return false;
    }
    place.keep(what, line);
    waiting_.emplace_back(now, number);
    return true;
}

bool reordering::stray_to(std::uint64_t number, std::size_t line, packet const& what,
                          time_point now, arbiter::sink const& into)
{
    if (stray_ && is_confirmed_by(number, line)) {
        go_to_stray(into);
        return take(number, line, what, now, into);
    }
    drop_stray();
    stray_.emplace();
    stray_->number = number;
    stray_->datagram.keep(what, line);
    return true;
}

/// Another line brings the same one, or any line one that comes soon after it.
bool reordering::is_confirmed_by(std::uint64_t number, std::size_t line) const noexcept
{
    if (number == stray_->number)
        return line != stray_->datagram.line;
    return number - stray_->number < slots_.size();
}

void reordering::drop_stray() noexcept
{
    counters.unnumbered += stray_.has_value();
    stray_.reset();
}

/// Ahead, all before it are missing, but those that are held; back, the stream begins anew.
void reordering::go_to_stray(arbiter::sink const& into)
{
    auto const there = std::move(*stray_);
    stray_.reset();
    flush(into);
    auto number = there.number;
    if (number > next_) {
        give_up_to(number, into);
    } else if (number < next_) {
        begin_with(number);
        number = next_;
        ++counters.restarts;
        into({sequence_kind::restart, told(number)});
    }
    hand_on(number, there.datagram.line, there.datagram.what, into);
}

std::optional<reordering::time_point> reordering::deadline() const
{
    if (waiting_.empty())
        return std::nullopt;
    return waiting_.front().first + patience_;
}

void reordering::expire(time_point now, arbiter::sink const& into)
{
    while (!waiting_.empty() && waiting_.front().first + patience_ <= now) {
        give_up_to(first_held(), into);
        hand_on_what_follows(into);
    }
}

void reordering::flush(arbiter::sink const& into)
{
    while (!waiting_.empty()) {
        give_up_to(first_held(), into);
        hand_on_what_follows(into);
    }
}

/// There is one.
std::uint64_t reordering::first_held() const noexcept
{
    auto number = next_;
    while (!slots_[slot(number)].is_there)
        ++number;
    return number;
}

void reordering::give_up_to(std::uint64_t number, arbiter::sink const& into)
{
    auto const first = next_;
    auto const missing = number - next_;
    counters.missing += missing;
    if (missing > slots_.size()) // of which nothing is remembered that lies farther back
        next_ = number - slots_.size();
    while (next_ != number)
        step(false);
    into({sequence_kind::gap, told(first), missing});
}

void reordering::hand_on(std::uint64_t number, std::size_t line, packet const& what,
                         arbiter::sink const& into)
{
    ++counters.datagrams;
    step(true);
    into({sequence_kind::datagram, told(number), 0, line, what});
}

void reordering::hand_on_what_follows(arbiter::sink const& into)
{
    while (slots_[slot(next_)].is_there) {
        auto& place = slots_[slot(next_)];
        place.is_there = false;
        hand_on(next_, place.line, place.what, into);
    }
    while (!waiting_.empty() && waiting_.front().second < next_)
        waiting_.pop_front();
}

/// One number on.
void reordering::step(bool was_there) noexcept
{
    came_[slot(next_)] = was_there;
    ++next_;
}

} // namespace rollcast::receive
