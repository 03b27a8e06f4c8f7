// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// What this instance multicasts against others: SUSPECT twice, GONE three times, and many accused
/// in one datagram. And whom it calls, twice: a member that has never answered is asked in this way
/// before it is accused of anything.
class accusations {
public:
    /// `what` is SUSPECT, GONE or PING.
    void accuse(identity const& who, message_type what, time_point now);

    /// Another instance has said the same of it.
    void withdraw(identity const& who, message_type what) noexcept;
    void withdraw(identity const& who) noexcept; ///< It is set aside, or has left.
    void clear() noexcept { pending_.clear(); }

    struct batch {
        message_type what = message_type::suspect;
        std::vector<identity> subjects;
    };

    /// The accused of one datagram that is due, all of one kind; without subjects if none is.
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
