// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/batch.hpp>

#include "os/datagram_buffers.hpp"

#include <algorithm>
#include <utility>

namespace rollcast {

batch::batch(std::size_t buffers)
    : buffers_(std::make_unique<os::datagram_buffers>(std::max<std::size_t>(buffers, 1)))
{
    filled_.resize(buffers_->count());
}

batch::batch(batch&& other) noexcept
    : buffers_(std::move(other.buffers_)),
      filled_(std::move(other.filled_)),
      used_(std::exchange(other.used_, 0)),
      packets_(std::exchange(other.packets_, 0)),
      adopted_(std::move(other.adopted_))
{
}

batch& batch::operator=(batch&& other) noexcept
{
    if (this != &other) {
        buffers_ = std::move(other.buffers_);
        filled_ = std::move(other.filled_);
        used_ = std::exchange(other.used_, 0);
        packets_ = std::exchange(other.packets_, 0);
        adopted_ = std::move(other.adopted_);
    }
    return *this;
}

batch::~batch() = default;

/// Empties the batch; a batch that was moved from gets storage again.
void batch::make_ready()
{
    if (!buffers_)
        *this = batch();
    used_ = 0;
    packets_ = 0;
}

/// Copies packets whose payload lies in the storage of another batch.
void batch::adopt(std::span<detail::filled_buffer const> from)
{
    make_ready();
    std::size_t size = 0;
    for (auto const& each : from)
        size += each.whole.payload.size();
    adopted_.resize(std::max(adopted_.size(), size));
    filled_.resize(std::max(filled_.size(), from.size()));
    auto* into = adopted_.data();
    for (auto const& each : from) {
        next() = each;
        std::ranges::copy(each.whole.payload, into);
        next().whole.payload = {into, each.whole.payload.size()};
        into += each.whole.payload.size();
        keep_next();
    }
}

} // namespace rollcast
