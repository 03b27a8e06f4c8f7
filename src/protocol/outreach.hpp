// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/beat_pace.hpp"
#include "protocol/ring.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Finds out who answers, where not everybody hears everybody: whom we can count on to watch us,
/// and who is no more than a word of others. Where all answer it costs one answer a neighbour.
///
/// Whoever does not answer is set aside, and asked again less and less often.
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
        int apart;     ///< So many of our beat intervals; from 2 on it is told that we count on it.
        bool its_turn; ///< To be beaten.
    };
    struct choice {
        std::vector<watcher> relied_upon;
        std::vector<question> to_ask; ///< They may be watchers, but have not answered yet.
        std::vector<member_ptr> unreached;
    };

    /// Who is to watch us: the next two on the ring that answer. Whom to beat and to ask this time.
    choice choose(std::uint64_t position, link const& on, duration beat_interval);

    /// To so many it is remembered how far apart the beats are; of the living only.
    std::size_t paces() const noexcept { return paces_.size(); }

    /// So many count on one that may be beaten.
    void counting_on(identity const& who, std::size_t how_many);

    struct outcome {
        std::vector<question> to_ask;
        std::vector<member_ptr> unreached;
    };
    /// What else is to be asked: those who have proven nothing to anybody and were never heard, and
    /// once anybody is set aside, all that were never heard; one after the other.
    outcome advance(duration beat_interval, time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    /// To be asked again, since it was set aside.
    void retry(identity const& who, duration beat_interval, time_point now);

    /// Of what was to be asked, so much could not be. Where all hear each other, nothing follows
    /// from that.
    void could_not_ask(question const& what, int copies);

    void accuse(identity const& who); ///< It was we who accused it.
    bool take_accused(identity const& who);

private:
    /// Of the beats to one that we count on.
    struct pace {
        identity who;
        std::size_t counting = 0; ///< So many others do, as it has said.
        int passed = most_apart;  ///< Beats since the last one that was for it.
    };
    struct trial {
        identity who;
        int copies = 0; ///< So often it was asked in vain.
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
