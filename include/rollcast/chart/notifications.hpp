// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/event.hpp>
#include <rollcast/detail/initiate.hpp>
#include <rollcast/export.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rollcast {

namespace detail {
class event_queue;
}

/// Asks `chart::events` to begin with the instances that are there.
struct replay_present_t {
    explicit replay_present_t() = default;
};
inline constexpr replay_present_t replay_present{};

/// An instance and where one of its services is reached best, as of the event that told of it.
struct reachable {
    std::uint64_t id = 0;
    asio::ip::address address{}; ///< A link-local one carries this host's scope id.
    net::port_type port = 0;
};
BOOST_DESCRIBE_STRUCT(reachable, (), (id, address, port))

/// One reader of a chart's events, from the moment `chart::events` made it.
///
///     auto events = chart.events(rollcast::replay_present);
///     for (;;) {
///         auto const what = co_await events.recv();
///         if (what.arrived()) ...
///     }
///
/// Holds up to `chart_config::event_capacity` unread events, beside those that it begins with; past
/// that the newest are dropped, and the reader is told how many by an `overflow` event when it has
/// read the others. A slow reader holds up neither the chart nor other readers.
///
/// It may outlive the chart. Replacing or destroying a reader ends a pending wait with
/// `operation_aborted`; a reader that was moved from can be destroyed and assigned to, anything
/// else throws `bad_descriptor`. Moving one leaves a pending wait alone.
///
/// Threads: one at a time, any thread. Handlers run in their own executor, or in that of the chart,
/// and not on the chart's strand: they may call the chart.
class ROLLCAST_EXPORT notifications {
public:
    using executor_type = asio::any_io_executor;
    using event_signature = void(error_code, event);

    /// For `chart::events`, which makes readers.
    notifications(executor_type executor, std::shared_ptr<detail::event_queue> queue);
    notifications(notifications&&) noexcept;
    notifications& operator=(notifications&&) noexcept;
    ~notifications();

    executor_type get_executor() const { return executor_; }

    /// Waits for the next event. After the chart has ended, the remaining events come first. Events
    /// come in the order in which the chart changed.
    ///
    /// Errors: `receive_in_progress` while another one waits, `error::stopped` after the chart was
    /// left or destroyed, `operation_aborted`, or what made `chart::maintain` fail. Cancellation:
    /// terminal, partial, total; no event is lost.
    asio::awaitable<event> recv();

    /// The same with any completion token, such as a callback:
    ///
    ///     events.recv([](rollcast::error_code ec, rollcast::event what) { ... });
    template <asio::completion_token_for<event_signature> Token>
    auto recv(Token&& token)
    {
        return detail::initiate(*this, &notifications::start_recv, token);
    }

    // The functions below wait for somebody to talk to: an instance that has arrived.
    // `recv_instance` says all, and `instance::address("http")` goes on from there; the other
    // functions keep the words of the libraries that this one grew out of. They pass over other
    // events, and throw `error::events_missed` where there was an overflow; then ask
    // `chart::peers`. Those that name a port pass over instances without it, or without an address.
    // Other errors and cancellation as for `recv`; what they pass over is gone for this reader.

    /// The record of an instance that is found, returned, reachable or restarted.
    asio::awaitable<instance> recv_instance() { return next_instance(queue_); }

    /// Id, best address and first service port, or the n-th, from 0.
    asio::awaitable<reachable> recv_one() { return recv_nth(0); }
    asio::awaitable<reachable> recv_nth(std::size_t nth_port)
    {
        return next_reachable(queue_, nth_port);
    }

    /// The same as an endpoint to connect to:
    ///
    ///     auto const [id, endpoint] = co_await events.recv_addr();
    ///     co_await socket.async_connect(endpoint);
    template <class Protocol = asio::ip::tcp>
    asio::awaitable<std::pair<std::uint64_t, typename Protocol::endpoint>> recv_addr()
    {
        return recv_nth_addr<Protocol>(0);
    }
    template <class Protocol = asio::ip::tcp>
    asio::awaitable<std::pair<std::uint64_t, typename Protocol::endpoint>>
    recv_nth_addr(std::size_t nth_port)
    {
        return next_endpoint<Protocol>(queue_, nth_port);
    }

    /// Id and best address with every service port; an empty list for an instance without either.
    template <class Protocol = asio::ip::tcp>
    asio::awaitable<std::pair<std::uint64_t, std::vector<typename Protocol::endpoint>>>
    recv_addresses()
    {
        return next_endpoints<Protocol>(queue_);
    }

    /// Id and data as a described type; passes over instances whose data is of another type, which
    /// are counted and told by `data_unreadable`, unless their data is empty.
    template <class T>
    asio::awaitable<std::pair<std::uint64_t, T>> recv_data_as()
    {
        return next_data<T>(queue_);
    }

    /// An event that waits to be read, for programs that poll; none where none does, also after the
    /// chart has ended, which only `recv` tells. Never blocks for longer than a mutex.
    std::optional<event> try_recv();

private:
    using shared_queue = std::shared_ptr<detail::event_queue>;

    // The reader may be moved or destroyed while these wait, so they own the queue.
    static asio::awaitable<instance> next_instance(shared_queue queue);
    static asio::awaitable<reachable> next_reachable(shared_queue queue, std::size_t nth_port);

    template <class Protocol>
    static asio::awaitable<std::pair<std::uint64_t, typename Protocol::endpoint>>
    next_endpoint(shared_queue queue, std::size_t nth_port)
    {
        auto const who = co_await next_reachable(queue, nth_port);
        co_return std::pair(who.id, typename Protocol::endpoint(who.address, who.port));
    }

    template <class Protocol>
    static asio::awaitable<std::pair<std::uint64_t, std::vector<typename Protocol::endpoint>>>
    next_endpoints(shared_queue queue)
    {
        auto const who = co_await next_instance(queue);
        co_return std::pair(who.id, who.template ports_at_best<Protocol>());
    }

    template <class T>
    static asio::awaitable<std::pair<std::uint64_t, T>> next_data(shared_queue queue)
    {
        for (;;) {
            auto const who = co_await next_instance(queue);
            auto value = who.template data_as<T>();
            if (value)
                co_return std::pair(who.id, std::move(*value));
            note_unreadable(*queue, who, value.error());
        }
    }

    static void note_unreadable(detail::event_queue const& queue, instance const& who,
                                error_code const& why);
    void start_recv(asio::any_completion_handler<event_signature> handler);

    executor_type executor_;
    detail::shared_state<detail::event_queue> queue_;
};

// As text, for people.
ROLLCAST_EXPORT std::string to_string(reachable const& value); ///< "9 at 10.0.0.2:8042"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, reachable const& value);

} // namespace rollcast
