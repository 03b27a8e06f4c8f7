// SPDX-License-Identifier: BSL-1.0
#include "os/datagram_buffers.hpp"

#include "os/linux/control_messages.hpp"
#include "os/linux/last_error.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::os {
namespace {

/// More than any datagram, and any run of datagrams, so that nothing is ever cut.
constexpr std::size_t large_size = 65536;

/// Holds what most links carry in one packet. Not a power of two, or the parts would share the
/// same few cache lines.
constexpr std::size_t small_size = 2048 + 64;
constexpr std::size_t large_stride = large_size + 192;

/// Room for every control message we ask for, which take 232 bytes at most.
constexpr std::size_t control_size = 256;

/// Room for control messages that the program may have asked for by itself; options and routing
/// headers of IPv6 may have two thousand bytes each.
constexpr std::size_t large_control_size = 8192;

} // namespace

static_assert(sizeof(sockaddr_in6) >= sizeof(sockaddr_in));

struct datagram_buffers::headers {
    /// What the kernel reads and writes for one buffer, close together.
    struct alignas(64) slot {
        std::array<iovec, 2> parts;
        sockaddr_in6 source;
        alignas(cmsghdr) std::array<std::byte, control_size> control;
    };

    explicit headers(std::size_t count) : messages(count), slots(count), used(count) {}

    /// Makes room for control messages that the socket's owner has asked for besides ours.
    void enlarge_control()
    {
        large_control.resize(messages.size() * large_control_size);
        for (std::size_t i = 0; i < messages.size(); ++i)
            messages[i].msg_hdr.msg_control = large_control.data() + i * large_control_size;
    }

    std::size_t control_room() const noexcept
    {
        return large_control.empty() ? control_size : large_control_size;
    }

    std::vector<mmsghdr> messages;
    std::vector<slot> slots;
    std::vector<std::byte> large_control; ///< Empty as long as `control_size` bytes suffice.
    bool overran = false;                 ///< The room did not suffice for the last datagrams.
    std::size_t used; ///< Slots the kernel has written to, whose lengths need a reset.
};

datagram_buffers::datagram_buffers(std::size_t count)
    : count_(count),
      storage_(std::make_unique_for_overwrite<std::byte[]>(count * (small_size + large_stride))),
      headers_(std::make_unique<headers>(count))
{
    for (std::size_t i = 0; i < count; ++i) {
        auto& slot = headers_->slots[i];
        auto& message = headers_->messages[i].msg_hdr;
        message.msg_name = &slot.source;
        message.msg_iov = slot.parts.data();
        message.msg_control = slot.control.data();
    }
    lay_out(true);
}

datagram_buffers::~datagram_buffers() = default;

std::byte* datagram_buffers::small_part(std::size_t buffer) const noexcept
{
    return storage_.get() + buffer * small_size;
}

std::byte* datagram_buffers::large_part(std::size_t buffer) const noexcept
{
    return storage_.get() + count_ * small_size + buffer * large_stride;
}

void datagram_buffers::lay_out(bool in_small_parts) noexcept
{
    in_small_parts_ = in_small_parts;
    for (std::size_t i = 0; i < count_; ++i) {
        auto& parts = headers_->slots[i].parts;
        auto* const large = large_part(i);
        if (in_small_parts)
            parts = {iovec{small_part(i), small_size},
                     iovec{large + small_size, large_size - small_size}};
        else
            parts = {iovec{large, large_size}, iovec{}};
        headers_->messages[i].msg_hdr.msg_iovlen = in_small_parts ? 2 : 1;
    }
}

/// For one datagram recvmsg costs less than recvmmsg.
int datagram_buffers::receive_one(native_socket socket) noexcept
{
    auto& first = headers_->messages.front();
    auto const size = ::recvmsg(socket, &first.msg_hdr, 0);
    first.msg_len = static_cast<unsigned>(size);
    return size < 0 ? -1 : 1;
}

int datagram_buffers::receive_many(native_socket socket, std::size_t most) noexcept
{
    return ::recvmmsg(socket, headers_->messages.data(),
                      static_cast<unsigned>(std::min(most, count_)), 0, nullptr);
}

error_code datagram_buffers::receive(native_socket socket, std::size_t most, std::size_t& filled)
{
    if (std::exchange(headers_->overran, false) && headers_->large_control.empty()) {
        headers_->enlarge_control();
        headers_->used = count_;
    }
    for (std::size_t i = 0; i < headers_->used; ++i) {
        auto& message = headers_->messages[i].msg_hdr;
        message.msg_namelen = sizeof(sockaddr_in6);
        message.msg_controllen = headers_->control_room();
    }
    headers_->used = 0;
    filled = 0;
    auto const got = most == 1 ? receive_one(socket) : receive_many(socket, most);
    if (got < 0)
        return last_error();
    filled = headers_->used = static_cast<std::size_t>(got);
    gather(filled);
    return {};
}

/// Makes every payload one piece, and chooses in which parts the next payloads shall go.
void datagram_buffers::gather(std::size_t filled) noexcept
{
    came_in_small_parts_ = in_small_parts_;
    bool overran = false;
    for (std::size_t i = 0; i < filled; ++i) {
        if ((headers_->messages[i].msg_hdr.msg_flags & MSG_CTRUNC) != 0)
            headers_->overran = true;
        if (headers_->messages[i].msg_len <= small_size)
            continue;
        overran = true;
        if (in_small_parts_)
            std::memcpy(large_part(i), small_part(i), small_size);
    }
    if (overran == in_small_parts_)
        lay_out(!overran);
}

void datagram_buffers::describe(std::size_t buffer, detail::filled_buffer& out) const noexcept
{
    auto const& message = headers_->messages[buffer];
    bool const small = came_in_small_parts_ && message.msg_len <= small_size;
    auto const* const bytes = small ? small_part(buffer) : large_part(buffer);
    auto& packet = out.whole;
    packet.payload = {bytes, message.msg_len};
    out.datagram_size = message.msg_len;
    std::memcpy(packet.source.data(), &headers_->slots[buffer].source, sizeof(sockaddr_in6));
    packet.truncated = (message.msg_hdr.msg_flags & MSG_TRUNC) != 0;
    take_control_messages(message.msg_hdr, out);
    packet.metadata.in_run = out.datagram_size < packet.payload.size();
}

} // namespace rollcast::os
