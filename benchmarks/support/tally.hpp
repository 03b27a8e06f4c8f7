// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rollcast::bench {

/// Datagrams begin with this byte; the last of a measurement begins with another.
inline constexpr std::byte data_mark{0};

/// Looks at every datagram in the same way, whoever received it.
class tally {
public:
    /// The first byte that ends the measurement.
    explicit tally(std::byte end_mark) noexcept : end_mark_(end_mark) {}

    /// False once the last datagram has been seen.
    bool add(std::span<std::byte const> payload) noexcept
    {
        auto const first = payload.front();
        digest_ += payload.size() + std::to_integer<std::uint64_t>(first);
        packets_ += first == data_mark;
        return first != end_mark_;
    }

    std::uint64_t packets() const noexcept { return packets_; }

private:
    std::uint64_t packets_ = 0;
    std::uint64_t digest_ = 0;
    std::byte end_mark_;
};

} // namespace rollcast::bench
