// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/time.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <sys/socket.h>

namespace rollcast::os {

/// Room for one control message, of a value of that size at most.
template <class Largest>
struct alignas(cmsghdr) single_control {
    std::array<std::byte, CMSG_SPACE(sizeof(Largest))> bytes{};
};

/// Makes the value the only control message.
template <class Control, class Value>
void attach(msghdr& message, Control& control, int level, int type, Value const& value) noexcept
{
    static_assert(sizeof control.bytes >= CMSG_SPACE(sizeof value));
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(sizeof value);
    auto* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof value);
    std::memcpy(CMSG_DATA(header), &value, sizeof value);
}

/// In nanoseconds of the clock that SO_TXTIME was told. A time before the clock's beginning counts
/// as 0.
template <class Control>
void attach_launch_time(msghdr& message, Control& control, net::launch_time when) noexcept
{
    auto const since = std::max(when.time_since_epoch().count(), std::int64_t{0});
    attach(message, control, SOL_SOCKET, SCM_TXTIME, static_cast<std::uint64_t>(since));
}

} // namespace rollcast::os
