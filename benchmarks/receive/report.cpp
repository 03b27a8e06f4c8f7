// SPDX-License-Identifier: BSL-1.0
#include "receive/report.hpp"

#include "support/json_line.hpp"
#include "support/print.hpp"

namespace rollcast::bench {
namespace {

std::string_view method_name(workload const& load)
{
    return load.method == method::drain ? "drain" : "flood";
}

std::string_view metadata_name(workload const& load)
{
    for (auto const& [name, mask] : metadata_names())
        if (mask == load.metadata)
            return name;
    return "some";
}

} // namespace

void print_json(bench_case const& which, workload const& load, figures const& what)
{
    print(json_line()
              .add("case", which.name)
              .add("method", method_name(load))
              .add("metadata", metadata_name(load))
              .add("size", load.size)
              .add("packets_per_second", what.packets_per_second, 0)
              .add("cpu_ns_per_packet", what.cpu_ns_per_packet, 1)
              .add("lost", what.lost)
              .add("bare", which.bare)
              .add("ratio_to_bare", what.ratio_to_bare, 3)
              .str());
}

void print_table_head()
{
    print(fmt::format("{:<18}  {:<6}  {:<13}  {:>4}  {:>12}  {:>10}  {:>9}  {:<12}  {:>5}", "case",
                      "method", "metadata", "size", "packets/s", "CPU ns/p", "lost", "bare",
                      "ratio"));
}

void print_table_row(bench_case const& which, workload const& load, figures const& what)
{
    print(fmt::format("{:<18}  {:<6}  {:<13}  {:>4}  {:>12.0f}  {:>10.1f}  {:>9}  {:<12}  {:>5.3f}",
                      which.name, method_name(load), metadata_name(load), load.size,
                      what.packets_per_second, what.cpu_ns_per_packet, what.lost, which.bare,
                      what.ratio_to_bare));
}

} // namespace rollcast::bench
