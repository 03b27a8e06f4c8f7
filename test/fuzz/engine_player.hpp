// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/engine.hpp"
#include "support/sim_invariants.hpp"
#include "support/sim_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace rollcast::test {

/// Plays a byte string to an engine as a script of what may happen to it, and aborts where it does
/// what it never may. Every byte string is a script; one that ends early ends the play.
///
/// The cast is small, so that scripts meet each other: ids 1 to 8 of which 7 is the engine's, three
/// lives of each (its own among them), incarnations around the one it has, two links, and sources
/// of which some are where the ids are at home.
class engine_player {
public:
    explicit engine_player(std::span<std::uint8_t const> script);

    void play();

    /// What the scripts played so far have led to, so that a corpus can be judged.
    struct tally {
        std::set<event_kind> told{};
        std::set<message_type> sent{};
        std::set<message_type> heard{};
    };
    tally const& seen() const noexcept { return seen_; }

private:
    // Reading the script; past its end everything is 0.
    std::uint8_t next();
    std::uint8_t next_below(std::uint8_t limit)
    {
        return static_cast<std::uint8_t>(next() % limit);
    }
    std::span<std::uint8_t const> take(std::size_t size);

    void begin();
    void act();
    void wish();
    void pass(detail::duration how_long);
    void hear_raw();
    void hear_said();
    void hear_echo_of_ourselves();
    void change_links();

    identity somebody();
    std::vector<std::byte> record_of(std::uint64_t id);
    std::vector<std::byte> members();
    std::vector<std::byte> ended();
    std::vector<std::byte> subjects();
    detail::endpoint source_of(std::uint64_t id) const;
    detail::link link_of(unsigned index, std::uint8_t variant) const;

    void deliver(std::span<std::byte const> datagram, detail::arrival const& from);
    void settle();
    void check_outgoing();
    void check_events();
    void check_chart() const;

    std::span<std::uint8_t const> script_;
    std::size_t at_ = 0;
    detail::time_point now_;
    detail::engine engine_;
    sim_invariants invariants_{0};
    sim_ledger ledger_;
    std::vector<std::vector<std::byte>> said_{}; ///< The last ones that went to all.
    tally seen_{};
};

} // namespace rollcast::test
