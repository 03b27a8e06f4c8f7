// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rollcast::detail {

/// What this life has multicast lately, and which records it has had, on all of its links: whatever
/// of that comes back by a reflector, a bridge or another link on the same wire is our own word,
/// and no forgery. Bounded; an older word is worth nothing to anybody.
class own_past {
public:
    static constexpr std::size_t most_words = 64;     ///< Multicasts, on each link.
    static constexpr std::size_t most_records = 1024; ///< Of all links.

    /// A datagram with this counter went to the group.
    void said(std::uint64_t counter, unsigned link);
    /// On which link that was; none if it was not, or too long ago.
    std::optional<unsigned> where_said(std::uint64_t counter) const noexcept;
    /// How many datagrams went to the group on this link after that one, as far as remembered.
    std::size_t said_since(std::uint64_t counter, unsigned link) const noexcept;
    /// The link is gone.
    void forget(unsigned link);

    void had(std::span<std::byte const> packed);
    bool has_had(std::span<std::byte const> packed) const noexcept;

private:
    struct talk {
        unsigned link;
        std::vector<std::uint64_t> counters; ///< In their order.
    };
    std::vector<talk> talks_;
    std::vector<std::size_t> records_; ///< By hash.
};

} // namespace rollcast::detail
