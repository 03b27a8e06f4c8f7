// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <iterator>
#include <span>

namespace rollcast {

/// Values packed one after the other in bytes that have been checked, unpacked one at a time. A
/// view of those bytes, cheap to copy and valid as long as they are; there is one of `identity`, of
/// `member_view` and of `ended_member`.
///
///     for (auto const& who : heard.subjects)
///         ...
template <class T>
class wire_list {
public:
    class iterator {
    public:
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        /// And no older category: what it points to is made anew each time.
        using iterator_concept = std::forward_iterator_tag;

        iterator() = default;
        explicit iterator(std::span<std::byte const> rest) : rest_(rest) {}

        T operator*() const
        {
            auto rest = rest_;
            return take(rest);
        }
        iterator& operator++()
        {
            take(rest_);
            return *this;
        }
        iterator operator++(int)
        {
            auto const before = *this;
            take(rest_);
            return before;
        }
        /// For two iterators of one list, which differ in what is left.
        friend bool operator==(iterator const& a, iterator const& b) noexcept
        {
            return a.rest_.size() == b.rest_.size();
        }

    private:
        std::span<std::byte const> rest_{};
    };

    wire_list() = default;

    /// The bytes must come from `append`, or from a datagram that was decoded: nothing is checked
    /// when they are read.
    explicit wire_list(std::span<std::byte const> bytes) noexcept : bytes_(bytes) {}

    bool empty() const noexcept { return bytes_.empty(); }
    std::span<std::byte const> bytes() const noexcept { return bytes_; }
    iterator begin() const { return iterator(bytes_); }
    iterator end() const { return iterator(bytes_.last(0)); }

private:
    static T take(std::span<std::byte const>& rest); // announcement.cpp has the three

    std::span<std::byte const> bytes_{};
};

} // namespace rollcast
