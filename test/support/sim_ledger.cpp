// SPDX-License-Identifier: BSL-1.0
#include "support/sim_ledger.hpp"

#include "protocol/presence.hpp"

#include <stdexcept>

namespace rollcast::test {
namespace {

void require_for(std::uint64_t id, bool holds, char const* what)
{
    if (!holds)
        throw std::logic_error("the table of a reader: " + std::to_string(id) + ' ' + what);
}

} // namespace

void sim_ledger::read(std::size_t who, std::span<event const> told, detail::engine const& chart)
{
    auto& kept = tables_[who];
    if (kept.own != chart.own().life)
        kept = {.own = chart.own().life}; // a new process
    kept.own_counts = !chart.observes();
    for (auto const& each : told)
        enter(kept, each);
    compare(kept, chart);
}

void sim_ledger::enter(table& into, event const& what)
{
    auto const id = what.who.id;
    auto const known = into.entries.find(id);
    bool const charted = known != into.entries.end();
    if (what.arrived()) {
        require_for(id, !charted || known->second.life != what.who.life, "arrives twice");
        into.entries.insert_or_assign(id, what.who);
    } else if (what.departed()) {
        require_for(id, charted, "departs, but has not arrived");
        require_for(id, known->second.life == what.who.life, "departs in another life");
        into.entries.erase(known);
    } else if (what.kind == event_kind::updated) {
        require_for(id, charted, "is updated, but has not arrived");
        require_for(id, known->second.life == what.who.life, "is updated to another life");
        known->second = what.who;
    }
    require_for(id, what.size == into.entries.size() + into.own_counts,
                "is told with another size");
}

void sim_ledger::compare(instance const& kept, instance const& charted)
{
    auto const id = charted.id;
    require_for(id, kept.life == charted.life, "is charted in another life");
    require_for(id, kept.data == charted.data, "is charted with other data");
    require_for(id, kept.service_ports == charted.service_ports, "is charted with other ports");
    require_for(id, kept.services == charted.services, "is charted with other names of ports");
    // Which of them is best changes without an event.
    require_for(id, detail::same_addresses(kept.addresses, charted.addresses),
                "is charted at other addresses");
}

void sim_ledger::compare(table const& kept, detail::engine const& chart)
{
    auto const all = chart.snapshot();
    for (auto const& each : all) {
        auto const known = kept.entries.find(each.id);
        require_for(each.id, known != kept.entries.end(), "is charted, but was never told");
        compare(known->second, each);
    }
    for (auto const& [id, entry] : kept.entries)
        require_for(id, chart.describe(id).has_value(), "is not charted any more");
}

} // namespace rollcast::test
