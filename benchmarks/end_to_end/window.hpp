// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>

namespace rollcast::bench {

/// Keeps a sender from overrunning its receiver: so many datagrams may be under way.
///
/// One thread sends, another receives.
class window {
public:
    /// Well below what the queue of a receiver holds, whatever they are sent in.
    static constexpr std::uint64_t most = 2048;

    /// The receiver has so many by now.
    void received(std::uint64_t total) noexcept
    {
        received_.store(total, std::memory_order_release);
    }

    /// Before so many are sent: waits until there is room for them.
    void claim(std::uint64_t packets)
    {
        wait_for_less_than(most - packets + 1);
        sent_ += packets;
    }

    /// Waits until all have been received, or are lost.
    void drain() { wait_for_less_than(1); }

    std::uint64_t sent() const noexcept { return sent_; }

private:
    std::uint64_t under_way() const noexcept
    {
        return sent_ - lost_ - received_.load(std::memory_order_acquire);
    }
    void wait_for_less_than(std::uint64_t packets);

    std::uint64_t sent_ = 0;
    std::uint64_t lost_ = 0;
    alignas(64) std::atomic<std::uint64_t> received_ = 0; ///< Away from what the sender writes.
};

} // namespace rollcast::bench
