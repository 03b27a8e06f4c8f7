// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/contender.hpp"

#include <span>
#include <string_view>

namespace rollcast::bench {

/// A way to send, and the bare loop it is measured against.
struct bench_case {
    std::string_view name;
    std::string_view bare; ///< Its own name if it is one.
    contender_factory make;
    bool in_runs; ///< The kernel cuts the datagrams from runs of them.

    bool is_bare() const noexcept { return name == bare; }
};

std::span<bench_case const> all_cases() noexcept;

/// Null if there is none of that name.
bench_case const* find_case(std::string_view name) noexcept;

} // namespace rollcast::bench
