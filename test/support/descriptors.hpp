// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace rollcast::test {

/// How many files and sockets this process has open.
inline std::size_t open_descriptors()
{
    using entries = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(entries("/proc/self/fd"), entries()));
}

} // namespace rollcast::test
