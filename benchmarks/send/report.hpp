// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/methods.hpp"

namespace rollcast::bench {

void print_json(bench_case const& which, workload const& load, figures const& what);

void print_table_head();
void print_table_row(bench_case const& which, workload const& load, figures const& what);

/// How many times less a case costs than another.
void print_factor(bench_case const& which, bench_case const& other, workload const& load,
                  figures const& what);

} // namespace rollcast::bench
