// SPDX-License-Identifier: BSL-1.0
#include "receive/options.hpp"
#include "receive/report.hpp"
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
        for (auto const metadata : wanted.metadata)
            for (auto const size : wanted.sizes)
                result.push_back({method, size, metadata});
    return result;
}

bool run_case(bench_case const& which, workload const& load, options const& wanted)
{
    auto const what =
        in_child(limit_per_case, [&] { return measure(which, load, wanted.how_much); });
    if (!what)
        return false;
    (wanted.json ? print_json : print_table_row)(which, load, *what);
    return true;
}

/// What each piece of metadata costs beside what is always there.
bool run_each_metadata(options const& wanted)
{
    bool ok = true;
    for (auto const metadata :
         {metadata_mask::none, metadata_mask::hop_limit, metadata_mask::traffic_class,
          metadata_mask::receive_time, metadata_mask::all})
        ok = run_case(*find_case("recv_batch"), {method::drain, 100, metadata}, wanted) && ok;
    return ok;
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
    if (wanted.each_metadata)
        ok = run_each_metadata(wanted) && ok;
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
                   "receive_bench: multicast on lo does not work here: {}\n"
                   "Try: test/support/in_namespace receive_bench\n",
                   failure.what());
        return 1;
    }
}
