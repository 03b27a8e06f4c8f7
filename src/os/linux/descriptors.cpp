// SPDX-License-Identifier: BSL-1.0
#include "os/descriptors.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include <sys/resource.h>

namespace rollcast::os {

std::size_t free_descriptors()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return SIZE_MAX;
    std::error_code ec;
    std::filesystem::directory_iterator each("/proc/self/fd", ec);
    if (ec)
        return SIZE_MAX;
    std::size_t open = 0;
    for (; !ec && each != std::filesystem::directory_iterator(); each.increment(ec))
        ++open;
    // The look takes a descriptor itself.
    auto const used = open > 0 ? open - 1 : 0;
    return static_cast<std::size_t>(limit.rlim_cur) - std::min<std::size_t>(used, limit.rlim_cur);
}

} // namespace rollcast::os
