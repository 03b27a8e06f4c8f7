// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/engine.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace rollcast::test {

/// Tables of who is there, kept as an application would: from nothing but arrivals, departures and
/// updates. After every event each must be what its chart holds.
///
/// Throws a `std::logic_error` that says what is wrong where one is not.
class sim_ledger {
public:
    void read(std::size_t who, std::span<event const> told, detail::engine const& chart);

private:
    struct table {
        life_id own{};
        bool own_counts = true; ///< Unless it observes.
        std::map<std::uint64_t, instance> entries{};
    };

    static void enter(table& into, event const& what);
    static void compare(instance const& kept, instance const& charted);
    static void compare(table const& kept, detail::engine const& chart);

    std::map<std::size_t, table> tables_;
};

} // namespace rollcast::test
