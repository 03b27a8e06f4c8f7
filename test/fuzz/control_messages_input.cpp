// SPDX-License-Identifier: BSL-1.0
#include "fuzz/control_messages_input.hpp"

#include "os/linux/control_messages.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rollcast::test {
namespace {

/// A page that no page follows.
struct last_page {
    std::size_t const size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::uint8_t* start = nullptr;

    last_page()
    {
        auto* const both =
            ::mmap(nullptr, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (both == MAP_FAILED)
            std::abort();
        start = static_cast<std::uint8_t*>(both);
        if (::mprotect(start + size, size, PROT_NONE) != 0)
            std::abort();
    }

    /// A copy at its end, as far as the alignment of headers lets it.
    std::uint8_t* hold(std::span<std::uint8_t const> bytes) const
    {
        auto const aligned = CMSG_ALIGN(bytes.size());
        auto* const at = start + size - aligned;
        std::memset(at, 0xff, aligned);
        std::ranges::copy(bytes, at);
        return at;
    }
};

} // namespace

std::vector<control_message> whole_messages(std::span<std::uint8_t const> bytes)
{
    std::vector<control_message> all;
    while (bytes.size() >= sizeof(cmsghdr)) {
        cmsghdr header;
        std::memcpy(&header, bytes.data(), sizeof header);
        if (header.cmsg_len < sizeof header || header.cmsg_len > bytes.size())
            break;
        auto const next = CMSG_ALIGN(header.cmsg_len);
        all.push_back({header.cmsg_level, header.cmsg_type,
                       bytes.subspan(sizeof header, header.cmsg_len - sizeof header),
                       next <= bytes.size()});
        bytes = bytes.subspan(std::min<std::size_t>(next, bytes.size()));
    }
    return all;
}

detail::filled_buffer take(std::span<std::uint8_t const> input)
{
    static last_page const page;
    static std::array<std::byte, 65536> const payload{};
    std::array<std::uint8_t, 2> size{};
    auto const sized = std::min(size.size(), input.size());
    std::ranges::copy(input.first(sized), size.begin());
    auto const control = input.subspan(sized);

    detail::filled_buffer out;
    out.whole.payload = std::span(payload).first(size[0] + 256U * size[1]);
    out.datagram_size = out.whole.payload.size();
    msghdr message{};
    message.msg_control = page.hold(control);
    message.msg_controllen = control.size();
    os::take_control_messages(message, out);
    return out;
}

} // namespace rollcast::test
