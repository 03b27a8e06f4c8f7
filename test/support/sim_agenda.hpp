// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rollcast::test {

/// What is to happen in a simulated network, in the order of time; what is due together happens in
/// the order it was entered.
class agenda {
public:
    enum class kind : std::uint32_t {
        wake,     ///< An instance asked to be called.
        carriage, ///< A datagram reaches everybody it is for.
        delivery, ///< A datagram reaches one of them.
        action,   ///< What a test wants to be done.
    };

    struct entry {
        detail::time_point at;
        std::uint64_t number;
        kind what;
        std::uint32_t index; ///< Of the instance, datagram, delivery or action.

        friend bool operator<(entry const& a, entry const& b) noexcept
        {
            return a.at != b.at ? a.at > b.at : a.number > b.number; // the heap's top is its last
        }
    };

    bool empty() const noexcept { return heap_.empty(); }
    detail::time_point next() const noexcept { return heap_.front().at; }

    void add(detail::time_point at, kind what, std::uint32_t index)
    {
        heap_.push_back({at, ++entered_, what, index});
        std::push_heap(heap_.begin(), heap_.end());
    }

    entry take()
    {
        std::pop_heap(heap_.begin(), heap_.end());
        auto const first = heap_.back();
        heap_.pop_back();
        return first;
    }

private:
    std::vector<entry> heap_;
    std::uint64_t entered_ = 0;
};
static_assert(sizeof(agenda::entry) == 24);

} // namespace rollcast::test
