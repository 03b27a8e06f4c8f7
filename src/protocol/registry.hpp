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
    hello,   ///< The instance said so itself, to everybody.
    direct,  ///< The instance said so itself, otherwise.
    digest,  ///< Another instance told everybody.
    records, ///< Another instance told us because we had asked.
};

inline bool tells_itself(channel by) noexcept
{
    return by == channel::hello || by == channel::direct;
}

/// What a change means for whether an instance is charted.
enum class membership : std::uint8_t {
    kept,
    begun,
    ended,
};

/// Something that changed on one link.
struct change {
    event_kind kind;
    member_ptr who;
    member_ptr before{}; ///< For updated and restarted: as the instance was.
    membership member = membership::kept;
    // For an instance that is not charted any more.
    time_point first_heard{};
    time_point last_heard{};
};

/// Whether a chart has room for one more instance; its links share the room.
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
        applied,   ///< What was told was news.
        known,     ///< It was no news.
        stale,     ///< Something later is known, or the teller is not believed.
        refused,   ///< There is no room, or too many strangers came at once.
        contested, ///< Another life has or had this id; a contest settles whether the word counts.
        ended,     ///< The life is held gone or left.
    };

    registry(group_key const& key, member_pool* pool, census const& room, time_point epoch);

    roster& members() noexcept { return members_; }
    roster const& members() const noexcept { return members_; }
    bool charts(identity const& who) const noexcept; ///< This very life.
    tombstones const& dead() const noexcept { return dead_; }
    /// Whether this life has lost its id to another one.
    bool has_lost(identity const& who) const noexcept { return contests_.has_lost(who); }

    struct source {
        channel by;
        bool proven = false;   ///< The instance tells it itself, from an address it has proven.
        bool believed = false; ///< The teller has proven its id: its rumours count.
    };
    verdict learn(identity const& who, record_view const& told, source from, time_point now);

    /// A sign of this life, by itself; gives the entry, if this very life is held alive or suspect.
    /// Where it has `proven` its address, this may be the answer that settles a contest.
    roster_entry* hear(identity const& who, bool proven, time_point now);
    /// The life has said HELLO to everybody, which settles contests, too.
    void hear_hello(identity const& who, time_point now);

    // These give whether it was news.
    bool suspect(identity const& who);
    bool call_gone(identity const& who, time_point now);
    /// The same where no instance has said so, nor will: any word of the life, even in the same
    /// incarnation, brings it back.
    bool assume_gone(identity const& who, time_point now);
    /// The life answers nothing, though nobody calls it gone. Where it was never heard here either,
    /// it is hidden: no more than a word of others.
    bool set_aside(identity const& who);
    /// The life is set aside, and was heard so long ago that it counts as never heard.
    bool miss(identity const& who);
    bool absolve(identity const& who); ///< No longer suspected, though it has not objected.
    bool leave(identity const& who, time_point now);
    /// What another instance told of a life that has ended, and that we do not hold alive.
    void remember(ended_member const& told, time_point now);

    /// The ended life of this id has spoken, and cannot be told to object: its end is only assumed
    /// from now on.
    void doubt_end(std::uint64_t id) { dead_.doubt(id); }

    /// Tells the application that this life was refused, because too many strangers came at once.
    void turn_away(identity const& who, record_view const& told);

    void forget(std::uint64_t id);

    /// The lives that should be asked whether they are there, because a contest depends on that;
    /// each is given once.
    std::vector<member_ptr> take_doubted();

    void advance(time_point now);
    std::optional<time_point> next_deadline() const;

    std::vector<change> take_changes();
    bool has_changes() const noexcept { return !changes_.empty(); }
    /// Changes not taken yet by which an instance is charted.
    std::size_t joining() const noexcept { return joining_; }
    /// When a newcomer was last refused for want of room; not when one was turned away.
    time_point refused_at() const noexcept { return refused_at_; }
    time_point changed_at() const noexcept { return changed_at_; }

    time_point epoch() const noexcept { return epoch_; }
    std::chrono::milliseconds ticks(time_point when) const noexcept;
    time_point last_heard(roster_entry const& entry) const noexcept
    {
        return epoch_ + entry.last_heard();
    }
    /// Whether the member was heard later than that, or in the same millisecond, in which an answer
    /// may come.
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
