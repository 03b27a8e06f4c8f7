// SPDX-License-Identifier: BSL-1.0
#include "send/bare_loops.hpp"

#include "support/bare_socket.hpp"
#include "support/system.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::bench {
namespace {

/// What a call said that did not send: throws unless the send buffer was just full.
void wait_after_failure(int socket, char const* what)
{
    if (errno != EAGAIN)
        check(-1, what);
    wait_writable(socket);
}

class bare_send_loop : public contender {
public:
    explicit bare_send_loop(send_setup const& setup)
        : socket_(open_sender(setup.group)), bytes_(setup.size)
    {
    }

    void send(std::size_t batches) override
    {
        for (auto left = batches * batch_length(bytes_.size()); left > 0;) {
            if (::send(socket_.get(), bytes_.data(), bytes_.size(), MSG_NOSIGNAL) < 0)
                wait_after_failure(socket_.get(), "send");
            else
                --left;
        }
    }

private:
    bare_socket socket_;
    std::vector<std::byte> bytes_;
};

/// The same piece of memory in every message: one datagram, or a run of them.
class sendmmsg_loop : public contender {
public:
    sendmmsg_loop(send_setup const& setup, bool in_runs)
        : socket_(open_sender(setup.group)),
          per_message_(in_runs ? run_length(setup.size) : 1),
          messages_per_batch_(batch_length(setup.size) / per_message_),
          bytes_(per_message_ * setup.size)
    {
        auto const segment = static_cast<int>(setup.size);
        if (in_runs)
            check(::setsockopt(socket_.get(), IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment),
                  "UDP_SEGMENT");
        for (auto& each : messages_) {
            each.msg_hdr.msg_iov = &vector_;
            each.msg_hdr.msg_iovlen = 1;
        }
    }

    void send(std::size_t batches) override
    {
        auto const most = per_message_ == 1 ? messages_.size() : runs_per_call;
        for (auto left = batches * messages_per_batch_; left > 0;) {
            auto const count = static_cast<unsigned>(std::min(left, most));
            auto const sent = ::sendmmsg(socket_.get(), messages_.data(), count, MSG_NOSIGNAL);
            if (sent < 0)
                wait_after_failure(socket_.get(), "sendmmsg");
            else
                left -= static_cast<std::size_t>(sent);
        }
    }

private:
    bare_socket socket_;
    std::size_t per_message_;
    std::size_t messages_per_batch_;
    std::vector<std::byte> bytes_;
    iovec vector_{bytes_.data(), bytes_.size()};
    std::array<mmsghdr, 64> messages_{};
};

} // namespace

std::unique_ptr<contender> make_bare_send(send_setup const& setup)
{
    return std::make_unique<bare_send_loop>(setup);
}

std::unique_ptr<contender> make_sendmmsg(send_setup const& setup)
{
    return std::make_unique<sendmmsg_loop>(setup, false);
}

std::unique_ptr<contender> make_udp_segment(send_setup const& setup)
{
    return std::make_unique<sendmmsg_loop>(setup, true);
}

} // namespace rollcast::bench
