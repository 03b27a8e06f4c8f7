// SPDX-License-Identifier: BSL-1.0
#include "sparse/measurements.hpp"
#include "support/json_line.hpp"
#include "support/measure.hpp"
#include "support/print.hpp"
#include "support/probe.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace rollcast::bench {
namespace {

constexpr char description[] = "What it costs to wait: sparse feeds, idle looks, many groups";

constexpr char notes[] =
    "Everything stays on lo; run it in a namespace of its own to be undisturbed:\n"
    "  test/support/in_namespace build/release/bin/sparse_bench\n"
    "Each line compares with its base in alternating rounds, nine at least, and has the medians.\n"
    "Rounds go on until the base's middle half spreads by less than 5 percent, for five minutes\n"
    "at most.";

struct options {
    bool json = false;
    bool quick = false;
    std::vector<std::string> comparisons{};
};

struct contender {
    std::string name;
    std::function<double()> measure;
    std::vector<double> results{};
};

/// The first one is what the others are compared with.
struct comparison {
    std::string name;
    std::string unit;
    std::vector<contender> contenders;
};

/// Of the middle half, as a part of the median.
double spread_of(std::vector<double> values)
{
    std::ranges::sort(values);
    auto const quarter = values.size() / 4;
    return (values[values.size() - 1 - quarter] - values[quarter]) / median(values);
}

void measure(comparison& of, options const& wanted)
{
    constexpr std::size_t fewest_rounds = 9;
    constexpr double calm = 0.05;
    auto const limit = std::chrono::minutes(wanted.quick ? 0 : 5);
    auto const begun = std::chrono::steady_clock::now();
    auto const& base = of.contenders.front().results;
    while (base.size() < fewest_rounds ||
           (spread_of(base) > calm && std::chrono::steady_clock::now() - begun < limit))
        for (auto& each : of.contenders)
            each.results.push_back(each.measure());
}

void print_results(comparison const& of, options const& wanted)
{
    auto const& base = of.contenders.front();
    for (auto const& each : of.contenders) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < each.results.size(); ++i)
            ratios.push_back(each.results[i] / base.results[i]);
        auto const value = median(each.results);
        auto const ratio = median(ratios);
        auto const spread = spread_of(base.results);
        if (wanted.json)
            print(json_line()
                      .add("comparison", of.name)
                      .add("case", each.name)
                      .add("unit", of.unit)
                      .add("median", value, 2)
                      .add("base", base.name)
                      .add("ratio_to_base", ratio, 3)
                      .add("rounds", static_cast<std::uint64_t>(each.results.size()))
                      .add("spread_of_base", spread, 3)
                      .str());
        else
            print(fmt::format("{:<6}  {:<24}  {:>9.2f} {}  {:>6.2f}  {:>3} rounds, spread {:.1f} %",
                              of.name, each.name, value, of.unit, ratio, each.results.size(),
                              100 * spread));
    }
}

std::vector<comparison> all_comparisons(options const& wanted)
{
    std::size_t const datagrams = wanted.quick ? 50 : 150;
    std::size_t const looks = wanted.quick ? 20'000 : 100'000;
    std::size_t const in_turn = wanted.quick ? 2'000 : 10'000;
    comparison wakes{"wake", "us", {}};
    for (auto const& kind : listener_kinds())
        wakes.contenders.push_back(
            {std::string(kind.name), [&kind, datagrams] { return wake_latency(kind, datagrams); }});
    comparison idle{"idle",
                    "ns",
                    {{"recv", [=] { return bare_idle_look(looks); }},
                     {"subscription.try_recv", [=] { return idle_try_recv(looks); }}}};
    comparison groups{"groups",
                      "ns",
                      {{"receiver of 1", [=] { return receive_in_turn(1, in_turn); }},
                       {"receiver of 1000", [=] { return receive_in_turn(1000, in_turn); }},
                       {"bare epoll set of 1", [=] { return bare_in_turn(1, in_turn); }},
                       {"bare epoll set of 1000", [=] { return bare_in_turn(1000, in_turn); }}}};
    return {std::move(wakes), std::move(idle), std::move(groups)};
}

/// A sender for each of a thousand groups, beside their receiver.
void allow_many_descriptors()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
        (void)::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int run(options const& wanted)
{
    require_multicast_on_loopback();
    allow_many_descriptors();
    for (auto& each : all_comparisons(wanted)) {
        auto const& some = wanted.comparisons;
        if (!some.empty() && std::ranges::find(some, each.name) == some.end())
            continue;
        measure(each, wanted);
        print_results(each, wanted);
    }
    if (!wanted.json && wanted.comparisons.empty())
        print(fmt::format("descriptors of a receiver of 1000 groups: {}", descriptors_of(1000)));
    return 0;
}

} // namespace
} // namespace rollcast::bench

int main(int argc, char** argv)
{
    CLI::App app(rollcast::bench::description);
    app.footer(rollcast::bench::notes);
    rollcast::bench::options wanted;
    app.add_flag("--json", wanted.json, "One JSON object per line instead of a table");
    app.add_flag("--quick", wanted.quick, "Measure shorter, and less exactly");
    app.add_option("--comparison", wanted.comparisons, "Only this one; may be repeated")
        ->check(CLI::IsMember({"wake", "idle", "groups"}))
        ->allow_extra_args(false);
    CLI11_PARSE(app, argc, argv);
    try {
        return rollcast::bench::run(wanted);
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "sparse_bench: %s\n", failure.what());
        return 1;
    }
}
