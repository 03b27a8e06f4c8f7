// SPDX-License-Identifier: BSL-1.0
#include "receive/options.hpp"

#include <CLI/CLI.hpp>

#include <map>

namespace rollcast::bench {
namespace {

constexpr char description[] =
    "What receiving costs: bare system calls, plain Asio and rollcast side by side";

constexpr char notes[] =
    "Everything stays on lo; run it in a namespace of its own to be undisturbed:\n"
    "  test/support/in_namespace build/release/bin/receive_bench --json\n"
    "Each case runs in a process of its own, in turns with the bare loop it is compared with.\n"
    "ratio_to_bare is the bare loop's CPU time per packet over that of the case: 1 costs nothing,\n"
    "0.9 a ninth. metadata \"always\": destination, interface and drops; \"all\": hop limit, "
    "traffic\n"
    "class and kernel time too. recvfrom and async_receive_from ask for them, but cannot read "
    "them.\n"
    "The cases with GRO are sent runs of datagrams, the others single datagrams.";

std::vector<std::string> case_names()
{
    std::vector<std::string> names;
    for (auto const& each : all_cases())
        names.emplace_back(each.name);
    return names;
}

std::map<std::string, method> const method_names{{"drain", method::drain},
                                                 {"flood", method::flood}};

} // namespace

parsed parse(int argc, char const* const* argv)
{
    options result;
    bool quick = false;
    CLI::App app(description, "receive_bench");
    app.footer(notes);
    app.add_flag("--json", result.json, "One JSON object per line instead of a table");
    app.add_flag("--quick", quick, "Measure shorter, and less exactly");
    app.add_option("--case", result.cases, "Only this one; may be repeated")
        ->check(CLI::IsMember(case_names()));
    app.add_option("--size", result.sizes, "Bytes of payload; may be repeated")
        ->check(CLI::Range(1, 1472))
        ->capture_default_str();
    app.add_option("--method", result.methods, "drain or flood; may be repeated")
        ->transform(CLI::CheckedTransformer(method_names));
    auto* const metadata =
        app.add_option("--metadata", result.metadata,
                       "always, all, or one piece beside what is always there; may be repeated")
            ->transform(CLI::CheckedTransformer(metadata_names()));
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& end) {
        return {std::nullopt, app.exit(end) == 0 ? 0 : 2};
    }
    result.each_metadata = !result.json && result.cases.empty() && metadata->empty();
    if (result.cases.empty())
        result.cases = case_names();
    if (quick)
        result.how_much = quick_effort;
    return {std::move(result)};
}

} // namespace rollcast::bench
