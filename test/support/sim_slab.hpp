// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace rollcast::test {

/// Values that are named by small numbers, which are used again, and that never move.
template <class T>
class slab {
public:
    std::uint32_t add(T value)
    {
        if (free_.empty()) {
            all_.push_back(std::move(value));
            return static_cast<std::uint32_t>(all_.size() - 1);
        }
        auto const index = free_.back();
        free_.pop_back();
        all_[index] = std::move(value);
        return index;
    }

    T take(std::uint32_t index)
    {
        free_.push_back(index);
        return std::exchange(all_[index], T{});
    }

    T& operator[](std::uint32_t index) noexcept { return all_[index]; }

private:
    std::deque<T> all_;
    std::vector<std::uint32_t> free_;
};

} // namespace rollcast::test
