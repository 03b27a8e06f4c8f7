// SPDX-License-Identifier: BSL-1.0
#include "os/burst.hpp"

#include "os/linux/last_error.hpp"
#include "os/linux/sent_control.hpp"

#include <array>
#include <cstdint>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::os {
namespace {

/// Pieces of all messages together: 64 runs of 64 datagrams.
constexpr std::size_t most_pieces = 4096;

} // namespace

struct burst::headers {
    std::array<mmsghdr, most_messages> messages;
    std::array<single_control<std::uint64_t>, most_messages> controls;
    std::array<iovec, most_pieces> pieces;

    static std::size_t size_of(std::byte const* begin, std::byte const* end) noexcept
    {
        return static_cast<std::size_t>(end - begin);
    }

    /// Payloads that follow each other in memory are one piece: each piece costs the kernel time.
    std::size_t append(std::span<boost::asio::const_buffer const> payloads, std::size_t at) noexcept
    {
        auto* last = &pieces[at];
        auto const* begin = static_cast<std::byte const*>(payloads.front().data());
        auto const* end = begin + payloads.front().size();
        auto const put = [&] { *last = {const_cast<std::byte*>(begin), size_of(begin, end)}; };
        for (auto const& each : payloads.subspan(1)) {
            auto const* const next = static_cast<std::byte const*>(each.data());
            if (next != end) {
                put();
                ++last;
                begin = next;
            }
            end = next + each.size();
        }
        put();
        return static_cast<std::size_t>(last - &pieces[at]) + 1;
    }
};

burst::burst() : headers_(std::make_unique<headers>()) {}

burst::~burst() = default;

void burst::clear() noexcept
{
    messages_ = 0;
    pieces_ = 0;
}

bool burst::add(std::span<boost::asio::const_buffer const> payloads,
                boost::asio::ip::udp::endpoint const* destination,
                std::optional<net::launch_time> launch) noexcept
{
    if (messages_ == most_messages || pieces_ + payloads.size() > most_pieces)
        return false;
    auto& message = headers_->messages[messages_].msg_hdr;
    message = {};
    message.msg_iov = &headers_->pieces[pieces_];
    message.msg_iovlen = headers_->append(payloads, pieces_);
    pieces_ += message.msg_iovlen;
    if (destination) {
        message.msg_name = const_cast<sockaddr*>(destination->data());
        message.msg_namelen = static_cast<socklen_t>(destination->size());
    }
    auto& control = headers_->controls[messages_];
    if (payloads.size() > 1)
        attach(message, control, IPPROTO_UDP, UDP_SEGMENT,
               static_cast<std::uint16_t>(payloads.front().size()));
    else if (launch)
        attach_launch_time(message, control, *launch);
    ++messages_;
    return true;
}

error_code burst::send(native_socket socket, std::size_t& taken) noexcept
{
    taken = 0;
    auto const sent = ::sendmmsg(socket, headers_->messages.data(),
                                 static_cast<unsigned>(messages_), MSG_NOSIGNAL);
    if (sent < 0)
        return last_error();
    taken = static_cast<std::size_t>(sent);
    return {};
}

} // namespace rollcast::os
