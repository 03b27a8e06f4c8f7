// SPDX-License-Identifier: BSL-1.0
#include "os/datagram_buffers.hpp"

#include "os/linux/control_messages.hpp"
#include "os/linux/last_error.hpp"

#include <array>
#include <cstring>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::os {
namespace {

/// More than any datagram, and any run of datagrams, so that nothing is ever cut.
constexpr std::size_t buffer_size = 65536;

/// Buffers one behind the other at exact powers of two would share the same few cache lines.
constexpr std::size_t buffer_stride = buffer_size + 192;

/// Room for every control message we ask for, with some to spare.
constexpr std::size_t control_size = 256;

} // namespace

struct datagram_buffers::headers {
    struct alignas(cmsghdr) control {
        std::array<std::byte, control_size> bytes;
    };

    explicit headers(std::size_t count)
        : messages(count), vectors(count), names(count), controls(count)
    {
    }

    std::vector<mmsghdr> messages;
    std::vector<iovec> vectors;
    std::vector<sockaddr_storage> names;
    std::vector<control> controls;
    std::size_t used = 0; ///< How many the kernel has written to and need their lengths reset.
};

datagram_buffers::datagram_buffers(std::size_t count)
    : count_(count),
      storage_(std::make_unique_for_overwrite<std::byte[]>(count * buffer_stride)),
      headers_(std::make_unique<headers>(count))
{
    for (std::size_t i = 0; i < count; ++i) {
        headers_->vectors[i] = {storage_.get() + i * buffer_stride, buffer_size};
        auto& message = headers_->messages[i].msg_hdr;
        message.msg_name = &headers_->names[i];
        message.msg_iov = &headers_->vectors[i];
        message.msg_iovlen = 1;
        message.msg_control = &headers_->controls[i];
    }
    headers_->used = count;
}

datagram_buffers::~datagram_buffers() = default;

error_code datagram_buffers::receive(native_socket socket, std::size_t& filled) noexcept
{
    for (std::size_t i = 0; i < headers_->used; ++i) {
        auto& message = headers_->messages[i].msg_hdr;
        message.msg_namelen = sizeof(sockaddr_storage);
        message.msg_controllen = control_size;
    }
    headers_->used = 0;
    filled = 0;
    auto const got =
        ::recvmmsg(socket, headers_->messages.data(), static_cast<unsigned>(count_), 0, nullptr);
    if (got < 0)
        return last_error();
    filled = headers_->used = static_cast<std::size_t>(got);
    return {};
}

void datagram_buffers::describe(std::size_t buffer, received& out) const noexcept
{
    auto const& message = headers_->messages[buffer];
    auto const* const bytes = storage_.get() + buffer * buffer_stride;
    out.payload = {bytes, message.msg_len};
    out.datagram_size = message.msg_len;
    out.truncated = (message.msg_hdr.msg_flags & MSG_TRUNC) != 0;
    std::memcpy(out.source.data(), message.msg_hdr.msg_name, message.msg_hdr.msg_namelen);
    out.source.resize(message.msg_hdr.msg_namelen);
    out.destination = asio::ip::address();
    out.metadata = packet_metadata();
    take_control_messages(message.msg_hdr, out);
}

} // namespace rollcast::os
