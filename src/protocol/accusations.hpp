// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <rollcast/announce/announcement.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// What this instance has to say against others: a suspicion twice, that somebody is gone three
/// times, and many of them in one datagram.
class accusations {
public:
    void accuse(identity const& who, bool gone, time_point now);

    /// Somebody else says the same, or the accused has objected.
    void withdraw(identity const& who, bool gone) noexcept;
    void clear() noexcept { pending_.clear(); }

    struct batch {
        bool gone = false;
        std::vector<identity> subjects;
    };

    /// What is due, of one kind and for one datagram; empty if nothing is.
    batch take_due(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

private:
    struct accusation {
        identity who;
        bool gone;
        std::size_t sent;
        time_point next;
    };

    std::vector<accusation> pending_;
};

} // namespace rollcast::detail
