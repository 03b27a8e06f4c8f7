// SPDX-License-Identifier: BSL-1.0
#include "cli/traffic_stats.hpp"

#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rollcast::cli {
namespace {

/// 1234567 as 1.23 M.
std::string scaled(double value)
{
    constexpr std::string_view units[] = {"", " k", " M", " G"};
    std::size_t unit = 0;
    for (; value >= 1000 && unit + 1 < std::size(units); ++unit)
        value /= 1000;
    return fmt::format("{:.{}f}{}", value,
                       unit == 0 || value >= 100 ? 0
                       : value >= 10             ? 1
                                                 : 2,
                       units[unit]);
}

} // namespace

std::string traffic_stats::line(receive_counters const& now_counted, gap_counter const& gaps,
                                std::chrono::steady_clock::time_point now, bool json)
{
    auto const seconds = std::chrono::duration<double>(now - std::exchange(since_, now)).count();
    auto const before = std::exchange(before_, now_counted);
    auto const packets = now_counted.packets - before.packets;
    auto const bytes = now_counted.bytes - before.bytes;
    auto const dropped = now_counted.dropped - before.dropped;
    // What came late is no longer missing.
    auto const missing = gaps.missing() - std::min(missing_before_, gaps.missing());
    missing_before_ = gaps.missing();
    auto const rate = static_cast<double>(packets) / seconds;
    auto const bits = static_cast<double>(bytes) * 8 / seconds;
    if (!json)
        return fmt::format("{} packets/s, {}bit/s, {} dropped{}", scaled(rate),
                           bits < 1000 ? scaled(bits) + " " : scaled(bits), dropped,
                           gaps.any() ? fmt::format(", {} missing", missing) : "");
    json_line line("stats");
    line.add("seconds", seconds)
        .add("packets", packets)
        .add("bytes", bytes)
        .add("packets_per_second", rate)
        .add("bits_per_second", bits)
        .add("dropped", dropped);
    if (gaps.any())
        line.add("missing", missing);
    return line.str();
}

} // namespace rollcast::cli
