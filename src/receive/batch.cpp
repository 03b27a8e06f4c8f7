// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/batch.hpp>

#include "os/datagram_buffers.hpp"

namespace rollcast {

batch::batch(std::size_t buffers)
    : buffers_(std::make_unique<os::datagram_buffers>(std::max<std::size_t>(buffers, 1)))
{
    filled_.reserve(buffers_->count());
}

batch::batch(batch&&) noexcept = default;
batch& batch::operator=(batch&&) noexcept = default;
batch::~batch() = default;

void batch::clear() noexcept
{
    filled_.clear();
    packets_ = 0;
}

void batch::add(detail::filled_buffer const& filled)
{
    filled_.push_back(filled);
    packets_ += filled.packets();
}

void batch::adopt(iterator first, iterator last)
{
    clear();
    adopted_.clear();
    auto const start = first;
    for (; first != last; ++first) {
        auto const packet = *first;
        adopted_.insert(adopted_.end(), packet.payload.begin(), packet.payload.end());
    }
    std::size_t offset = 0;
    for (auto each = start; each != last; ++each) {
        detail::filled_buffer single;
        single.whole = *each;
        single.datagram_size = single.whole.payload.size();
        single.whole.payload = std::span(adopted_).subspan(offset, single.datagram_size);
        offset += single.datagram_size;
        add(single);
    }
}

} // namespace rollcast
