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

/// What is remembered of a life that has ended.
struct tombstone {
    /// How long the end of an instance with this detection time is remembered.
    static constexpr duration remembrance(duration detection_time) { return 10 * detection_time; }

    identity who{};
    bool left = false; ///< The life said goodbye; otherwise it was called gone.
    time_point ended{};
    time_point until{}; ///< When it is forgotten.
    member_ptr known{}; ///< The member as it was last; empty if it was never known on this link.
    /// No instance has said so: any that holds the life alive, in the same incarnation, is right.
    bool assumed = false;
};

/// The instances that have ended, so that late datagrams do not bring them back, and so that both
/// sides of a healed partition find each other again.
class tombstones {
public:
    /// Beyond it the tombstone that expires first is dropped.
    static constexpr std::size_t capacity = 4096;

    void bury(tombstone value);
    void erase(std::uint64_t id);
    void doubt(std::uint64_t id); ///< From now on the end is only assumed.
    tombstone const* find(std::uint64_t id) const noexcept;
    void expire(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    std::size_t size() const noexcept { return all_.size(); }
    std::size_t gone() const noexcept { return gone_; } ///< How many did not say goodbye.
    std::map<std::uint64_t, tombstone> const& all() const noexcept { return all_; }

    /// A random one of those that are gone and whose last record is known, or none.
    tombstone const* any_gone(random_source& random) const noexcept;

private:
    std::map<std::uint64_t, tombstone> all_;
    std::set<std::pair<time_point, std::uint64_t>> by_expiry_;
    std::size_t gone_ = 0;
};

} // namespace rollcast::detail
