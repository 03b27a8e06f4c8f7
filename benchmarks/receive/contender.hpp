// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/group.hpp>
#include <rollcast/receive/metadata.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace rollcast::bench {

/// What is to be received, and what to ask the kernel for.
struct receive_setup {
    net::group group{};
    metadata_mask metadata = metadata_mask::none;
    bool coalesce = false;
};

/// Bytes of receive queue that everybody asks for.
inline constexpr std::size_t queue_bytes = 4 << 20;

/// How many datagrams, or runs of them, everybody takes at once who takes several.
inline constexpr std::size_t batch_length = 64;

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

/// One of the ways to receive that are compared.
class contender {
public:
    virtual ~contender() = default;

    /// Receives until the datagram that ends the measurement.
    virtual void receive(tally& into) = 0;
};

using contender_factory = std::unique_ptr<contender> (*)(receive_setup const& setup);

} // namespace rollcast::bench
