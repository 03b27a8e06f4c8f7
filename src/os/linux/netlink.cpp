// SPDX-License-Identifier: BSL-1.0
#include "os/linux/netlink.hpp"

#include "os/owned_socket.hpp"

#include <array>

#include <sys/socket.h>

namespace rollcast::os {
namespace {

// The kernel fills at most 32 KiB per read of a dump; twice that leaves no doubt.
constexpr std::size_t answer_size = 65536;

/// Whether the answer is complete after this message.
bool is_last(nlmsghdr const& message, error_code& ec) noexcept
{
    if (message.nlmsg_type == NLMSG_DONE)
        return true;
    if (message.nlmsg_type != NLMSG_ERROR)
        return (message.nlmsg_flags & NLM_F_MULTI) == 0;
    auto const code = netlink_body<nlmsgerr>(message).error;
    if (code != 0)
        ec = {-code, boost::system::system_category()};
    return true;
}

} // namespace

void netlink_request::append(void const* data, std::size_t size)
{
    auto const* from = static_cast<std::byte const*>(data);
    bytes_.insert(bytes_.end(), from, from + size);
    bytes_.resize(NLMSG_ALIGN(bytes_.size()));
}

void netlink_request::attribute(std::uint16_t type, void const* data, std::size_t size)
{
    rtattr const header{static_cast<std::uint16_t>(RTA_LENGTH(size)), type};
    append(&header, sizeof header);
    append(data, size);
}

std::span<std::byte const> netlink_request::finish()
{
    auto const length = static_cast<std::uint32_t>(bytes_.size());
    std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
    return bytes_;
}

error_code netlink_ask(netlink_request& request, std::function<void(nlmsghdr const&)> const& each)
{
    owned_socket socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (socket.get() < 0)
        return last_error();
    auto const bytes = request.finish();
    if (::send(socket.get(), bytes.data(), bytes.size(), 0) < 0)
        return last_error();

    alignas(nlmsghdr) static thread_local std::array<std::byte, answer_size> buffer;
    error_code ec;
    for (;;) {
        auto const got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (got < 0)
            return last_error();
        auto left = static_cast<unsigned>(got);
        auto* message = reinterpret_cast<nlmsghdr*>(buffer.data());
        for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            bool const last = is_last(*message, ec);
            if (message->nlmsg_type >= NLMSG_MIN_TYPE)
                each(*message);
            if (last)
                return ec;
        }
    }
}

} // namespace rollcast::os
