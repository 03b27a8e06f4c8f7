// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/batch.hpp>

#include "os/datagram_buffers.hpp"

#include <algorithm>

namespace rollcast {

batch::batch(std::size_t buffers)
    : buffers_(std::make_unique<os::datagram_buffers>(std::max<std::size_t>(buffers, 1)))
{
    filled_.resize(buffers_->count());
}

batch::batch(batch&&) noexcept = default;
batch& batch::operator=(batch&&) noexcept = default;
batch::~batch() = default;

void batch::clear() noexcept
{
    used_ = 0;
    packets_ = 0;
}

/// Copies what belongs to somebody else.
void batch::adopt(std::span<detail::filled_buffer const> from)
{
    clear();
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
