// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/member.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Of two lives of one id, which one began first; equal clocks are settled in any way all agree on.
bool is_older(identity const& a, identity const& b) noexcept;

/// Another life has been heard of, or has spoken, for an id that is taken.
struct contest {
    enum class kind {
        claim,       ///< It said hello: the incumbent keeps the id if it says hello as well.
        successor,   ///< Others tell of a later life: the incumbent keeps the id if it answers.
        predecessor, ///< Others tell of an earlier life: that one gets the id if it answers.
    };
    kind what;
    member_ptr challenger;
    time_point until;

    std::uint64_t id() const noexcept { return challenger->who().id; }
};

/// Who claims an id that somebody else has, and who has lost such a contest. Bounded, since claims
/// may be forged: one contest for an id at a time.
class contests {
public:
    /// How long either side has to speak. Also: how long datagrams of an old life may still be
    /// under way after its end.
    static constexpr auto patience = std::chrono::milliseconds(300);
    static constexpr std::size_t most_open = 64;
    static constexpr std::size_t most_losers = 256;

    /// Whether it could be opened. A hello makes a claim of what has been a rumour.
    bool open(contest::kind what, member_ptr challenger, time_point now);

    contest const* find(std::uint64_t id) const noexcept;
    std::optional<contest> take(std::uint64_t id);
    std::optional<contest> take_due(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    enum class loss {
        ended,      ///< It was silent: what still comes of it is late.
        unanswered, ///< Others told of it, but it did not answer.
        alive,      ///< It lives, but somebody else has the id.
    };
    struct loser {
        identity who;
        loss how;
        time_point until;
        time_point told{};  ///< When its conflict was told of last.
        time_point asked{}; ///< When it was asked last.
    };
    loser& lose(identity const& who, loss how, time_point until, time_point now);
    loser* find_loser(identity const& who, time_point now);
    bool has_lost(identity const& who) const noexcept;

private:
    std::vector<contest> open_; ///< In the order of their ends.
    std::vector<loser> losers_;
};

} // namespace rollcast::detail
