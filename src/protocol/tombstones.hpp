// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/member.hpp"
#include "protocol/random_source.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace rollcast::detail {

/// What is remembered of an instance that is no more.
struct tombstone {
    /// How long it is remembered that one with such a detection time has ended.
    static constexpr duration remembrance(duration detection_time) { return 10 * detection_time; }

    identity who{};
    bool left = false; ///< It said goodbye; otherwise it was called gone.
    time_point ended{};
    time_point until{};
    member_ptr known{}; ///< As it was last; empty for one that was never known.
    /// Nobody has said so: whoever knows it alive, in the same incarnation, is right.
    bool assumed = false;
};

/// The instances that have ended, so that late datagrams do not bring them back, and so that both
/// sides of a healed partition find each other again.
class tombstones {
public:
    static constexpr std::size_t capacity = 4096; ///< Beyond it the oldest is dropped.

    void bury(tombstone value);
    void erase(std::uint64_t id);
    void doubt(std::uint64_t id); ///< From now on its end is only assumed.
    tombstone const* find(std::uint64_t id) const noexcept;
    void expire(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    std::size_t size() const noexcept { return all_.size(); }
    std::size_t gone() const noexcept { return gone_; } ///< Those that did not say goodbye.
    std::map<std::uint64_t, tombstone> const& all() const noexcept { return all_; }

    /// One of those that are gone and whose address is known, or none.
    tombstone const* any_gone(random_source& random) const noexcept;

private:
    std::map<std::uint64_t, tombstone> all_;
    std::set<std::pair<time_point, std::uint64_t>> by_expiry_;
    std::size_t gone_ = 0;
};

} // namespace rollcast::detail
