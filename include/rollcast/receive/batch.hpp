// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/packet.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <vector>

namespace rollcast {

namespace os {
class datagram_buffers;
}

namespace detail {

/// One buffer as the kernel filled it: a datagram, or a run of datagrams of one flow.
struct filled_buffer {
    packet whole{};                ///< Its payload is the whole buffer.
    std::size_t datagram_size = 0; ///< Of each but the last, which may be shorter.

    std::size_t packets() const noexcept
    {
        auto const size = whole.payload.size();
        return size <= datagram_size ? 1 : (size + datagram_size - 1) / datagram_size;
    }
};

} // namespace detail

/// Storage for many datagrams received at once, to be used again and again.
///
/// A batch has a number of buffers of 64 KiB each, of which only what is received takes memory.
/// Where the kernel hands over runs of datagrams in one buffer (UDP_GRO), a batch may hold many
/// more packets than buffers. Packets are views into the batch, valid until it is received into
/// again, moved or destroyed. Threads: one at a time.
class batch {
public:
    class iterator;

    explicit batch(std::size_t buffers = 64);
    batch(batch&&) noexcept;
    batch& operator=(batch&&) noexcept;
    ~batch();

    std::size_t size() const noexcept { return packets_; } ///< Packets, not buffers.
    bool empty() const noexcept { return packets_ == 0; }

    iterator begin() const noexcept;
    iterator end() const noexcept;

private:
    friend class subscription;

    void clear() noexcept;
    void add(detail::filled_buffer const& filled);
    /// Copies packets whose storage belongs to somebody else.
    void adopt(iterator first, iterator last);

    std::unique_ptr<os::datagram_buffers> buffers_;
    std::vector<detail::filled_buffer> filled_;
    std::vector<std::byte> adopted_;
    std::size_t packets_ = 0;
};

/// Makes the packets as it goes along, which costs less than to store them.
class batch::iterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = packet;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = packet;

    iterator() = default;
    explicit iterator(detail::filled_buffer const* at) noexcept : at_(at) {}

    packet operator*() const noexcept
    {
        packet result = at_->whole;
        auto const rest = result.payload.subspan(offset_);
        result.payload = rest.first(std::min(at_->datagram_size, rest.size()));
        return result;
    }

    iterator& operator++() noexcept
    {
        offset_ += at_->datagram_size;
        if (offset_ >= at_->whole.payload.size()) {
            offset_ = 0;
            ++at_;
        }
        return *this;
    }

    iterator operator++(int) noexcept
    {
        auto const before = *this;
        ++*this;
        return before;
    }

    friend bool operator==(iterator const&, iterator const&) = default;

private:
    detail::filled_buffer const* at_ = nullptr;
    std::size_t offset_ = 0; ///< Of the packet in its buffer.
};

inline batch::iterator batch::begin() const noexcept
{
    return iterator(filled_.data());
}

inline batch::iterator batch::end() const noexcept
{
    return iterator(filled_.data() + filled_.size());
}

} // namespace rollcast
