// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rollcast {

/// What separates the applications that share a multicast group and a port.
///
/// Derived from the application's name by BLAKE2b; docs/protocol.md gives the exact function.
/// It keeps strangers and flipped bits out, not attackers: whoever knows the name knows the key.
/// Keys of 128 bits; a value of 24 bytes, to be copied and used in any thread.
///
/// Deriving it hashes the name once: make one key and keep it. Equal arguments give equal keys.
class group_key {
public:
    using tag_type = std::array<std::byte, 8>;
    using digest_type = std::array<std::byte, 16>;

    /// With a header the key is another one, also for the same name; as `chart_config::name` and
    /// `header`.
    explicit group_key(std::string_view name = {}, std::optional<std::uint64_t> header = {});

    /// Marks every datagram of the application, in the clear: others are dropped by it unread.
    tag_type const& tag() const noexcept { return tag_; }

    /// The integrity tag of these bytes: SipHash-2-4 with 128 bits of output, keyed by the name.
    digest_type digest(std::span<std::byte const> bytes) const noexcept;

private:
    tag_type tag_;
    std::array<std::byte, 16> key_;
};

} // namespace rollcast
