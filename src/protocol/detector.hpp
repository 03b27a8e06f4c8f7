// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/ring.hpp"
#include "protocol/self.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Notices on one link who has fallen silent among those this instance watches.
///
/// Silence is counted in the beat interval h of whoever is silent, a quarter of its detection time:
/// from 1.25 h on pings, from 2 h on also through others, at 2.75 h a suspicion, and at 3.75 h
/// it is gone, which leaves a quarter of h for the news to spread.
class detector {
public:
    struct question {
        member_ptr whom;
        int copies = 1;
        bool through_others = false;
    };
    struct finding {
        member_ptr whom;
        bool gone = false;         ///< Otherwise suspected.
        bool unreached = false;    ///< It is not for us to tell: there is no way to it from here.
        bool hearsay = false;      ///< Others have told everybody; it only had to be checked.
        time_point others_asked{}; ///< From then on it was not relied upon for others any more.
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

    /// It may not be there any more: after the delay it is asked like one that has been silent.
    void doubt(member const& who, duration delay, time_point now);

    /// The same, at once, for one that others hold gone.
    void deny(member const& who, time_point now);

    /// The same, as if it had been silent for so many sixteenths of its beat interval, but for what
    /// was heard of it here meanwhile.
    void hurry(member const& who, int passed, time_point now);

    /// Those before this instance on the ring are watched elsewhere, or again here.
    void rest(bool on) noexcept
    {
        rests_ = on;
        chosen_version_ = never;
    }
    /// It counts on us to watch it, since those nearer on the ring do not answer it.
    void adopt(member_ptr const& who, time_point now);

    /// How many do, of which so many then beat it or us less often.
    std::size_t counting() const noexcept;
    void counting_on(std::uint64_t id, std::size_t how_many) noexcept;

    /// Another one heard it, so long ago.
    void vouch(identity const& who, duration age, time_point now);

    /// After a pause of our own the silence of others means nothing.
    void forgive(time_point now);

    bool watches(std::uint64_t id) const noexcept;
    void stop() noexcept
    {
        watches_.clear();
        chosen_version_ = never;
    }

private:
    struct watch {
        member_ptr who;
        time_point base;          ///< Silence is counted from here.
        time_point since{};       ///< Only what is heard later is a sign of life.
        duration h{};             ///< In which its silence is counted.
        std::size_t step = 0;     ///< What comes next.
        int factor = 1;           ///< Our own health when the counting began.
        time_point proof_asked{}; ///< When it was last asked to prove itself.
        bool second = false;      ///< Another one is nearer, and should speak first.
        bool hearsay = false;     ///< Not ours to watch, only to check.
        bool in_ring = true;
        bool wide = false;        ///< Watched only because nearer ones do not answer.
        bool path = false;        ///< Its silence means something: it used to be heard here.
        bool denied = false;      ///< Others hold it gone.
        int vouched = 0;          ///< So often in a row only others have heard it.
        time_point adopted{};     ///< Until when it counts on us, unless it says so again.
        std::size_t counting = 0; ///< So many count on it.

        bool is_adopted() const noexcept { return adopted != time_point{}; }
        bool is_kept(time_point now) const noexcept
        {
            return in_ring || hearsay || denied || now < adopted;
        }
        /// It is watched no more, unless it is chosen again.
        void release() noexcept
        {
            in_ring = hearsay = denied = false;
            adopted = {};
        }
        bool is_unresponsive() const noexcept;
    };

    void choose(time_point now);
    int apart(watch const& which) const noexcept;
    duration offset(watch const& which, std::size_t of) const noexcept;
    duration adoption(watch const& which) const noexcept;
    watch* find(std::uint64_t id) noexcept;
    time_point due(watch const& which) const noexcept;
    bool has_path(watch const& which, roster_entry const& entry) const noexcept;
    void begin(watch& which, time_point base) noexcept;
    bool has_spoken(watch& which, roster_entry const& entry, time_point now);
    finding find_out(watch const& which, bool gone) const noexcept;
    void act(watch& which, outcome& into, time_point now);

    registry& known_;
    link const& link_;
    self_state& self_;
    std::uint64_t position_;
    std::vector<watch> watches_;
    static constexpr auto never = ~std::uint64_t{0};
    std::uint64_t chosen_version_ = never;
    bool chosen_wide_ = false;
    bool rests_ = false;
    time_point chosen_at_{};
    std::optional<time_point> next_;
};

} // namespace rollcast::detail
