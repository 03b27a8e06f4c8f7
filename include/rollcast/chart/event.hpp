// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/instance.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/network_interface.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>

namespace rollcast {

/// What has happened, most often to the instance `event::who`. The ways of one instance:
///
///     found -> updated, suspect -> refuted    it is charted all the while
///     found -> suspect -> gone -> returned    it was cut off, and is back
///     found -> left, found -> suspect -> gone its end, by a goodbye or without one
///
/// Most programs need only `event::arrived` and `event::departed`, and `updated`.
enum class event_kind {
    found,       ///< Heard for the first time, or again after it had left or was forgotten.
    updated,     ///< Its data, service ports or addresses changed, but not their order alone.
    restarted,   ///< Its id is another life's from now on, as after a restart.
    suspect,     ///< It does not answer the instances that watch it, and has a quarter of its
                 ///< detection time left to object. It still counts and is still charted.
    refuted,     ///< It was suspected, and has objected.
    gone,        ///< It did not object, or nothing was heard of it for its detection time.
    returned,    ///< It had been called gone, and is heard again in the same life.
    left,        ///< It said goodbye.
    unreachable, ///< Other instances reach it, but it does not answer this one and is not heard by
                 ///< it: the link does not carry everything from everybody to everybody. It is not
                 ///< charted.
    reachable,   ///< It had been unreachable, and is heard.
    forgotten,   ///< The application dropped it, by `chart::forget`.
    id_conflict, ///< Two living instances claim this id; `who` is the one that is not charted.
    multicast_lost,   ///< Other instances are heard, but not by multicast any more, as behind a
                      ///< switch that has forgotten the membership; `who` is this instance.
    chart_full,       ///< `who` was refused for want of room, or because too many strangers came at
                      ///< once; told once a minute.
    data_unreadable,  ///< The data of `who` is no value of the type this program asked for, for
                      ///< `why`, by `chart::data_vec_as` and its like; told once for each life.
    interface_up,     ///< `interface` is used from now on, its addresses have changed, or what was
                      ///< told by `interface_failed` is over; those that are there when the chart
                      ///< opens are not told.
    interface_down,   ///< `interface` is not used any more.
    interface_failed, ///< `interface` cannot be used in one IP version, or at all, for `why`,
                      ///< nothing can be sent to the group there, or nothing is heard
                      ///< (`nothing_heard`); told again when the reason has changed, and by
                      ///< `maintain` for what was in the way when it began. It is tried again by
                      ///< itself.
    overflow, ///< This reader was too slow, and `missed` events before the next one are lost.
};
BOOST_DESCRIBE_ENUM(event_kind, found, updated, restarted, suspect, refuted, gone, returned, left,
                    unreachable, reachable, forgotten, id_conflict, multicast_lost, chart_full,
                    data_unreadable, interface_up, interface_down, interface_failed, overflow)

/// Something that changed in a chart. A value of its own, with a copy of the record.
struct event {
    event_kind kind = event_kind::found;
    /// The whole record as of this event; of multicast_lost only id, life and incarnation, and
    /// empty where the event is about no instance.
    instance who{};
    std::size_t size = 0;   ///< As `chart::size` after it.
    std::size_t missed = 0; ///< For overflow: so many events are lost.
    /// By how much this chart waits longer than usual, 1 to 8. More than 1 means that it is slow
    /// itself or loses what it is sent: then it may call an instance gone later than promised.
    int local_health = 1;
    net::interface_info interface{}; ///< For those about an interface.
    error_code why{};                ///< For interface_failed and data_unreadable.

    /// From now on `who` is in `chart::peers()`, and was not before, or in another life: found,
    /// returned, reachable or restarted.
    ///
    /// A program with a table of its own enters `who` under its id on arrival and on `updated`, and
    /// strikes it off on departure: then the table holds what `peers()` does. After an `overflow`
    /// it begins anew, with `chart::events(replay_present)`.
    ///
    ///     if (what.arrived() || what.kind == event_kind::updated)
    ///         table.insert_or_assign(what.who.id, what.who);
    ///     else if (what.departed())
    ///         table.erase(what.who.id);
    ROLLCAST_EXPORT bool arrived() const noexcept;

    /// `who` was in `chart::peers()` and is no more: gone, left, unreachable or forgotten.
    ROLLCAST_EXPORT bool departed() const noexcept;
};
BOOST_DESCRIBE_STRUCT(event, (), (kind, who, size, missed, local_health, interface, why))

// As text, for people.
ROLLCAST_EXPORT std::string to_string(event_kind value);
ROLLCAST_EXPORT std::string to_string(event const& value); ///< "found 9 at 10.0.0.2:8042: its data"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, event_kind value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, event const& value);

} // namespace rollcast
