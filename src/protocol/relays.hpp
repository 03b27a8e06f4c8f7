// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"
#include "protocol/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// A PING that this instance passes on: it asks the subject on behalf of the asker, and tells the
/// asker of the answer.
struct relay {
    std::uint64_t subject; ///< Its id.
    life_id life;          ///< Of the subject.
    endpoint asker;
    std::optional<std::uint64_t> echo; ///< The asker's cookie, by which it knows the answer.
    time_point until;                  ///< A later answer is not passed on.
};

/// The PINGs whose subjects have not answered yet; bounded, since anybody may ask for one.
class relays {
public:
    bool has_room(time_point now);
    void add(relay which) { waiting_.push_back(which); }

    /// The relays that this life has answered.
    std::vector<relay> take(identity const& who, time_point now);

private:
    void expire(time_point now);

    std::vector<relay> waiting_;
};

} // namespace rollcast::detail
