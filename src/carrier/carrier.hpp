// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/link.hpp"

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/event.hpp>
#include <rollcast/net/group.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace rollcast::detail {

/// What a carrier tells its chart. All calls come on the carrier's executor, one at a time.
class carrier_listener {
public:
    virtual ~carrier_listener() = default;

    /// A datagram has come.
    virtual void hear(std::span<std::byte const> datagram, arrival const& from) = 0;
    /// `links` may give others now.
    virtual void links_changed() = 0;
    /// `take_reports` has something to give.
    virtual void reported() = 0;
    /// Something can be said or heard again on a link: other instances may have missed words of
    /// this one.
    virtual void recovered() = 0;
};

/// How the datagrams of a chart travel: all of a chart that knows sockets, and nothing of what the
/// datagrams mean.
///
/// A carrier serves one life: it is opened once, attended once and closed once. It cares for its
/// sockets and timers by itself, opens anew what has failed, and reports what is in the way.
///
/// Threads: `open`, `attend` and `close` one at a time, on the executor once it was attended; the
/// rest from any thread. No call of a carrier calls its listener.
class carrier {
public:
    struct tally {
        std::size_t sent = 0;
        std::size_t failed = 0;
    };

    virtual ~carrier() = default;

    /// Readies the links there are; an error where the chart cannot begin with those. What is not
    /// usable just now is tried again later and is no error.
    virtual error_code open() = 0;
    /// From now on hears, and tells this listener as long as there is one.
    virtual void attend(std::weak_ptr<carrier_listener> listener) = 0;
    /// For good: nothing is told any more.
    virtual void close() = 0;

    /// The links that can be used now.
    virtual std::vector<link> links() const = 0;
    /// Where other instances have to send what is for all of them.
    virtual net::port_type discovery_port() const = 0;
    /// Sends in this order; what cannot be sent is lost.
    virtual tally send(std::span<outgoing const> datagrams) = 0;

    /// What has become of interfaces since the last call; size and health of the chart are not
    /// filled in.
    virtual std::vector<event> take_reports() = 0;

    // What the application may ask.
    virtual std::vector<net::interface_info> interfaces() const = 0; ///< Of the links.
    virtual std::vector<net::group> groups() const = 0;              ///< IPv4 first.
    virtual std::vector<interface_obstacle> obstacles() const = 0;   ///< To what is wanted.
};

} // namespace rollcast::detail
