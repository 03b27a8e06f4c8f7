// SPDX-License-Identifier: BSL-1.0
#include "chart/options.hpp"

#include "support/measure.hpp"

#include <CLI/CLI.hpp>

#include <random>

namespace rollcast::bench {
namespace {

constexpr char description[] = "What the chart protocol does on a simulated network, and its costs";

constexpr char notes[] =
    "Everything but --latency happens on virtual time, without sockets, and is decided by "
    "seeds.\n"
    "--latency uses the discovery port of this host; run it in a namespace of its own.\n"
    "--table compares with the targets of the protocol, D = 10 s, one link, one IP version, delay\n"
    "1 ms; a figure is the median of its seeds, and one that misses its target is marked with "
    "'!'.\n"
    "--replay runs one seed of the table: --replay 7 --instances 100 --loss 30.\n"
    "--soak looks for what must never happen; the command it prints for a seed that failed "
    "replays\n"
    "it, and with --verbose tells everything that happened.";

std::uint64_t any_seed()
{
    return std::random_device{}() % 1'000'000'000;
}

} // namespace

parsed parse(int argc, char const* const* argv)
{
    options result;
    result.threads = usable_cores().size();
    std::optional<std::uint64_t> seed;
    std::optional<std::uint64_t> replayed;
    std::vector<double> percents;
    std::size_t seconds = 120;
    CLI::App app(description, "chart_bench");
    app.footer(notes);
    bool table = false;
    bool costs = false;
    bool latency = false;
    bool soak = false;
    auto* modes = app.add_option_group("mode");
    modes->add_flag("--table", table, "Measure everything there are targets for");
    modes->add_flag("--costs", costs, "Measure time and memory of one chart");
    modes->add_flag("--latency", latency, "Measure how soon charts on loopback know each other");
    modes->add_flag("--soak", soak, "Random faults with everything checked");
    modes->add_option("--replay", replayed, "Run one seed of the table");
    modes->require_option(1);
    app.add_option("--seed", seed, "The first seed; 1 for the table, any for a soak");
    app.add_option("--seeds", result.seeds, "How many; 100 for a soak");
    app.add_option("--instances", result.sizes, "Only networks of this size; may be repeated")
        ->check(CLI::Range(2, 60000));
    app.add_option("--loss", percents, "Only with so many percent loss; may be repeated")
        ->check(CLI::Range(0, 100));
    app.add_option("--duration", seconds, "Seconds of faults in a soak, on virtual time")
        ->capture_default_str();
    app.add_option("--threads", result.threads, "Simulations at a time")->capture_default_str();
    app.add_flag("--complete", result.complete, "Replay from charts that are complete already");
    app.add_flag("--verbose", result.verbose, "Tell every fault, datagram and event of a soak");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& end) {
        return {std::nullopt, app.exit(end) == 0 ? 0 : 2};
    }
    using what = options::what;
    result.wanted = table     ? what::table
                    : costs   ? what::costs
                    : latency ? what::latency
                    : soak    ? what::soak
                              : what::replay;
    result.seed = replayed ? *replayed : seed ? *seed : soak ? any_seed() : 1;
    result.duration = std::chrono::seconds(seconds);
    if (!percents.empty())
        result.losses.clear();
    for (auto const each : percents)
        result.losses.push_back(each / 100);
    return {std::move(result)};
}

} // namespace rollcast::bench
