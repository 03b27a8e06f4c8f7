// SPDX-License-Identifier: BSL-1.0
#include "chart/costs.hpp"
#include "chart/latency.hpp"
#include "chart/options.hpp"
#include "chart/soak_runs.hpp"
#include "chart/table.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace rollcast::bench {
namespace {

bool run(options const& wanted)
{
    switch (wanted.wanted) {
    case options::what::table:
        return run_table(wanted);
    case options::what::costs:
        return run_costs();
    case options::what::latency:
        return run_latency();
    case options::what::replay:
        return run_replay(wanted);
    case options::what::soak:
        return run_soak(wanted);
    }
    return false;
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
        return run(*wanted.options) ? 0 : 1;
    } catch (std::exception const& failure) {
        fmt::print(stderr, "chart_bench: {}\n", failure.what());
        return 1;
    }
}
