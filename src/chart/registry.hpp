// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/roster.hpp"
#include "chart/tombstones.hpp"

#include <rollcast/chart/event.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// How something about an instance became known.
enum class channel {
    hello,   ///< It said so itself, to everybody.
    direct,  ///< It said so itself, to us.
    digest,  ///< Another one told everybody.
    records, ///< Another one told us because we had asked.
};

/// Something that changed on one link.
struct change {
    event_kind kind;
    member_ptr who;
    member_ptr before{}; ///< For updated: as it was.
    int joined = 0;      ///< 1 if it is a member from now on, -1 if it is none any more.
};

/// Of two lives of one id, which one was there before; equal clocks are settled in any way all
/// agree on.
bool is_older(identity const& a, identity const& b) noexcept;

/// Whether there is room for one more; the links of a chart share it.
class census {
public:
    virtual bool has_room(std::uint64_t id, bool proven) const = 0;

protected:
    ~census() = default;
};

/// Who is known on one link, and in which state: alive, suspect, gone or left.
///
/// States only ever go forward: a higher incarnation beats a lower one; at the same one left beats
/// gone, gone beats suspect, and suspect beats alive. Of two lives of one id the later one counts,
/// unless the earlier one objects while the contest between them is open.
class registry {
public:
    enum class verdict {
        applied,   ///< It was news.
        known,     ///< It was no news.
        stale,     ///< Something later is known.
        refused,   ///< There is no room.
        contested, ///< Another life has this id; what is told counts if that one does not object.
        ended,     ///< It is held gone or left.
    };

    /// How long the incumbent of an id has to object. Also: how long datagrams of an old life may
    /// still be under way after its end.
    static constexpr auto contest_time = std::chrono::milliseconds(300);

    registry(group_key const& key, member_pool* pool, census const& room, time_point epoch);

    roster& members() noexcept { return members_; }
    roster const& members() const noexcept { return members_; }
    tombstones const& dead() const noexcept { return dead_; }

    verdict learn(identity const& who, record_view const& told, channel by, bool proven,
                  time_point now);

    /// A sign of life by itself; the entry, if it is held alive or suspect in this very life.
    roster_entry* hear(identity const& who, time_point now);
    /// The same for a hello, which decides contests.
    void hear_hello(identity const& who, time_point now);

    // Whether it was news.
    bool suspect(identity const& who);
    bool call_gone(identity const& who, time_point now);
    bool leave(identity const& who, time_point now);
    /// What another one told of an ended instance we do not know as alive; `ended` is its time.
    void remember(ended_member const& told, time_point now);

    /// As if it had never been there; whether it was.
    bool drop(identity const& who);

    void forget(std::uint64_t id);

    /// Whom the incumbents of contests told second-hand should be asked; at most once each.
    std::vector<member_ptr> take_doubted();

    void advance(time_point now);
    std::optional<time_point> next_deadline() const;

    std::vector<change> take_changes();
    bool has_changes() const noexcept { return !changes_.empty(); }
    /// When somebody was last turned away.
    time_point refused_at() const noexcept { return refused_at_; }
    time_point changed_at() const noexcept { return changed_at_; }

    time_point epoch() const noexcept { return epoch_; }
    std::chrono::milliseconds ticks(time_point when) const noexcept;
    time_point last_heard(roster_entry const& entry) const noexcept
    {
        return epoch_ + entry.last_heard();
    }

private:
    /// Two lives that claim one id.
    struct contest {
        member_ptr challenger;
        bool hearsay; ///< Nobody heard the challenger itself.
        bool older;   ///< It was there before the incumbent, and has to show that it still is.
        time_point until;
    };
    struct loser {
        identity who;
        bool buried; ///< Ended for good; otherwise it lost against a living incumbent.
        time_point told;
        time_point until;
    };

    verdict admit(identity const& who, record_view const& told, bool proven, event_kind kind,
                  time_point now);
    verdict revise(roster_entry& entry, identity const& who, record_view const& told, channel by,
                   time_point now);
    verdict challenge(identity const& who, record_view const& told, channel by, time_point now);
    verdict rise(tombstone const& from, identity const& who, record_view const& told, channel by,
                 bool proven, time_point now);
    void open_contest(member_ptr challenger, bool hearsay, time_point now);
    void decide(contest const& which, bool objected, time_point now);
    void bury(roster_entry& entry, bool left, time_point now);
    loser* find_loser(identity const& who, time_point now);
    void tell(event_kind kind, member_ptr who, int joined = 0, member_ptr before = nullptr);
    void tell_conflict(loser& who, member_ptr known, time_point now);

    group_key key_;
    member_pool* pool_;
    census const& room_;
    time_point epoch_;
    roster members_;
    tombstones dead_;
    std::vector<contest> contests_; ///< In the order of their ends.
    std::vector<loser> losers_;
    std::vector<member_ptr> doubted_;
    std::vector<change> changes_;
    time_point changed_at_{};
    time_point refused_at_ = time_point::min();
};

} // namespace rollcast::detail
