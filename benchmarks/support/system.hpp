// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cerrno>
#include <system_error>

namespace rollcast::bench {

/// Hands on what a system call returned; throws what it complained of.
template <class Status>
Status check(Status status, char const* what)
{
    if (status < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return status;
}

} // namespace rollcast::bench
