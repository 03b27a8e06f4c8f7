// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "protocol/segment_context.hpp"
#include "protocol/subnets.hpp"

#include <algorithm>

// How a segment finds out by which of their addresses the members are reached.

namespace rollcast::detail {
namespace {

/// Members looked at with each beat, for one with an address to try.
constexpr std::size_t most_looked_at = 32;

} // namespace

/// Asks one member at an address of which it is not known whether it works: our neighbours on the
/// ring show by themselves where they are reached, but other members do not.
void segment::ask_unseen(time_point now)
{
    if (now < next_survey_)
        return;
    next_survey_ = now + self_.beat_interval();
    auto& members = known_.members();
    auto* each = members.after(survey_position_);
    for (std::size_t i = 0; each && i < std::min(members.size(), most_looked_at); ++i) {
        bool const asked =
            std::ranges::any_of(seen_.unseen(each->who(), now), [&](endpoint const& where) {
                return ping_at(where, each->who(), now);
            });
        survey_position_ = each->who().position();
        if (asked)
            return;
        each = members.next(*each);
    }
}

/// The speaker is a member: notes which of its addresses has worked.
void segment::note_source(context const& in, roster_entry const& entry)
{
    if (in.proven)
        seen_.answered(entry.who(), in.from.source);
    if (in.from.multicast)
        return;
    seen_.spoke(entry.who(), in.from.source);
    // A member that asks has perhaps missed what we sent, at the address where we send it.
    bool const asks = in.heard.type == message_type::ping && in.heard.subjects.empty();
    if (asks && entry.is_proven() && self_.may_ask() && seen_.best(entry.who()) != in.from.source)
        if (auto const to = seen_.best_to_ask(entry.who(), in.now))
            ping_at(*to, entry.who(), in.now);
}

/// The speaker, at the address to ask it for more. A multicast may come from an address that is of
/// no use to us.
reconciler::peer segment::speaker(context const& in) const
{
    auto const* entry = in.from.multicast ? known_.members().find(in.heard.who.id) : nullptr;
    bool const known = entry && entry->is_proven() && entry->who().who().life == in.heard.who.life;
    auto const where = known ? seen_.best(entry->who()) : std::nullopt;
    return {in.heard.who.id, where.value_or(in.from.source)};
}

/// Whether all members hear what we multicast by IPv4: a host may drop it where the host has no way
/// to our subnet.
bool segment::all_share_ipv4()
{
    auto const version = known_.members().version();
    if (ipv4_checked_ && ipv4_checked_->version == version)
        return ipv4_checked_->shared;
    bool const shared = std::ranges::all_of(known_.members().all(), [&](auto const& entry) {
        if (!entry)
            return true;
        auto const addresses = announce::unpack(entry.who().record()).addresses;
        return std::ranges::any_of(addresses, [&](auto const& address) {
            return address.is_v4() && is_in_subnet(address, link_.addresses);
        });
    });
    ipv4_checked_ = {version, shared};
    return shared;
}

} // namespace rollcast::detail
