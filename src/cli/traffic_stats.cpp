// SPDX-License-Identifier: BSL-1.0
#include "cli/traffic_stats.hpp"

#include "cli/output.hpp"
#include "cli/time_of_day.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
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

std::string to_text(traffic const& passed, double seconds)
{
    auto const bits = static_cast<double>(passed.bytes) * 8 / seconds;
    auto const also = [](std::optional<std::uint64_t> const& number, std::string_view what) {
        return number ? fmt::format(", {} {}", *number, what) : std::string();
    };
    return fmt::format("{} packets/s, {}bit/s, {} dropped{}{}{}",
                       scaled(static_cast<double>(passed.packets) / seconds),
                       bits < 1000 ? scaled(bits) + " " : scaled(bits), passed.dropped,
                       also(passed.filtered, "filtered"), also(passed.truncated, "truncated"),
                       also(passed.missing, "missing"));
}

std::string to_json(traffic const& passed, double seconds)
{
    json_line line("stats");
    line.add_time("at", kernel_time(std::chrono::system_clock::now().time_since_epoch()))
        .add("seconds", seconds)
        .add("packets", passed.packets)
        .add("bytes", passed.bytes)
        .add("packets_per_second", static_cast<double>(passed.packets) / seconds)
        .add("bits_per_second", static_cast<double>(passed.bytes) * 8 / seconds)
        .add("dropped", passed.dropped);
    if (passed.filtered)
        line.add("filtered", *passed.filtered);
    if (passed.truncated)
        line.add("truncated", *passed.truncated);
    if (passed.missing)
        line.add("missing", *passed.missing);
    return line.str();
}

} // namespace

void traffic_stats::print(traffic const& so_far)
{
    auto const now = std::chrono::steady_clock::now();
    auto const seconds = std::chrono::duration<double>(now - std::exchange(since_, now)).count();
    auto passed = so_far;
    passed.packets -= before_.packets;
    passed.bytes -= before_.bytes;
    passed.dropped -= before_.dropped;
    // What came late is no longer missing.
    for (auto const counter : {&traffic::filtered, &traffic::truncated, &traffic::missing})
        if (auto& grown = passed.*counter)
            *grown -= std::min((before_.*counter).value_or(0), *grown);
    before_ = so_far;
    auto const line =
        (json_ ? to_json(passed, seconds)
               : time_of_day(std::chrono::system_clock::now()) + "  " + to_text(passed, seconds)) +
        '\n';
    std::fputs(line.c_str(), stderr); // nobody has to read it
}

} // namespace rollcast::cli
