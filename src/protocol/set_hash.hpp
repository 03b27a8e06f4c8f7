// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "announce/group_key.hpp"

#include <cstdint>

namespace rollcast::detail {

/// What a set of members amounts to: the sum, modulo 2^128, of a keyed hash of each member. A
/// change costs an addition, and the order in which members came does not matter.
class set_hash {
public:
    set_hash() = default;
    set_hash(std::uint64_t high, std::uint64_t low) noexcept : high_(high), low_(low) {}

    std::uint64_t high() const noexcept { return high_; }
    std::uint64_t low() const noexcept { return low_; }

    set_hash& operator+=(set_hash const& other) noexcept
    {
        low_ += other.low_;
        high_ += other.high_ + (low_ < other.low_);
        return *this;
    }
    set_hash& operator-=(set_hash const& other) noexcept
    {
        high_ -= other.high_ + (low_ < other.low_);
        low_ -= other.low_;
        return *this;
    }
    friend bool operator==(set_hash const&, set_hash const&) = default;

private:
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 0;
};

/// What one member adds to the set hash: made of its identity and sequence number, but not of
/// whether it is suspected.
set_hash hash_of(identity const& who, std::uint32_t sequence, group_key const& key) noexcept;

/// Where an id stands on the ring: at the same place in all its lives.
std::uint64_t ring_position(std::uint64_t id, group_key const& key) noexcept;

} // namespace rollcast::detail
