// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"
#include "protocol/presence.hpp"

#include <algorithm>
#include <utility>
#include <vector>

// Which links an engine has: how a link comes, goes and comes back, and what that means for the
// members known there.

namespace rollcast::detail {
namespace {

/// A link whose interface is gone is remembered for so many of the own detection times.
constexpr int detached_remembrance = 10;

} // namespace

void engine::set_links(std::vector<link> links, time_point now)
{
    self_.incarnations.begin(now);
    enter(now);
    auto const before = snapshot();
    bool const raised = regroup(links, now);
    bool changed = false;
    for (auto const& each : segments_) {
        bool const wanted =
            std::ranges::find(links, each->where().index, &link::index) != links.end();
        if (wanted || each->detached())
            continue;
        changed = true;
        each->detach(now);
    }
    for (auto& each : links) {
        auto* const known = find_segment(each.index);
        if (known && known->where() == each && !known->detached())
            continue;
        changed = true;
        if (known) {
            ++self_.sequence;
            wires_.forget(each.index);
            known->move(std::move(each), now);
        } else {
            open_segment(std::move(each), now);
        }
    }
    if (!changed)
        return;
    ++links_version_;
    if (raised)
        renew(now);
    tell_of_moves(before);
    settle(now);
}

/// Whether others may hold us gone since a link of ours is gone, or was: then we go on one
/// incarnation higher, so that nobody has to make us object, on that link or on the others.
bool engine::regroup(std::vector<link> const& links, time_point now)
{
    bool raised = false;
    for (auto const& each : segments_) {
        auto const& known = each->known();
        if (known.members().size() == 0 && known.dead().size() == 0)
            continue;
        auto const index = each->where().index;
        bool const wanted = std::ranges::find(links, index, &link::index) != links.end();
        raised = raised || wanted == each->detached().has_value();
        if (wanted)
            self_.lost.erase(index);
        else if (!each->detached())
            self_.lost.add(each->where(), self_.config.detection_time / 4,
                           now + self_.config.detection_time);
    }
    raised = raised && self_.may_speak();
    self_.config.own.incarnation += raised;
    return raised;
}

/// Tells which instances are reached otherwise than before, since the own links have changed.
void engine::tell_of_moves(std::vector<instance> const& before)
{
    for (auto const& was : before) {
        bool const is_another = settle_claim(was.id);
        auto now_known = gather(was.id, nullptr, nullptr);
        if (is_another)
            tell(event_kind::restarted, std::move(now_known));
        else if (!same_addresses(now_known.addresses, was.addresses))
            tell(event_kind::updated, std::move(now_known));
    }
}

void engine::open_segment(link on, time_point now)
{
    auto& fresh =
        *segments_.emplace_back(std::make_unique<segment>(self_, std::move(on), *this, now));
    if (self_.may_speak())
        fresh.start(now);
    else if (self_.may_ask())
        fresh.observe(now);
    else if (self_.now_doing == self_state::mode::silent)
        fresh.listen(now);
}

/// Drops the members of a link whose interface has been away for the own detection time. The link
/// itself is kept longer, since the interface may come back.
void engine::close_segments(time_point now)
{
    auto const away = [&](auto const& each) {
        return each->detached() ? now - *each->detached() : duration::min();
    };
    for (auto const& each : segments_) {
        if (away(each) < self_.config.detection_time || each->known().members().size() == 0)
            continue;
        std::vector<identity> lost;
        for (auto const& entry : each->known().members().all())
            if (entry)
                lost.push_back(entry.who().who());
        for (auto const& who : lost)
            each->known().assume_gone(who, now); // it is we who are not on the link
        publish_changes(*each, now);             // before another link changes, too
    }
    auto const closed = std::erase_if(segments_, [&](auto const& each) {
        bool const forgotten = away(each) >= detached_remembrance * self_.config.detection_time;
        if (forgotten) {
            wires_.forget(each->where().index);
            self_.past.forget(each->where().index);
        }
        return forgotten;
    });
    links_version_ += closed;
}

time_point engine::close_time(segment const& which) const noexcept
{
    auto const times = which.known().members().size() == 0 ? detached_remembrance : 1;
    return *which.detached() + times * self_.config.detection_time;
}

/// An id that is proven on one link is proven, and one known on several links takes the room of
/// one.
std::size_t engine::count_unproven_ids() const
{
    std::size_t count = 0;
    for (auto const& on : segments_)
        for (auto const& entry : on->known().members().all()) {
            if (!entry || entry.is_proven())
                continue;
            bool before = true;
            bool const counted = std::ranges::any_of(segments_, [&](auto const& other) {
                before = before && other != on;
                auto const* same = other->known().members().find(entry.who().who().id);
                return same && (same->is_proven() || before);
            });
            count += !counted;
        }
    return count;
}

/// Datagrams of strangers ask for this number at whatever rate they come, so it is counted anew
/// only where it may have changed.
std::size_t engine::unproven_ids() const
{
    auto version = links_version_ << 48;
    std::size_t entries = 0;
    for (auto const& each : segments_) {
        version += each->known().members().version();
        entries += each->known().members().unproven();
    }
    if (unproven_.version != version || unproven_.entries != entries)
        unproven_ = {version, entries, count_unproven_ids()};
    return unproven_.ids;
}

} // namespace rollcast::detail
