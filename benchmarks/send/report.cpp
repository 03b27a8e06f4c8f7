// SPDX-License-Identifier: BSL-1.0
#include "send/report.hpp"

#include "support/json_line.hpp"
#include "support/print.hpp"

#include <fmt/format.h>

namespace rollcast::bench {
namespace {

std::string_view method_name(workload const& load)
{
    for (auto const& [name, method] : method_names())
        if (method == load.method)
            return name;
    return "none";
}

} // namespace

void print_json(bench_case const& which, workload const& load, figures const& what)
{
    print(json_line()
              .add("case", which.name)
              .add("method", method_name(load))
              .add("size", load.size)
              .add("packets_per_second", what.packets_per_second, 0)
              .add("cpu_ns_per_packet", what.cpu_ns_per_packet, 1)
              .add("lost", what.lost)
              .add("bare", which.bare)
              .add("ratio_to_bare", what.ratio, 3)
              .str());
}

void print_table_head()
{
    print(fmt::format("{:<16}  {:<19}  {:>4}  {:>12}  {:>10}  {:>9}  {:<11}  {:>5}", "case",
                      "method", "size", "packets/s", "CPU ns/p", "lost", "bare", "ratio"));
}

void print_table_row(bench_case const& which, workload const& load, figures const& what)
{
    print(fmt::format("{:<16}  {:<19}  {:>4}  {:>12.0f}  {:>10.1f}  {:>9}  {:<11}  {:>5.3f}",
                      which.name, method_name(load), load.size, what.packets_per_second,
                      what.cpu_ns_per_packet, what.lost, which.bare, what.ratio));
}

void print_factor(bench_case const& which, bench_case const& other, workload const& load,
                  figures const& what)
{
    print(fmt::format("{}, {} bytes, {}: a packet costs 1/{:.1f} of one by {}", which.name,
                      load.size, method_name(load), what.ratio, other.name));
}

} // namespace rollcast::bench
