// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/methods.hpp"

namespace rollcast::bench {

void print_json(bench_case const& which, workload const& load, figures const& what);

void print_table_head();
void print_table_row(bench_case const& which, workload const& load, figures const& what);

} // namespace rollcast::bench
