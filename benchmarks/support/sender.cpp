// SPDX-License-Identifier: BSL-1.0
#include "support/sender.hpp"

#include "support/system.hpp"
#include "support/tally.hpp"

#include <algorithm>
#include <array>

#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::bench {
sender::sender(net::group const& group, std::size_t size, bool in_runs)
    : socket_(open_sender(group)),
      size_(size),
      bytes_(in_runs ? run_length(size) * size : size, data_mark)
{
    auto const segment = static_cast<int>(size);
    if (in_runs)
        check(::setsockopt(socket_.get(), IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment),
              "UDP_SEGMENT");
}

void sender::send(std::size_t sends)
{
    iovec vector{bytes_.data(), bytes_.size()};
    std::array<mmsghdr, 64> messages{};
    for (auto& each : messages) {
        each.msg_hdr.msg_iov = &vector;
        each.msg_hdr.msg_iovlen = 1;
    }
    while (sends > 0) {
        auto const count = static_cast<unsigned>(std::min(sends, messages.size()));
        auto const sent = check(::sendmmsg(socket_.get(), messages.data(), count, 0), "sendmmsg");
        sends -= static_cast<std::size_t>(sent);
    }
}

void sender::send_mark(std::byte mark)
{
    std::vector<std::byte> const bytes(size_, mark);
    check(::send(socket_.get(), bytes.data(), bytes.size(), 0), "send");
}

} // namespace rollcast::bench
