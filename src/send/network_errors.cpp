// SPDX-License-Identifier: BSL-1.0
#include "send/network_errors.hpp"

#include "os/error_queue.hpp"

namespace rollcast::send {

std::uint64_t network_errors::take_from(os::native_socket socket)
{
    std::uint64_t told = 0;
    while (auto const each = os::take_queued_error(socket)) {
        if (!each->from_network)
            continue;
        ++told;
        if (unread_.size() == capacity)
            unread_.pop_front();
        unread_.push_back({each->destination, each->reporter, each->error, each->mtu});
    }
    return told;
}

std::optional<network_error> network_errors::pop()
{
    if (unread_.empty())
        return std::nullopt;
    std::optional<network_error> oldest(std::move(unread_.front()));
    unread_.pop_front();
    return oldest;
}

} // namespace rollcast::send
