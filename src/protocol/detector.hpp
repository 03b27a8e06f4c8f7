// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/ring.hpp"
#include "protocol/self.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Notices on one link which of the members that this instance watches have fallen silent.
///
/// Silence is counted in the beat interval h of the silent member, a quarter of its detection time:
/// from 1.25 h on it is pinged, from 2 h on also through others, at 2.75 h suspected, and at 3.75 h
/// it is gone, which leaves a quarter of h for the news to spread.
class detector {
public:
    struct question {
        member_ptr whom;
        int copies{};
        bool through_others = false;
        bool called = false; ///< By multicast as well, since it has never answered.
    };
    struct finding {
        member_ptr whom;
        bool gone = false;         ///< Otherwise suspected.
        bool unreached = false;    ///< There is no way to it from here: not for us to tell.
        bool unheard = false;      ///< Nor does what it multicasts reach us.
        bool hearsay = false;      ///< Others have told of it; it only had to be checked.
        time_point others_asked{}; ///< From then on those before it were watched, too.
    };
    struct outcome {
        std::vector<question> questions;
        std::vector<finding> findings;
    };

    detector(registry& known, link const& on, self_state& self, std::uint64_t position)
        : known_(known), link_(on), self_(self), position_(position)
    {
    }

    outcome advance(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    /// This member may not be there any more: after the delay it is asked as if it had been silent.
    void doubt(member const& who, duration delay, time_point now);

    /// The same, at once, for a member that nobody doubts, but that all its watchers may have lost.
    /// Where not everybody hears everybody its silence is told to nobody.
    void seek(member const& who, time_point now);

    /// The same, at once, for a member that others hold gone, or have doubted and not settled it.
    void deny(member const& who, time_point now);

    /// The same, as if the member had been silent for so many sixteenths of its beat interval, or
    /// since it was heard on this link, if that is later.
    void hurry(member const& who, int passed, time_point now);

    /// On: another link watches the members before this instance on the ring. Off: this one does.
    void rest(bool on) noexcept
    {
        rests_ = on;
        chosen_version_ = never;
    }
    /// This member counts on us to watch it, since those nearer to it on the ring do not answer it.
    void adopt(member_ptr const& who, time_point now);

    /// How many this instance watches, by the ring or since one counts on the other; without those
    /// that it only checks.
    std::size_t counting() const noexcept { return counting_; }

    /// We count on this member to watch us: its answers to our beats, which are so far apart, tell
    /// that it lives.
    void rely_on(member_ptr const& who, duration apart, time_point now);

    /// A helper has heard this member, so long ago.
    void vouch(identity const& who, duration age, time_point now);

    /// After a pause of our own the silence of others means nothing.
    void forgive(time_point now);
    /// After a pause of this length: that of the members whose beat interval is shorter.
    void forgive_within(duration pause, time_point now);

    bool watches(std::uint64_t id) const noexcept;
    /// Its own beats tell that this member lives: it is one of the two before us, or beyond them
    /// where these fail, or has said that it counts on us.
    bool awaits_beats_of(std::uint64_t id) const noexcept;
    void stop() noexcept
    {
        watches_.clear();
        counting_ = 0;
        chosen_version_ = never;
    }

private:
    /// How far apart the beats come by which one of the two counts on the other.
    struct agreement {
        duration apart{}; ///< Zero: there is no agreement.
        time_point until{};

        void renew(time_point now) noexcept;
        bool ends(time_point now) noexcept;
    };

    struct watch {
        member_ptr who;
        time_point base;          ///< Silence is counted from here.
        time_point since{};       ///< Only what is heard later is a sign of life.
        duration h{};             ///< Its beat interval, in which its silence is counted.
        std::size_t step = 0;     ///< Of the table in detector.cpp, the next one to be taken.
        int factor{};             ///< The own health when the counting began.
        time_point proof_asked{}; ///< When it was last asked to prove itself.
        bool second = false;      ///< Another watcher is nearer to it, and should speak first.
        bool hearsay = false;     ///< Not ours to watch, only to check.
        bool in_ring = true;
        bool wide = false;     ///< Watched only because nearer ones do not answer.
        bool path = false;     ///< Its silence means something; see `has_path`.
        bool denied = false;   ///< Others hold it gone.
        bool sought = false;   ///< Nobody doubts it; see `seek`.
        int vouched = 0;       ///< So often in a row only helpers have heard it.
        bool called = false;   ///< It was asked by multicast.
        time_point asked{};    ///< When it was asked first; it may have answered since.
        agreement its_beats{}; ///< It counts on us.
        agreement our_beats{}; ///< We count on it, and it answers.

        bool is_adopted() const noexcept { return its_beats.apart + our_beats.apart != duration{}; }
        bool counts() const noexcept { return in_ring || is_adopted(); }
        bool is_kept() const noexcept { return counts() || hearsay || denied; }
        /// It is watched no more, unless it is chosen again.
        void release() noexcept
        {
            in_ring = hearsay = denied = false;
            its_beats = our_beats = {};
        }
        bool is_unresponsive() const noexcept;
    };

    void choose(time_point now);
    void count() noexcept;
    watch& take_on(member_ptr const& who, time_point now);
    void agree(watch& with, agreement& on, duration apart, time_point now);
    void end_agreements(time_point now);
    void go_on(watch& which, time_point now) const noexcept;
    duration offset(watch const& which, std::size_t of) const noexcept;
    watch* find(std::uint64_t id) noexcept;
    time_point due(watch const& which) const noexcept;
    bool has_path(watch const& which, roster_entry const& entry) const noexcept;
    bool is_called(watch const& which, roster_entry const& entry) const noexcept;
    bool is_unreached(watch const& which, roster_entry const& entry, bool spoke) const noexcept;
    static void note_question(watch& which, bool called, time_point now) noexcept;
    void begin(watch& which, time_point base) noexcept;
    bool has_spoken(watch& which, roster_entry const& entry, time_point now);
    finding find_out(watch const& which, bool gone) const noexcept;
    finding find_unreached(watch const& which, roster_entry const& entry, bool spoke) const;
    void act(watch& which, outcome& into, time_point now);

    registry& known_;
    link const& link_;
    self_state& self_;
    std::uint64_t position_;
    std::vector<watch> watches_;
    std::size_t counting_ = 0;
    static constexpr auto never = ~std::uint64_t{0};
    std::uint64_t chosen_version_ = never;
    bool chosen_wide_ = false;
    bool rests_ = false;
    time_point chosen_at_{};
    std::optional<time_point> next_;
};

} // namespace rollcast::detail
