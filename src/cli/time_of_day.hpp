// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

namespace rollcast::cli {

/// "23:59:59", by the clock on the wall here.
inline std::string time_of_day(std::chrono::system_clock::time_point at)
{
    return fmt::format("{:%H:%M:%S}", fmt::localtime(std::chrono::system_clock::to_time_t(at)));
}

} // namespace rollcast::cli
