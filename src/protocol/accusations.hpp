// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <rollcast/announce/announcement.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// What this instance has to say against others before everybody: a suspicion twice, that somebody
/// is gone three times, and many of them in one datagram. And whom it calls, twice: one that has
/// never answered is asked in this way before it is accused of anything.
class accusations {
public:
    /// `what` is SUSPECT, GONE or PING.
    void accuse(identity const& who, message_type what, time_point now);

    /// Somebody else says the same, or the accused has objected.
    void withdraw(identity const& who, message_type what) noexcept;
    void withdraw(identity const& who) noexcept; ///< All that is held against it.
    void clear() noexcept { pending_.clear(); }

    struct batch {
        message_type what = message_type::suspect;
        std::vector<identity> subjects;
    };

    /// What is due, of one kind and for one datagram; empty if nothing is.
    batch take_due(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

private:
    struct accusation {
        identity who;
        message_type what;
        std::size_t sent;
        time_point next;
    };

    std::vector<accusation> pending_;
};

} // namespace rollcast::detail
