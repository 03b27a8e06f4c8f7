// SPDX-License-Identifier: BSL-1.0
#include "receive/reordering.hpp"

#include <utility>

namespace rollcast::receive {

reordering::reordering(arbiter_config const& config)
    : lines(config.lines),
      mask_(config.number_bits == 64 ? ~std::uint64_t{0}
                                     : (std::uint64_t{1} << config.number_bits) - 1),
      base_(mask_ + 1),
      patience_(config.patience),
      slots_(config.window),
      came_(config.window),
      last_(config.lines)
{
}

void held_datagram::keep(packet const& which, std::size_t by)
{
    line = by;
    what = which;
    payload.assign(which.payload.begin(), which.payload.end());
    what.payload = payload;
}

/// Of all numbers with these lowest bits the one that is nearest to the number that is awaited.
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

void reordering::take(std::uint64_t number, std::size_t line, packet const& what, time_point now,
                      arbiter::sink const& into)
{
    if (!has_begun_)
        begin_with(number);
    take_stray_that_is_near(now, into);
    number = unwrapped(number);
    if (is_near(number))
        take_near(number, line, what, now, into);
    else
        take_far(number, line, what, now, into);
    take_stray_that_is_near(now, into);
}

/// Where the stream has come near the stray datagram by itself.
void reordering::take_stray_that_is_near(time_point now, arbiter::sink const& into)
{
    if (!stray_ || !is_near(stray_->number))
        return;
    auto const there = std::move(*stray_);
    stray_.reset();
    take_near(there.number, there.datagram.line, there.datagram.what, now, into);
}

void reordering::take_near(std::uint64_t number, std::size_t line, packet const& what,
                           time_point now, arbiter::sink const& into)
{
    last_[line] = number;
    near_at_ = now;
    if (stray_ && stray_->number < next_)
        drop_stray(); // the stream is not there, since it goes on here
    if (is_behind(number))
        return count_past(number);
    if (number != next_ || slots_[slot(number)].is_there)
        hold(number, line, what, now);
    else
        hand_on(line, what, into);
    hand_on_what_follows(into);
}

/// A line may be farther behind the others than the window reaches, or still bring the end of what
/// another line has begun anew. It then goes on as it has begun, and does not lead the stream there
/// as long as other lines bring numbers within the window.
void reordering::take_far(std::uint64_t number, std::size_t line, packet const& what,
                          time_point now, arbiter::sink const& into)
{
    if (is_elsewhere(line) && now - near_at_ <= patience_) {
        last_[line] = number;
        ++(number < next_ ? counters.repeated : counters.unnumbered);
        return;
    }
    if (stray_ && is_confirmed_by(number, line)) {
        go_to_stray(now, into);
        return take(number, line, what, now, into);
    }
    if (!last_[line] && number < next_)
        last_[line] = number;
    drop_stray();
    stray_.emplace();
    stray_->number = number;
    stray_->datagram.keep(what, line);
}

bool reordering::is_elsewhere(std::size_t line) const noexcept
{
    return last_[line] && !is_near(unwrapped(*last_[line]));
}

/// Counts a datagram that comes too late: told as missing, before the first one, or a repetition.
void reordering::count_past(std::uint64_t number) noexcept
{
    bool const came = came_[slot(number)];
    ++(came ? counters.repeated : counters.late);
    came_[slot(number)] = true; // if it comes once more it is a repetition
}

void reordering::hold(std::uint64_t number, std::size_t line, packet const& what, time_point now)
{
    auto& place = slots_[slot(number)];
    if (place.is_there) {
        ++counters.repeated;
        return;
    }
    place.keep(what, line);
    waiting_.emplace_back(now, number);
    place.is_there = true;
}

/// Another line brings the same number, or any line a number that comes soon after it.
bool reordering::is_confirmed_by(std::uint64_t number, std::size_t line) const noexcept
{
    if (number == stray_->number)
        return line != stray_->datagram.line;
    return number - stray_->number <= slots_.size();
}

void reordering::drop_stray() noexcept
{
    counters.unnumbered += stray_.has_value();
    stray_.reset();
}

/// Where the stray is ahead, all numbers before it are missing, but those that are held; where it
/// is back, the stream begins anew. The stray is held before `into` is called, so that it is not
/// lost if `into` throws.
void reordering::go_to_stray(time_point now, arbiter::sink const& into)
{
    flush(into);
    auto const there = std::move(*stray_);
    stray_.reset();
    last_[there.datagram.line] = there.number;
    bool const is_back = there.number < next_;
    if (is_back)
        begin_with(there.number);
    auto const number = is_back ? next_ : there.number;
    hold(number, there.datagram.line, there.datagram.what, now);
    if (is_back) {
        ++counters.restarts;
        into({sequence_kind::restart, told(number)});
    }
    give_up_to(number, into);
    hand_on_what_follows(into);
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
    take_stray_that_is_near(now, into);
}

void reordering::flush(arbiter::sink const& into)
{
    while (!waiting_.empty()) {
        give_up_to(first_held(), into);
        hand_on_what_follows(into);
    }
}

/// The lowest number that is held; at least one has to be.
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
    if (missing == 0)
        return;
    counters.missing += missing;
    if (missing > slots_.size()) // of which nothing is remembered that lies farther back
        next_ = number - slots_.size();
    while (next_ != number)
        step(false);
    into({sequence_kind::gap, told(first), missing});
}

/// Hands on the datagram that was awaited. The state is complete before `into` is called, which may
/// throw.
void reordering::hand_on(std::size_t line, packet const& what, arbiter::sink const& into)
{
    ++counters.datagrams;
    ++lines[line].first;
    step(true);
    while (!waiting_.empty() && waiting_.front().second < next_)
        waiting_.pop_front();
    into({sequence_kind::datagram, told(next_ - 1), 0, line, what});
}

void reordering::hand_on_what_follows(arbiter::sink const& into)
{
    while (slots_[slot(next_)].is_there) {
        auto& place = slots_[slot(next_)];
        place.is_there = false;
        hand_on(place.line, place.what, into);
    }
}

/// Awaits the next number.
void reordering::step(bool was_there) noexcept
{
    came_[slot(next_)] = was_there;
    ++next_;
}

} // namespace rollcast::receive
