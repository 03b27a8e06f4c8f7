// SPDX-License-Identifier: BSL-1.0
#include "end_to_end/measure.hpp"
#include "support/child.hpp"
#include "support/json_line.hpp"
#include "support/print.hpp"
#include "support/probe.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

namespace rollcast::bench {
namespace {

constexpr char description[] =
    "From sender to receiver: batches of rollcast, and a bare call for each packet";

constexpr char notes[] =
    "Everything stays on lo; run it in a namespace of its own to be undisturbed:\n"
    "  test/support/in_namespace build/release/bin/end_to_end_bench --json\n"
    "Sender and receiver are threads on cores of their own. At most 2048 datagrams are under way,\n"
    "so that the receiver's queue does not overflow and the speed is that of the slower end.\n"
    "ratio_to_bare is how many times as many packets arrive as with send and recvfrom.";

constexpr std::chrono::seconds limit_per_size{60};
constexpr std::string_view bare_name = "one_call_per_packet";

struct options {
    bool json = false;
    bool quick = false;
    std::vector<std::size_t> sizes{100, 1200};
};

struct row {
    std::string_view name;
    std::size_t size;
    throughput what;
    double ratio;
};

void print_json(row const& of)
{
    print(json_line()
              .add("case", of.name)
              .add("size", of.size)
              .add("packets_per_second", of.what.packets_per_second, 0)
              .add("lost", of.what.lost)
              .add("bare", bare_name)
              .add("ratio_to_bare", of.ratio, 3)
              .str());
}

void print_table_row(row const& of)
{
    print(fmt::format("{:<19}  {:>4}  {:>12.0f}  {:>9}  {:>6.1f}", of.name, of.size,
                      of.what.packets_per_second, of.what.lost, of.ratio));
}

bool run_size(std::size_t size, options const& wanted)
{
    auto const how_much = wanted.quick ? quick_effort : full_effort;
    auto const what = in_child(limit_per_size, [&] { return measure(size, how_much); });
    if (!what)
        return false;
    auto* const print_row = wanted.json ? print_json : print_table_row;
    print_row({bare_name, size, what->one_call_per_packet, 1});
    print_row({"batch", size, what->batch, what->ratio});
    return true;
}

int run(options const& wanted)
{
    require_multicast_on_loopback();
    if (!wanted.json)
        print(fmt::format("{:<19}  {:>4}  {:>12}  {:>9}  {:>6}", "case", "size", "packets/s",
                          "lost", "ratio"));
    bool ok = true;
    for (auto const size : wanted.sizes)
        ok = run_size(size, wanted) && ok;
    return ok ? 0 : 1;
}

} // namespace
} // namespace rollcast::bench

int main(int argc, char** argv)
{
    using namespace rollcast::bench;
    options wanted;
    CLI::App app(description, "end_to_end_bench");
    app.footer(notes);
    app.add_flag("--json", wanted.json, "One JSON object per line instead of a table");
    app.add_flag("--quick", wanted.quick, "Measure shorter, and less exactly");
    app.add_option("--size", wanted.sizes, "Bytes of payload; may be repeated")
        ->check(CLI::Range(1, 1472))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
        return run(wanted);
    } catch (CLI::ParseError const& end) {
        return app.exit(end) == 0 ? 0 : 2;
    } catch (std::exception const& failure) {
        fmt::print(stderr,
                   "end_to_end_bench: multicast on lo does not work here: {}\n"
                   "Try: test/support/in_namespace end_to_end_bench\n",
                   failure.what());
        return 1;
    }
}
