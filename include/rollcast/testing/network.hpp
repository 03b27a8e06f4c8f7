// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace rollcast::testing {

namespace detail {
class switchboard;
struct machine;
} // namespace detail

/// How datagrams fare on a network; each receiver of a multicast has luck of its own.
struct conditions {
    std::chrono::nanoseconds delay = std::chrono::milliseconds(1); ///< From host to host.
    std::chrono::nanoseconds jitter{}; ///< Up to this much more, so that some overtake others.
    double loss = 0;                   ///< The share that is lost, 0 to 1.
};
BOOST_DESCRIBE_STRUCT(conditions, (), (delay, jitter, loss))

ROLLCAST_EXPORT std::string to_string(conditions const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, conditions const& value);

/// A host of a network, with one interface, "net0", that has an IPv4 and an IPv6 address. A handle:
/// copies mean the same host.
class ROLLCAST_EXPORT host {
public:
    /// The configuration, so that the chart lives here. Ports, groups, times, `local_discovery` and
    /// whether `hop_limit` is 0 count; `interfaces`, `excluded_interfaces` and `use_interface` are
    /// about the real host and should be left out, and no port but the unicast one is ever taken.
    chart_config place(chart_config config = {}) const;

    /// An address that the others reach this host at.
    asio::ip::address address() const;

    /// The cable is out: nothing is sent or heard, and charts here tell `interface_down`.
    void unplug();
    /// The cable is in again.
    void plug_in();

    /// From now on nothing can be sent, for this reason: charts here tell `interface_failed`. No
    /// error: it can again.
    void obstruct(error_code why);

    /// From now on no chart can open here, for this reason; no error: it can again. Those that are
    /// open go on.
    void refuse(error_code why);

private:
    friend class network;
    explicit host(std::shared_ptr<detail::machine> which) : machine_(std::move(which)) {}

    std::shared_ptr<detail::machine> machine_;
};

/// A network in memory on which everybody reaches everybody, and the time of the charts on it.
///
/// Charts, their peers and their events are as they are in reality, but nothing is waited for: time
/// passes in `run_for` and `run_until` only, as fast as the charts compute. Chance is drawn from
/// the seed: the same calls in the same order lead to the same end.
///
/// Only charts live on this time. Timers of the service itself run on Asio's clocks, and so does
/// what it does with sockets; `run_for` runs their handlers as far as they are ready. A service
/// whose work follows the chart's events needs neither.
///
/// `instance::last_heard` and its like are of this time, as `now` is; when a metrics snapshot was
/// taken is told by the real clocks.
///
/// Threads: one. The network may be destroyed before its charts, whose time then stands still: what
/// waits for time to pass, as `chart::leave` for its goodbyes, does not complete any more.
class ROLLCAST_EXPORT network {
public:
    /// @param context  Of the charts. The network runs it; it should not be run otherwise
    /// meanwhile.
    explicit network(asio::io_context& context, std::uint64_t seed = 1);
    ~network();
    network(network const&) = delete;
    network& operator=(network const&) = delete;

    host add_host();

    /// From now on. Throws `std::invalid_argument` where the loss is not in 0 to 1 or a time is
    /// negative.
    void set_conditions(conditions const& how);

    /// From now on nothing that `from` sends reaches `to`.
    void cut(host const& from, host const& to);
    /// From now on nothing passes between these two groups of hosts.
    void part(std::vector<host> const& some, std::vector<host> const& others);
    /// Undoes all cuts.
    void heal();

    /// Runs the context while so much time passes for the charts, or until somebody stops the
    /// context. Not from a handler of the context, which throws `std::logic_error`.
    void run_for(std::chrono::nanoseconds how_long);
    /// The same until the condition holds, which is looked at after each thing that has happened;
    /// whether it came true within the limit. With the longest limit there is none.
    bool run_until(std::function<bool()> const& condition, std::chrono::nanoseconds limit);

    /// How much time has passed for the charts.
    std::chrono::nanoseconds elapsed() const;
    /// The same as a time of theirs, to be compared with `instance::last_heard`.
    std::chrono::steady_clock::time_point now() const;

private:
    asio::io_context& context_;
    std::shared_ptr<detail::switchboard> board_;
    bool running_ = false;
};

} // namespace rollcast::testing
