// SPDX-License-Identifier: BSL-1.0
#include "send/options.hpp"

#include <CLI/CLI.hpp>

namespace rollcast::bench {
namespace {

constexpr char description[] =
    "What sending costs: bare system calls, plain Asio and rollcast side by side";

constexpr char notes[] =
    "Everything stays on lo; run it in a namespace of its own to be undisturbed:\n"
    "  test/support/in_namespace build/release/bin/send_bench --json\n"
    "Each case runs in a process of its own, in turns with the bare loop it is compared with.\n"
    "ratio_to_bare is the bare loop's CPU time per packet over that of the case: 1 costs nothing,\n"
    "0.9 a ninth. CPU time is the sending thread's; on lo it includes the delivery. A batch is 16\n"
    "runs of 64 datagrams, or as many as make 64 KiB; udp_segment sends as much a call. Receivers\n"
    "are read between the measurements, so that nothing is lost and nobody shares the time. In\n"
    "send_batch the payloads of a run follow each other in memory, in send_batch_apart they do "
    "not.";

std::vector<std::string> case_names()
{
    std::vector<std::string> names;
    for (auto const& each : all_cases())
        names.emplace_back(each.name);
    return names;
}

} // namespace

parsed parse(int argc, char const* const* argv)
{
    options result;
    bool quick = false;
    CLI::App app(description, "send_bench");
    app.footer(notes);
    app.add_flag("--json", result.json, "One JSON object per line instead of a table");
    app.add_flag("--quick", quick, "Measure shorter, and less exactly");
    app.add_option("--case", result.cases, "Only this one; may be repeated")
        ->check(CLI::IsMember(case_names()));
    app.add_option("--size", result.sizes, "Bytes of payload; may be repeated")
        ->check(CLI::Range(1, 1472))
        ->capture_default_str();
    app.add_option("--method", result.methods,
                   "no_receiver, receiver or coalescing_receiver; may be repeated")
        ->transform(CLI::CheckedTransformer(method_names()));
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& end) {
        return {std::nullopt, app.exit(end) == 0 ? 0 : 2};
    }
    result.factors = !result.json && result.cases.empty();
    if (result.cases.empty())
        result.cases = case_names();
    if (quick)
        result.how_much = quick_effort;
    return {std::move(result)};
}

} // namespace rollcast::bench
