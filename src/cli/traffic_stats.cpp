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

/// In seconds since the start.
struct period {
    double from = 0;
    double to = 0;
};

struct rates {
    double packets = 0;
    double bits = 0;
};

/// None where there was no time.
rates per_second(std::uint64_t packets, std::uint64_t bytes, double seconds)
{
    if (seconds <= 0)
        return {};
    return {static_cast<double>(packets) / seconds, static_cast<double>(bytes) * 8 / seconds};
}

std::string to_text(traffic const& passed, rates const& pace)
{
    auto const also = [](std::optional<std::uint64_t> const& number, std::string_view what) {
        return number ? fmt::format(", {} {}", *number, what) : std::string();
    };
    return fmt::format(
        "{} packets/s, {}bit/s, {} dropped{}{}{}{}{}{}", scaled(pace.packets),
        pace.bits < 1000 ? scaled(pace.bits) + " " : scaled(pace.bits), passed.dropped,
        also(passed.filtered, "filtered"), also(passed.truncated, "truncated"),
        also(passed.missing, "missing"), also(passed.reordered, "reordered"),
        also(passed.repeated, "repeated"),
        passed.jitter ? fmt::format(", jitter {:.3f} ms", passed.jitter->count() * 1000) : "");
}

std::string to_json(json_line line, period const& when, traffic const& passed, rates const& pace)
{
    line.add_time("at", kernel_time(std::chrono::system_clock::now().time_since_epoch()))
        .add("from", when.from)
        .add("to", when.to)
        .add("seconds", when.to - when.from)
        .add("packets", passed.packets)
        .add("bytes", passed.bytes)
        .add("packets_per_second", pace.packets)
        .add("bits_per_second", pace.bits)
        .add("dropped", passed.dropped);
    auto const add = [&](std::string_view name, std::optional<std::uint64_t> const& number) {
        if (number)
            line.add(name, *number);
    };
    add("filtered", passed.filtered);
    add("truncated", passed.truncated);
    add("missing", passed.missing);
    add("reordered", passed.reordered);
    add("repeated", passed.repeated);
    if (passed.jitter)
        line.add("jitter", passed.jitter->count());
    return line.str();
}

std::string at_this_time(period const& when)
{
    return fmt::format("{}  {:.2f}-{:.2f} s", time_of_day(std::chrono::system_clock::now()),
                       when.from, when.to);
}

void say(std::string const& line)
{
    std::fputs((line + '\n').c_str(), stderr); // nobody has to read it
}

} // namespace

void traffic_stats::pass(kernel_time at, std::size_t bytes) noexcept
{
    if (!first_at_) {
        first_at_ = at;
        first_bytes_ = bytes;
    }
    last_at_ = at;
}

void traffic_stats::print(traffic const& so_far)
{
    auto const now = since_start();
    period const when{std::exchange(printed_until_, now).count(), now.count()};
    auto passed = so_far;
    passed.packets -= before_.packets;
    passed.bytes -= before_.bytes;
    passed.dropped -= before_.dropped;
    // What came late is no longer missing.
    for (auto const counter : {&traffic::filtered, &traffic::truncated, &traffic::missing,
                               &traffic::reordered, &traffic::repeated})
        if (auto& grown = passed.*counter)
            *grown -= std::min((before_.*counter).value_or(0), *grown);
    before_ = so_far;
    auto const pace = per_second(passed.packets, passed.bytes, when.to - when.from);
    say(json_ ? to_json(json_line("stats"), when, passed, pace)
              : at_this_time(when) + "  " + to_text(passed, pace));
}

void traffic_stats::print_total(traffic const& so_far) const
{
    period const when{0, since_start().count()};
    rates pace;
    if (first_at_) // with which its time begins, so that it is none of those that came in it
        pace = per_second(so_far.packets - 1, so_far.bytes - first_bytes_,
                          seconds(last_at_ - *first_at_).count());
    say(json_ ? to_json(json_line("total"), when, so_far, pace)
              : at_this_time(when) + " in all  " + to_text(so_far, pace));
}

} // namespace rollcast::cli
