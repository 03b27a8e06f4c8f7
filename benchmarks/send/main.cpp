// SPDX-License-Identifier: BSL-1.0
#include "send/options.hpp"
#include "send/report.hpp"
#include "support/child.hpp"
#include "support/probe.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace rollcast::bench {
namespace {

constexpr std::chrono::seconds limit_per_case{60};

std::vector<workload> workloads(options const& wanted)
{
    std::vector<workload> result;
    for (auto const method : wanted.methods)
        for (auto const size : wanted.sizes)
            result.push_back({method, size});
    return result;
}

bool run_case(bench_case const& which, workload const& load, options const& wanted)
{
    auto const& bare = *find_case(which.bare);
    auto const what =
        in_child(limit_per_case, [&] { return measure(which, bare, load, wanted.how_much); });
    if (what)
        (wanted.json ? print_json : print_table_row)(which, load, *what);
    return what.has_value();
}

/// What a batch saves against a call for each packet.
bool run_factor(workload const& load, options const& wanted)
{
    auto const& batch = *find_case("send_batch");
    auto const& single = *find_case("bare_send");
    auto const what =
        in_child(limit_per_case, [&] { return measure(batch, single, load, wanted.how_much); });
    if (what)
        print_factor(batch, single, load, *what);
    return what.has_value();
}

int run(options const& wanted)
{
    require_multicast_on_loopback();
    if (!wanted.json)
        print_table_head();
    bool ok = true;
    for (auto const& load : workloads(wanted))
        for (auto const& name : wanted.cases)
            ok = run_case(*find_case(name), load, wanted) && ok;
    if (wanted.factors)
        for (auto const& load : workloads(wanted))
            ok = run_factor(load, wanted) && ok;
    return ok ? 0 : 1;
}

} // namespace
} // namespace rollcast::bench

int main(int argc, char** argv)
{
    using namespace rollcast::bench;
    auto const wanted = parse(argc, argv);
    if (!wanted.options)
        return wanted.status;
    try {
        return run(*wanted.options);
    } catch (std::exception const& failure) {
        fmt::print(stderr,
                   "send_bench: multicast on lo does not work here: {}\n"
                   "Try: test/support/in_namespace send_bench\n",
                   failure.what());
        return 1;
    }
}
