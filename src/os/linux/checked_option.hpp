// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>

#include <cstring>

#include <sys/socket.h>

namespace rollcast::os {

/// The calls by which options are set and read. Tests put other functions in their place, since
/// some options can be refused by hardware alone.
struct option_calls {
    int (*set)(int, int, int, void const*, socklen_t) = ::setsockopt;
    int (*get)(int, int, int, void*, socklen_t*) = ::getsockopt;
};

/// Sets an option and reads it back: a kernel may take a value that it does not keep, and a kernel
/// that does not know the option may know its number by another name.
template <class Value>
bool set_checked(option_calls const& calls, native_socket socket, int level, int name,
                 Value const& value) noexcept
{
    Value kept{};
    socklen_t size = sizeof kept;
    return calls.set(socket, level, name, &value, sizeof value) == 0 &&
           calls.get(socket, level, name, &kept, &size) == 0 && size == sizeof kept &&
           std::memcmp(&kept, &value, sizeof value) == 0;
}

} // namespace rollcast::os
