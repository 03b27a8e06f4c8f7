// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/contests.hpp"
#include "protocol/former_lives.hpp"
#include "protocol/roster.hpp"
#include "protocol/tombstones.hpp"

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

inline bool tells_itself(channel by) noexcept
{
    return by == channel::hello || by == channel::direct;
}

/// What a change means for whether somebody is a member.
enum class membership : std::uint8_t {
    kept,
    begun,
    ended,
};

/// Something that changed on one link.
struct change {
    event_kind kind;
    member_ptr who;
    member_ptr before{}; ///< For updated: as it was.
    membership member = membership::kept;
    // For those who are none any more.
    time_point first_heard{};
    time_point last_heard{};
};

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
/// gone, gone beats suspect, and suspect beats alive. Of two lives of one id the one that is known
/// keeps it while it lives; `contests` settle whether it does.
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

    registry(group_key const& key, member_pool* pool, census const& room, time_point epoch);

    roster& members() noexcept { return members_; }
    roster const& members() const noexcept { return members_; }
    bool charts(identity const& who) const noexcept; ///< This very life.
    tombstones const& dead() const noexcept { return dead_; }
    /// Whether another life has got its id.
    bool has_lost(identity const& who) const noexcept { return contests_.has_lost(who); }

    struct source {
        channel by;
        bool proven = false;   ///< What is told is told by itself, from an address it has proven.
        bool believed = false; ///< Whoever tells has proven itself: its rumours count.
    };
    verdict learn(identity const& who, record_view const& told, source from, time_point now);

    /// A sign of life by itself; the entry, if it is held alive or suspect in this very life. Where
    /// it has `proven` its address, it may be an answer that settles a contest.
    roster_entry* hear(identity const& who, bool proven, time_point now);
    /// The same for a hello, which settles contests, too.
    void hear_hello(identity const& who, time_point now);

    // Whether it was news.
    bool suspect(identity const& who);
    bool call_gone(identity const& who, time_point now);
    /// The same where nobody has said so, nor will.
    bool assume_gone(identity const& who, time_point now);
    /// It answers nothing, though nobody calls it gone: it is no more than a word of others.
    bool set_aside(identity const& who);
    /// It is set aside, and has not been heard for too long to say that it is.
    bool miss(identity const& who);
    bool absolve(identity const& who); ///< It is no longer suspected, though it has not objected.
    bool leave(identity const& who, time_point now);
    /// What another one told of an ended instance we do not know as alive; `ended` is its time.
    void remember(ended_member const& told, time_point now);

    /// An ended instance has spoken, and cannot be told to object.
    void doubt_end(std::uint64_t id) { dead_.doubt(id); }

    /// Tells that it was refused because too many strangers came at once.
    void turn_away(identity const& who, record_view const& told);

    void forget(std::uint64_t id);

    /// Who should be asked whether it lives, because a contest depends on it; each once.
    std::vector<member_ptr> take_doubted();

    void advance(time_point now);
    std::optional<time_point> next_deadline() const;

    std::vector<change> take_changes();
    bool has_changes() const noexcept { return !changes_.empty(); }
    /// Members that have joined by changes which are not taken yet.
    std::size_t joining() const noexcept { return joining_; }
    /// When somebody was last turned away.
    time_point refused_at() const noexcept { return refused_at_; }
    time_point changed_at() const noexcept { return changed_at_; }

    time_point epoch() const noexcept { return epoch_; }
    std::chrono::milliseconds ticks(time_point when) const noexcept;
    time_point last_heard(roster_entry const& entry) const noexcept
    {
        return epoch_ + entry.last_heard();
    }
    /// Or in the same millisecond, in which an answer may come.
    bool is_heard_since(roster_entry const& entry, time_point when) const noexcept
    {
        return entry.last_heard() >= ticks(when);
    }

private:
    verdict learn_of(identity const& who, record_view const& told, source from, time_point now);
    void meet(roster_entry& entry, bool answers);
    void hide(roster_entry& entry);
    verdict admit(identity const& who, record_view const& told, bool proven, event_kind kind,
                  time_point now);
    verdict revise(roster_entry& entry, identity const& who, record_view const& told,
                   time_point now);
    verdict challenge(identity const& who, record_view const& told, source from, time_point now);
    verdict rise(tombstone const& trace, identity const& who, record_view const& told, source from,
                 time_point now);
    verdict ask_predecessor(identity const& who, record_view const& told, source from,
                            time_point now);
    void keep_incumbent(contest const& which, time_point now);
    void let_in(contest const& which, bool incumbent_lives, time_point now);
    void succeed(contest const& which, time_point now);
    void time_out(contest const& which, time_point now);
    void bury(roster_entry& entry, bool left, time_point now);
    void tell(event_kind kind, member_ptr who, membership member = membership::kept,
              member_ptr before = nullptr);
    void tell_conflict(contests::loser& who, member_ptr known, time_point now);

    group_key key_;
    member_pool* pool_;
    census const& room_;
    time_point epoch_;
    roster members_;
    tombstones dead_;
    contests contests_;
    former_lives former_;
    std::vector<member_ptr> doubted_;
    std::vector<change> changes_;
    std::size_t joining_ = 0;
    time_point changed_at_{};
    time_point refused_at_ = time_point::min();
};

} // namespace rollcast::detail
