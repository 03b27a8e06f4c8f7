// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/instance.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace rollcast::detail {

/// The instances whose data could not be read as the type it was asked for.
///
/// An application may ask as often as it likes: each record counts once, and each life is told of
/// once.
class unreadable_data {
public:
    enum class novelty { none, record, life };

    /// @param most  Instances that are remembered.
    explicit unreadable_data(std::size_t most) : most_(most) {}

    novelty note(instance const& who);

private:
    std::size_t most_;
    std::map<std::uint64_t, std::pair<life_id, std::uint32_t>>
        known_; ///< By id; with the sequence.
};

} // namespace rollcast::detail
