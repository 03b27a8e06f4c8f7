// SPDX-License-Identifier: BSL-1.0
#include "protocol/roster.hpp"

#include <algorithm>
#include <utility>

namespace rollcast::detail {
namespace {

/// Of the capacity: in a fuller table the probes get long, an emptier one wastes memory.
constexpr std::size_t fullest_percent = 88;
/// Of the capacity before: a larger step wastes memory, a smaller one moves entries more often.
constexpr std::size_t growth_percent = 120;
/// Entries of the first table.
constexpr std::size_t smallest = 8;
/// Entries behind the capacity, for those that are moved past it.
constexpr std::size_t overhang = 32;

} // namespace

bool roster::is_before(roster_entry const& a, std::uint64_t position, std::uint64_t id) noexcept
{
    auto const upper = static_cast<std::uint32_t>(position >> 32);
    if (a.position_ != upper)
        return a.position_ < upper;
    if (a.who().position() != position)
        return a.who().position() < position;
    return a.who().who().id < id;
}

/// Where the entry of this position and id is, or would have to be put.
std::size_t roster::lower_bound(std::uint64_t position, std::uint64_t id) const noexcept
{
    auto at = home(static_cast<std::uint32_t>(position >> 32));
    while (at < entries_.size() && entries_[at] && is_before(entries_[at], position, id))
        ++at;
    return at;
}

roster_entry* roster::find(std::uint64_t id) noexcept
{
    return const_cast<roster_entry*>(std::as_const(*this).find(id));
}

roster_entry const* roster::find(std::uint64_t id) const noexcept
{
    if (size_ == 0)
        return nullptr;
    auto const at = lower_bound(ring_position(id, key_), id);
    bool const here = at < entries_.size() && entries_[at] && entries_[at].who().who().id == id;
    return here ? &entries_[at] : nullptr;
}

/// There are few ports; those with the most users move to the front.
void roster::count_port(net::port_type port, bool in)
{
    auto which = std::ranges::find(ports_, port, &std::pair<net::port_type, std::size_t>::first);
    if (which == ports_.end())
        which = ports_.insert(ports_.end(), {port, 0});
    which->second += in ? std::size_t{1} : ~std::size_t{0};
    if (which->second == 0) {
        ports_.erase(which);
        return;
    }
    for (; which != ports_.begin() && std::prev(which)->second < which->second; --which)
        std::iter_swap(which, std::prev(which));
    for (; std::next(which) != ports_.end() && which->second < std::next(which)->second; ++which)
        std::iter_swap(which, std::next(which));
}

void roster::count(roster_entry const& entry, bool in)
{
    auto const& who = entry.who();
    auto& bucket = buckets_[bucket_of(who.position())];
    auto const low = static_cast<std::uint32_t>(who.hash().low());
    auto const one = in ? std::size_t{1} : ~std::size_t{0};
    if (in) {
        hash_ += who.hash();
        bucket += low;
    } else {
        hash_ -= who.hash();
        bucket -= low;
    }
    size_ += one;
    unproven_ += entry.proven_ ? 0 : one;
    aside_ += entry.is_aside() ? one : 0;
    hidden_ += entry.is_hidden() ? one : 0;
    heard_ += entry.is_heard() ? one : 0;
    without_v4_ += who.speaks(true) ? 0 : one;
    without_v6_ += who.speaks(false) ? 0 : one;
    if (entry.proven_)
        count_port(who.discovery_port(), in);
    ++version_;
}

roster_entry& roster::insert(member_ptr who, std::chrono::milliseconds now)
{
    make_room();
    roster_entry fresh;
    auto const id = who->who().id;
    fresh.position_ = static_cast<std::uint32_t>(who->position() >> 32);
    fresh.who_ = std::move(who);
    fresh.heard(now);
    fresh.first_heard_low_ = static_cast<std::uint32_t>(now.count());
    fresh.first_heard_high_ = (static_cast<std::uint64_t>(now.count()) >> 32) & 0xfff;
    count(fresh, true);
    place(std::move(fresh));
    return *find(id);
}

void roster::make_room()
{
    bool const full = (size_ + 1) * 100 > capacity_ * fullest_percent;
    if (!full)
        return;
    auto old = std::exchange(entries_, {});
    capacity_ = std::max(smallest, capacity_ * growth_percent / 100 + 1);
    entries_.resize(capacity_ + overhang);
    for (auto& each : old)
        if (each)
            place(std::move(each));
}

/// Moves the entries behind the new one on by one, up to the next gap.
void roster::place(roster_entry entry)
{
    auto at = lower_bound(entry.who().position(), entry.who().who().id);
    for (; at < entries_.size() && entries_[at]; ++at)
        std::swap(entries_[at], entry);
    if (at == entries_.size()) {
        entries_.reserve(entries_.size() + overhang); // no more than that
        entries_.resize(entries_.size() + overhang);
    }
    entries_[at] = std::move(entry);
}

void roster::replace(roster_entry& entry, member_ptr who)
{
    count(entry, false);
    entry.who_ = std::move(who);
    count(entry, true);
}

void roster::prove(roster_entry& entry)
{
    if (entry.proven_)
        return;
    entry.proven_ = 1;
    count_port(entry.who().discovery_port(), true);
    --unproven_;
    ++version_;
}

void roster::hear(roster_entry& entry)
{
    if (entry.is_heard())
        return;
    hidden_ -= entry.is_hidden();
    entry.heard_ = 1;
    ++heard_;
    ++version_;
}

void roster::answer(roster_entry& entry)
{
    hear(entry);
    if (entry.answers() && !entry.is_aside())
        return;
    aside_ -= entry.is_aside();
    entry.aside_ = 0;
    entry.answers_ = 1;
    ++version_;
}

void roster::set_aside(roster_entry& entry)
{
    if (entry.is_aside())
        return;
    entry.aside_ = 1;
    entry.answers_ = 0;
    ++aside_;
    hidden_ += entry.is_hidden();
    ++version_;
}

void roster::miss(roster_entry& entry)
{
    if (!entry.is_heard())
        return;
    entry.heard_ = 0;
    --heard_;
    hidden_ += entry.is_hidden();
    ++version_;
}

/// Moves the entries behind the erased one back by one, up to a gap or an entry that is at home.
void roster::erase(std::uint64_t id)
{
    auto* const found = find(id);
    if (!found)
        return;
    count(*found, false);
    auto at = static_cast<std::size_t>(found - entries_.data());
    while (at + 1 < entries_.size() && entries_[at + 1] && home(entries_[at + 1].position_) <= at) {
        entries_[at] = std::move(entries_[at + 1]);
        ++at;
    }
    entries_[at] = roster_entry();
}

roster_entry* roster::after(std::uint64_t position) noexcept
{
    if (size_ == 0)
        return nullptr;
    auto at = lower_bound(position, ~std::uint64_t{0});
    while (at < entries_.size() && !entries_[at])
        ++at;
    if (at < entries_.size())
        return &entries_[at];
    for (at = 0; !entries_[at];)
        ++at;
    return &entries_[at];
}

roster_entry* roster::before(std::uint64_t position) noexcept
{
    if (size_ == 0)
        return nullptr;
    auto at = lower_bound(position, 0);
    while (at > 0 && !entries_[at - 1])
        --at;
    if (at > 0)
        return &entries_[at - 1];
    for (at = entries_.size(); !entries_[at - 1];)
        --at;
    return &entries_[at - 1];
}

roster_entry* roster::next(roster_entry const& entry) noexcept
{
    auto at = static_cast<std::size_t>(&entry - entries_.data());
    do
        at = at + 1 == entries_.size() ? 0 : at + 1;
    while (!entries_[at]);
    return &entries_[at];
}

roster_entry* roster::previous(roster_entry const& entry) noexcept
{
    auto at = static_cast<std::size_t>(&entry - entries_.data());
    do
        at = at == 0 ? entries_.size() - 1 : at - 1;
    while (!entries_[at]);
    return &entries_[at];
}

std::size_t roster::bucket_begin(std::size_t bucket) const noexcept
{
    if (bucket >= buckets_.size() || size_ == 0)
        return entries_.size();
    auto at = lower_bound(std::uint64_t{bucket} << 56, 0);
    while (at < entries_.size() && !entries_[at])
        ++at;
    return at;
}

} // namespace rollcast::detail
