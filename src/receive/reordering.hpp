// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/arbiter.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast::receive {

/// A datagram that is ahead of the number that is awaited, in a copy.
struct held_datagram {
    bool is_there = false;
    std::size_t line = 0;
    packet what{};
    std::vector<std::byte> payload{};

    void keep(packet const& which, std::size_t by);
};

/// A datagram whose number is outside the window, until another datagram confirms it.
struct stray_datagram {
    std::uint64_t number = 0;
    held_datagram datagram{};
};

/// Puts numbered datagrams into order, each once, in a window of bounded length and time.
class reordering {
public:
    using time_point = arbiter::clock::time_point;

    explicit reordering(arbiter_config const& config);

    void take(std::uint64_t number, std::size_t line, packet const& what, time_point now,
              arbiter::sink const& into);

    std::optional<time_point> deadline() const;
    void expire(time_point now, arbiter::sink const& into);
    void flush(arbiter::sink const& into);

    arbiter_counters counters;
    std::vector<line_counters> lines;

private:
    std::uint64_t unwrapped(std::uint64_t number) const noexcept;
    std::uint64_t told(std::uint64_t number) const noexcept { return number - base_; }
    std::size_t slot(std::uint64_t number) const noexcept { return number % slots_.size(); }
    bool is_ahead(std::uint64_t number) const noexcept { return number - next_ < slots_.size(); }
    bool is_behind(std::uint64_t number) const noexcept
    {
        return next_ - number - 1 < slots_.size();
    }

    bool is_near(std::uint64_t number) const noexcept
    {
        return is_ahead(number) || is_behind(number);
    }

    void begin_with(std::uint64_t number);
    void take_near(std::uint64_t number, std::size_t line, packet const& what, time_point now,
                   arbiter::sink const& into);
    void take_far(std::uint64_t number, std::size_t line, packet const& what, time_point now,
                  arbiter::sink const& into);
    void count_past(std::uint64_t number) noexcept;
    void hold(std::uint64_t number, std::size_t line, packet const& what, time_point now);
    bool is_elsewhere(std::size_t line) const noexcept;
    bool is_confirmed_by(std::uint64_t number, std::size_t line) const noexcept;
    void drop_stray() noexcept;
    void take_stray_that_is_near(time_point now, arbiter::sink const& into);
    void go_to_stray(time_point now, arbiter::sink const& into);
    void give_up_to(std::uint64_t number, arbiter::sink const& into);
    void hand_on(std::size_t line, packet const& what, arbiter::sink const& into);
    void hand_on_what_follows(arbiter::sink const& into);
    void step(bool was_there) noexcept;
    std::uint64_t first_held() const noexcept;

    std::uint64_t const mask_; ///< Of the bits that numbers have.
    /// Numbers that begin anew count on, from here so that there is room before the first one.
    std::uint64_t const base_;
    std::chrono::nanoseconds const patience_;
    std::vector<held_datagram> slots_; ///< By number, for `next_` and those after it.
    std::vector<bool> came_;           ///< By number, before `next_`: handed on, not given up.
    std::deque<std::pair<time_point, std::uint64_t>> waiting_; ///< Numbers held, as they came.
    std::optional<stray_datagram> stray_;
    std::vector<std::optional<std::uint64_t>> last_; ///< What each line has brought last.
    time_point near_at_{};   ///< When a number within the window has come last.
    std::uint64_t next_ = 0; ///< The number that is awaited.
    bool has_begun_ = false;
};

} // namespace rollcast::receive
