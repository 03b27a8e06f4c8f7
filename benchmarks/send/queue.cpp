// SPDX-License-Identifier: BSL-1.0
#include "send/queue.hpp"

#include "support/system.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::bench {
namespace {

/// How many datagrams a buffer holds, by the control message of a run.
std::uint64_t datagrams(msghdr& message, std::size_t bytes)
{
    auto const* header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_type != UDP_GRO)
        return 1;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(header), sizeof size);
    auto const segment = static_cast<std::size_t>(std::max(size, 1));
    return (bytes + segment - 1) / segment;
}

} // namespace

queue::queue(net::group const& group, bool coalesce)
    : socket_(open_receiver(group)), bytes_(std::size_t{1} << 16)
{
    if (coalesce)
        ask_for_runs(socket_.get());
}

std::uint64_t queue::empty()
{
    for (std::uint64_t taken = 0;;) {
        alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control;
        iovec vector{bytes_.data(), bytes_.size()};
        msghdr message{nullptr, 0, &vector, 1, control.data(), control.size(), 0};
        auto const got = ::recvmsg(socket_.get(), &message, 0);
        if (got >= 0)
            taken += datagrams(message, static_cast<std::size_t>(got));
        else if (errno == EAGAIN)
            return taken;
        else
            check(got, "recvmsg");
    }
}

} // namespace rollcast::bench
