// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace rollcast::metrics {

/// Counters that one thread changes and any thread reads, always as they were between two changes.
///
/// A sequence lock over several copies in turn: neither the writer nor a reader ever waits for the
/// other, and a reader that was overtaken looks again. Whatever is shared is an atomic, so that no
/// access is a data race. The thread that changes the counters may be another one each time, as on
/// a strand, but there must be an order between the changes.
///
/// A change costs the writer one store for each 8 bytes of the counters, a look costs the reader as
/// many loads. The object takes `copies` + 1 times the size of the counters.
/// @tparam Counters  Trivially copyable.
/// @tparam copies    A reader looks again once copies - 1 changes have overtaken it, so more copies
///                   serve where the writer is fast and readers are interrupted.
template <class Counters, std::size_t copies = 4>
class shared_counters {
    static_assert(std::is_trivially_copyable_v<Counters>, "counters are copied word by word");
    static_assert(copies >= 2, "one is written while another is read");

public:
    explicit shared_counters(Counters const& initial = {}) : current_(initial) { publish(); }

    /// Calls `change` with the counters; readers see all it did, or none of it. For the one writer.
    /// If `change` throws, readers see what it did until then together with the next change.
    template <class Change>
    void record(Change&& change)
    {
        change(current_);
        publish();
    }

    /// The counters after the newest change. For any thread; lock-free where a 64-bit atomic is.
    Counters load() const noexcept
    {
        words copy;
        while (!try_load(copy)) {
        }
        Counters result;
        std::memcpy(static_cast<void*>(&result), copy.data(), sizeof result);
        return result;
    }

private:
    static constexpr std::size_t word_count = (sizeof(Counters) + 7) / 8;
    using words = std::array<std::uint64_t, word_count>;

    // The order of memory is that of the words, and not of fences, which ThreadSanitizer does not
    // understand: a reader that gets a word of a later change sees all versions published before
    // it.
    void publish() noexcept
    {
        words copy{};
        std::memcpy(copy.data(), &current_, sizeof current_);
        auto const version = version_.load(std::memory_order_relaxed) + 1;
        auto& shared = copies_[version % copies];
        for (std::size_t i = 0; i < word_count; ++i)
            shared[i].store(copy[i], std::memory_order_release);
        version_.store(version, std::memory_order_release);
    }

    bool try_load(words& copy) const noexcept
    {
        auto const version = version_.load(std::memory_order_acquire);
        auto const& shared = copies_[version % copies];
        for (std::size_t i = 0; i < word_count; ++i)
            copy[i] = shared[i].load(std::memory_order_acquire);
        // This copy is written again only after copies - 1 further versions are out.
        return version_.load(std::memory_order_relaxed) - version < copies - 1;
    }

    Counters current_; ///< The writer's own, which no reader looks at.
    std::atomic<std::uint64_t> version_ = 0;
    std::array<std::array<std::atomic<std::uint64_t>, word_count>, copies> copies_{};
};

} // namespace rollcast::metrics
