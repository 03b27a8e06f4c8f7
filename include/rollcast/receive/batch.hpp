// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/packet.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

namespace rollcast {

namespace os {
class datagram_buffers;
}

/// Storage for many datagrams received at once, to be used again and again.
///
///     batch received;
///     for (co_await sub.recv_batch(received); auto const& packet : received)
///         use(packet.source, packet.payload);
///
/// A batch has a number of buffers of 64 KiB each, the largest datagram or run of datagrams, of
/// which only the pages that are received into take memory. Where the kernel hands over runs of
/// datagrams in one buffer (UDP_GRO), a batch may hold many more packets than buffers. Payloads are
/// views into the batch, valid until the batch is received into again, moved or destroyed. A batch
/// that was moved from is empty, and can be received into again. Threads: one at a time.
class ROLLCAST_EXPORT batch {
public:
    class iterator;

    /// One receive call of the system brings at most as many datagrams, or runs of them, as there
    /// are buffers. 0 counts as 1.
    explicit batch(std::size_t buffers = 64);
    batch(batch&&) noexcept;
    batch& operator=(batch&&) noexcept;
    ~batch();

    std::size_t size() const noexcept { return packets_; } ///< Packets, not buffers.
    bool empty() const noexcept { return packets_ == 0; }

    iterator begin() const noexcept; ///< In the order in which the kernel handed them over.
    iterator end() const noexcept;

private:
    friend class subscription;

    void make_ready();
    detail::filled_buffer& next() noexcept { return filled_[used_]; }
    void keep_next() noexcept;
    void adopt(std::span<detail::filled_buffer const> from);
    std::span<detail::filled_buffer> filled() noexcept { return {filled_.data(), used_}; }

    std::unique_ptr<os::datagram_buffers> buffers_;
    std::vector<detail::filled_buffer> filled_; ///< Made once, and written over.
    std::size_t used_ = 0;                      ///< How many of `filled_` count.
    std::size_t packets_ = 0;
    std::vector<std::byte> adopted_; ///< Payloads that were copied from another batch.
};

/// Goes over the packets of a batch. The packet an iterator refers to may be part of the iterator,
/// since packets of a run are made one by one: the reference is valid until the iterator is
/// incremented or gone. A copy of the packet, and its payload, last as long as the batch has them.
class batch::iterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = packet;
    using difference_type = std::ptrdiff_t;
    using pointer = packet const*;
    using reference = packet const&;

    iterator() = default;
    iterator(detail::filled_buffer const* at, detail::filled_buffer const* end) noexcept
        : at_(at), end_(end)
    {
        enter();
    }

    packet const& operator*() const noexcept { return *operator->(); }
    packet const* operator->() const noexcept { return in_run_ ? &of_run_ : &at_->whole; }

    iterator& operator++() noexcept
    {
        if (next_ != last_) {
            cut();
        } else {
            ++at_;
            enter();
        }
        return *this;
    }

    iterator operator++(int) noexcept
    {
        auto const before = *this;
        ++*this;
        return before;
    }

    friend bool operator==(iterator const& a, iterator const& b) noexcept
    {
        return a.at_ == b.at_ && a.next_ == b.next_;
    }

private:
    void enter() noexcept
    {
        next_ = last_ = nullptr;
        in_run_ = at_ != end_ && at_->whole.payload.size() > at_->datagram_size;
        if (!in_run_)
            return;
        of_run_ = at_->whole;
        next_ = of_run_.payload.data();
        last_ = next_ + of_run_.payload.size();
        cut();
    }

    void cut() noexcept
    {
        auto const size = std::min(at_->datagram_size, static_cast<std::size_t>(last_ - next_));
        of_run_.payload = {next_, size};
        next_ += size;
    }

    detail::filled_buffer const* at_ = nullptr;
    detail::filled_buffer const* end_ = nullptr;
    std::byte const* next_ = nullptr; ///< What of the run is still to come.
    std::byte const* last_ = nullptr;
    bool in_run_ = false;
    packet of_run_{};
};

inline batch::iterator batch::begin() const noexcept
{
    return {filled_.data(), filled_.data() + used_};
}

inline batch::iterator batch::end() const noexcept
{
    return {filled_.data() + used_, filled_.data() + used_};
}

inline void batch::keep_next() noexcept
{
    packets_ += filled_[used_].packets();
    ++used_;
}

} // namespace rollcast
