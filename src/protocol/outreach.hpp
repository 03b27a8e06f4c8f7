// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/beat_pace.hpp"
#include "protocol/ring.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Finds out which members answer, where not everybody hears everybody: which of them we can count
/// on to watch us, and which are no more than a word of others. Where all answer it costs one
/// answer a neighbour.
///
/// A member that does not answer is set aside, and asked again less and less often.
class outreach {
public:
    explicit outreach(registry& known) noexcept : known_(known) {}

    struct question {
        member_ptr whom;
        int copies;
        bool may_watch = false; ///< Otherwise it is asked for its own sake.
    };
    struct watcher {
        member_ptr whom;
        int apart;     ///< In our beat intervals; from 2 on beats say that we count on it.
        bool its_turn; ///< It is beaten this time.
    };
    struct choice {
        std::vector<watcher> relied_upon;
        std::vector<question> to_ask; ///< They may become watchers, but have not answered yet.
        std::vector<member_ptr> unreached;
    };

    /// Whom to beat and to ask with this beat, so that we are watched by the next two members on
    /// the ring that answer.
    choice choose(std::uint64_t position, link const& on, duration beat_interval);

    /// Of how many watchers the pace of our beats is remembered; of members only.
    std::size_t paces() const noexcept { return paces_.size(); }

    /// This member, to which we may beat, has told that it watches so many.
    void counting_on(identity const& who, std::size_t how_many);

    struct outcome {
        std::vector<question> to_ask;
        std::vector<member_ptr> unreached;
    };
    /// Whom else to ask: members set aside, when their time has come, and those never heard, one
    /// after the other: all of them once anybody is set aside or where the chart is small,
    /// otherwise those that have proven nothing to anybody.
    outcome advance(duration beat_interval, time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    /// This member was set aside, and is to be asked again after h, 2 h and so on.
    void retry(identity const& who, duration beat_interval, time_point now);

    /// For so many copies of a question there was no postage. Where nobody is set aside, they do
    /// not count as unanswered by a member that was heard, or by the one that is tried.
    void could_not_ask(question const& what, int copies);

    void accuse(identity const& who);       ///< It was we who accused this member.
    bool take_accused(identity const& who); ///< Whether it was, in a lower incarnation.

private:
    /// Of our beats to a watcher that we count on.
    struct pace {
        identity who;
        std::size_t counting = 0; ///< How many it watches, as it has said.
        int passed = most_apart;  ///< Own beat intervals since its last beat.
    };
    struct trial {
        identity who;
        int copies = 0; ///< Pings it was sent in vain.
        bool kept = false;
    };
    struct retrial {
        identity who;
        time_point next;
        duration wait;
        duration shortest;
    };
    int apart(member const& whom, bool out_of_turn, duration beat_interval);
    bool wait_for_postage(identity const& who);
    bool is_its_turn(member const& whom, int apart);
    pace* pace_of(identity const& who);
    trial& trial_of(identity const& who);
    roster_entry const* find(identity const& who) const noexcept;
    bool is_doubtful(roster_entry const& entry, time_point now) const;
    void try_next(outcome& into, time_point now);

    registry& known_;
    std::vector<pace> paces_;
    std::vector<trial> trials_;
    std::vector<retrial> aside_;
    std::vector<identity> accused_;
    std::optional<trial> tried_;
    std::uint64_t cursor_ = 0;
    std::optional<time_point> next_trial_;
};

} // namespace rollcast::detail
