// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/member.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Whether `a`, of two lives of one id, began first. Where their incarnations are equal the number
/// of the life decides, so that all agree.
bool is_older(identity const& a, identity const& b) noexcept;

/// An id is taken by one life, the incumbent, and another one, the challenger, has said hello with
/// that id, or others tell of it.
struct contest {
    enum class kind {
        claim,       ///< The challenger said hello: the incumbent keeps the id by a hello.
        successor,   ///< Others tell of a later life: the incumbent keeps the id by an answer.
        predecessor, ///< Others tell of an earlier life: it gets the id by an answer.
    };
    kind what;
    member_ptr challenger;
    time_point until;

    std::uint64_t id() const noexcept { return challenger->who().id; }
};

/// The contests for ids, and the lives that have lost one. Bounded, since claims may be forged: one
/// contest for an id at a time.
class contests {
public:
    /// How long incumbent and challenger have to speak. Also: how long datagrams of an old life may
    /// still be under way after its end.
    static constexpr auto patience = std::chrono::milliseconds(300);
    static constexpr std::size_t most_open = 64;
    static constexpr std::size_t most_losers = 256;

    /// Whether the contest could be opened. Where others have told of the challenger before, its
    /// own hello makes a claim of that.
    bool open(contest::kind what, member_ptr challenger, time_point now);

    contest const* find(std::uint64_t id) const noexcept;
    std::optional<contest> take(std::uint64_t id);
    std::optional<contest> take_due(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    enum class loss {
        ended,      ///< The incumbent was silent: what still comes of it is late.
        unanswered, ///< Others told of it, but it did not answer.
        alive,      ///< It lives, but another life has the id.
    };
    struct loser {
        identity who;
        loss how;
        time_point until;
        time_point told{};  ///< When its conflict was told of last.
        time_point asked{}; ///< When its claim was settled or looked into last.
    };
    loser& lose(identity const& who, loss how, time_point until, time_point now);
    loser* find_loser(identity const& who, time_point now);
    /// A loser whose time is over still counts, until a call of `find_loser` has dropped it.
    bool has_lost(identity const& who) const noexcept;

private:
    std::vector<contest> open_; ///< In the order of their ends.
    std::vector<loser> losers_;
};

} // namespace rollcast::detail
