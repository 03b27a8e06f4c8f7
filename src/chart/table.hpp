// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/clock.hpp"
#include "chart/link.hpp"
#include "chart/presence.hpp"

#include <rollcast/announce/announcement.hpp>
#include <rollcast/chart/event.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// What the table holds about one instance.
struct entry {
    identity who{};
    record known{}; ///< Without addresses: those are kept per link.
    instance_state state = instance_state::alive;
    std::vector<presence> presences{};
    time_point first_heard{};
    time_point last_heard{};
    time_point life_began{}; ///< When this life was first heard.
    time_point ended{};      ///< When it was called gone or left.
    time_point conflict_told{};
    time_point alarm = time_point::max(); ///< When the table looks at it next.
    int probes = 0;                       ///< Pings sent since it was last heard.

    duration detection_time() const noexcept { return 4 * known.beat_interval; }
    presence* on(unsigned link) noexcept;
};

/// Who is known, in which state, and what that means for the time being. No I/O, no clock, no wire.
class table {
public:
    enum class verdict {
        applied, ///< It was news or a sign of life.
        stale,   ///< Older than what is known; a sign of life at most.
        refused, ///< The table is full.
        ignored, ///< It concerns nobody known, or somebody who has ended.
    };

    /// Datagrams of the old life may still be under way this long after a restart.
    static constexpr auto restart_grace = std::chrono::milliseconds(300);

    explicit table(std::size_t max_instances) : max_instances_(max_instances) {}

    verdict hear(announcement const& heard, arrival const& from, time_point now);
    verdict hear_bye(identity const& who, time_point now);

    /// Handles what has become due; returns the instances that should be asked for a sign of life.
    std::vector<std::uint64_t> advance(time_point now);
    std::optional<time_point> next_deadline() const;

    void set_links(std::vector<link> links);
    bool forget(std::uint64_t id);

    entry* find(std::uint64_t id);
    std::size_t alive() const noexcept { return alive_; }
    std::vector<instance> snapshot() const;
    std::optional<instance> describe(std::uint64_t id) const;
    instance describe(entry const& who) const;
    instance describe(announcement const& heard, arrival const& from) const;

    /// Adds an event of the engine's own to the others, in order.
    void tell(event_kind kind, instance who);
    std::vector<event> take_events();

private:
    verdict add(announcement const& heard, arrival const& from, time_point now);
    verdict refresh(entry& known, announcement const& heard, arrival const& from, time_point now);
    verdict contradict(entry& known, announcement const& heard, arrival const& from,
                       time_point now);
    bool update_presence(entry& known, record const& heard, arrival const& from, time_point now);
    bool expire_presences(entry& known, time_point now);
    verdict remember_bye(identity const& who, time_point now);
    void bury(entry& known, instance_state state, time_point now);
    void end(entry& known, instance_state state, event_kind kind, time_point now);
    void begin(entry& known, announcement const& heard, arrival const& from, event_kind kind,
               time_point now);
    bool advance(entry& known, time_point now);
    bool was_overlooked(entry const& known, time_point now) const noexcept;
    void forgive(entry& known, time_point now);
    verdict refuse(announcement const& heard, arrival const& from, time_point now);

    void tell(event_kind kind, entry const& who);
    time_point deadline(entry const& known) const noexcept;
    void schedule(entry& known);
    void erase(entry& known);

    using alarm = std::pair<time_point, std::uint64_t>; ///< When, and about whom.

    std::size_t max_instances_;
    std::size_t alive_ = 0;
    std::map<std::uint64_t, entry> entries_; ///< In the order of ids, as the chart is read.
    std::set<alarm> alarms_;                 ///< One an entry.
    std::set<alarm> tombstones_;             ///< Of the entries that have ended, the oldest first.
    std::vector<link> links_;
    std::vector<event> events_;
    std::optional<time_point> full_told_;
};

} // namespace rollcast::detail
