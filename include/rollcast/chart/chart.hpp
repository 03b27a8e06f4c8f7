// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed.hpp>
#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/instance.hpp>
#include <rollcast/chart/notifications.hpp>
#include <rollcast/detail/initiate.hpp>
#include <rollcast/metrics/counters.hpp>
#include <rollcast/metrics/snapshot.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcast {

namespace detail {

class chart_shell;

} // namespace detail

/// Who else is on this network, and how to reach them.
///
/// Spawn `maintain()` and the chart fills by itself:
///
///     rollcast::chart chart(context, {.service_ports = {8042}, .name = "my application"});
///     asio::co_spawn(context, chart.maintain(), rollcast::rethrow);
///     ...
///     for (auto const& [id, endpoint] : chart.addr_vec())
///         connect(endpoint);
///
/// Threads: every member function may be called from any thread; construction, moving and
/// destruction may not race with anything. The chart runs on a strand of its executor. A chart that
/// was moved from can be destroyed and assigned to; anything else throws `bad_descriptor`.
///
/// Cost: each question takes a mutex that `maintain` holds while it handles a datagram, and what
/// is returned of instances is a copy. `peers`, `data_vec` and `addr_lists_vec` copy the record of
/// every instance; `find` and what is about one id copy one record; `size` copies a number. The
/// `addr_vec` functions keep their answers until the chart changes, so a program may call them for
/// every message that it sends.
class ROLLCAST_EXPORT chart {
public:
    using executor_type = asio::any_io_executor;
    using completion_signature = void(error_code);

    /// Stores the configuration; nothing is checked or opened before `open` or `maintain`. The id,
    /// if none is given, is drawn here, and stays the same for all lives of this chart.
    chart(executor_type executor, chart_config config);
    template <detail::execution_context Context>
    chart(Context& context, chart_config config)
        : chart(executor_type(context.get_executor()), std::move(config))
    {
    }
    /// Also while `maintain` runs, which goes on for the chart that is moved to.
    chart(chart&&) noexcept;
    /// Ends the chart that is overwritten as its destructor would, with a goodbye.
    chart& operator=(chart&&) noexcept;

    /// Says goodbye once, without waiting; `maintain` and `sniff` end with `operation_aborted`, and
    /// readers of events with `error::stopped`. A single goodbye may be lost, and then the others
    /// need the detection time to notice: `co_await leave()` first where that matters.
    ~chart();

    /// The executor that the chart was made with, and not its strand.
    executor_type get_executor() const;

    /// Checks the configuration, opens the sockets and joins the groups, without sending anything.
    /// `maintain` and `sniff` do it where it has not been done. Of use by itself to see errors
    /// before anything runs, or to know `discovery_port()` and `interfaces()`. On a chart that is
    /// open it does nothing; one that has ended begins a new life with it.
    ///
    /// Blocks for a few system calls for each interface. The form without `ec` throws
    /// `system_error`.
    ///
    /// Errors: what `validate` finds, `no_usable_interface`, or the system's: `address_in_use`
    /// where the discovery port and every backup port have owners that do not share them. What
    /// each interface lacks is in the text of the exception, and in `obstacles`.
    void open();
    void open(error_code& ec);

    /// Announces this instance and listens to the others, until cancelled, left or destroyed. In
    /// order, it
    ///
    /// 1. opens the sockets and joins the groups, as `open` does, unless that has been done;
    /// 2. introduces this instance on every link: it says hello at once, and again after about 40
    ///    and 120 ms; an instance that is there answers, and hands over its chart;
    /// 3. hears what is said to the group on every link, and what is sent to this instance alone;
    /// 4. beats and watches: it tells the next two instances on the ring that it is alive, every
    ///    quarter of its `detection_time`, and watches the two before it: one that falls silent is
    ///    asked, then suspected before all, so that it can object, and then called gone (SWIM);
    /// 5. sums the chart up in digests, at intervals by Trickle (RFC 6206), and where another
    ///    chart differs fetches what this one lacks;
    /// 6. follows the interfaces as they come, go and change their addresses, and tries every 10 s
    ///    those that could not be opened;
    /// 7. renews its memberships about every 120 s, for switches that forget members (RFC 3376);
    /// 8. says goodbye when it is cancelled.
    ///
    /// The steps from 3 to 7 go on side by side. With `chart_config::observer` it asks instead of
    /// introducing itself, watches one instance without beating any, and says no goodbye. A member
    /// only listens after `announce(false)`.
    ///
    /// Troubles of one interface, or of one datagram, do not end it: they are told as events and
    /// counted. It can be run again after it has ended, as a new life of the same id, with the data
    /// of the last `update` and an empty chart. Readers of events end with it: make new
    /// ones once it runs again, or after `open`.
    ///
    /// Errors: those of `open`, `already_running`, and `operation_aborted` when it was cancelled or
    /// the chart destroyed. After `leave` it completes without an error.
    ///
    /// Cancellation: terminal, partial, total; it then says goodbye three times before it
    /// completes, which takes up to 150 ms. The executor has to run that long.
    asio::awaitable<void> maintain();

    /// Listens without ever sending; otherwise as `maintain`. Instances are learned from what they
    /// multicast: newcomers at once, and those that were there before twelve at a time, about every
    /// 8 s. A crash is noticed when another instance says so, or when the instance has been in no
    /// multicast for 48 s, and 48 s more for every twelve in the chart. (48 s are three of
    /// `chart_config::longest_digest_interval`, which is 16 s.)
    ///
    /// For programs that must not disturb the network; one that may ask is better served by
    /// `chart_config::observer`, which knows everybody within milliseconds. Errors and cancellation
    /// as for `maintain`, but it ends without a goodbye.
    asio::awaitable<void> sniff();

    /// Says goodbye three times within 150 ms and ends a `maintain` that has begun, which completes
    /// without an error. All who wait for events get `error::stopped`. Where nothing runs it closes
    /// what `open` has opened. Cancellation: none once it has begun.
    ///
    ///     co_await chart.leave(); // now nobody has to miss this instance first
    asio::awaitable<void> leave();

    /// Waits until the chart counts at least n instances, as `size` does: this one included, unless
    /// it observes. Never completes by itself otherwise: combine it with a timer, as
    /// `co_await (chart.found_everyone(3) || timer.async_wait(asio::use_awaitable))`. Somebody may
    /// have left again by the time the caller runs.
    ///
    /// Errors: `error::stopped`, `operation_aborted`, or what made `maintain` fail.
    /// Cancellation: terminal, partial, total.
    asio::awaitable<void> found_everyone(std::size_t n);

    /// The same for more than half of n, which two halves of a network that is split cannot both
    /// have. It says so of one moment, and is no election.
    asio::awaitable<void> found_majority(std::size_t n);

    // The same with any completion token; without an executor of its own the handler runs in that
    // of the chart. The chart must be alive when the operation starts.

    template <asio::completion_token_for<completion_signature> Token>
    auto maintain(Token&& token)
    {
        return detail::initiate(*this, &chart::start_maintain, token);
    }
    template <asio::completion_token_for<completion_signature> Token>
    auto sniff(Token&& token)
    {
        return detail::initiate(*this, &chart::start_sniff, token);
    }
    template <asio::completion_token_for<completion_signature> Token>
    auto leave(Token&& token)
    {
        return detail::initiate(*this, &chart::start_leave, token);
    }
    template <asio::completion_token_for<completion_signature> Token>
    auto found_everyone(std::size_t n, Token&& token)
    {
        return detail::initiate(*this, &chart::start_found, token, n);
    }
    template <asio::completion_token_for<completion_signature> Token>
    auto found_majority(std::size_t n, Token&& token)
    {
        return detail::initiate(*this, &chart::start_found, token, n / 2 + 1);
    }

    /// A new reader of the events from now on; several may be made, at any time, also before
    /// `maintain`. Each gets every event. A reader may outlive the chart. While the chart is ended
    /// its readers are too: after `leave` call `open` first.
    ///
    ///     auto events = chart.events();
    ///     auto const what = co_await events.recv(); // what.kind, what.who
    notifications events();

    /// The same, beginning with the instances that are there: `events(replay_present)` tells each
    /// of them as `found`, with its record, as if they had been found one after the other just now.
    /// No event falls between these and the ones to come, and none is told twice, whatever other
    /// threads do.
    notifications events(replay_present_t);

    /// As configured, or drawn by the constructor.
    std::uint64_t our_id() const;
    life_id our_life() const; ///< Drawn anew when a chart that has ended opens again.
    // The lists live as long as the chart and never change.
    std::vector<net::port_type> const& our_service_ports() const; ///< Named ones last.
    std::vector<service> const& our_services() const;             ///< Those with names.
    std::optional<net::port_type> our_service_port() const;       ///< The first, if any.
    std::vector<std::byte> our_data() const;
    std::vector<std::byte> our_msg() const { return our_data(); } ///< As instance-chart calls it.
    /// The own data as a described type; errors as for `instance::data_as`.
    template <class T>
    result<T> our_data_as() const
    {
        return announce::decode<T>(our_data());
    }
    net::port_type discovery_port() const; ///< The one in use: a backup port, perhaps.

    /// Replaces the own data and tells everybody; of many calls in quick succession the last one,
    /// since hellos about changes are at least 40 ms apart. Data equal to the old is not told. May
    /// be called before `maintain`, too. Returns at once; nobody says when all have heard of it.
    ///
    /// Fails with `error::data_too_large` and then keeps the old data; the form without `ec` throws
    /// `system_error`, which says how many bytes there is room for.
    void update(std::span<std::byte const> data, error_code& ec);
    void update(std::span<std::byte const> data);

    /// The same with text, as a string, a literal or a view:
    ///
    ///     chart.update("load 17");
    template <std::convertible_to<std::string_view> Text>
    void update(Text const& text)
    {
        update(std::as_bytes(std::span(std::string_view(text))));
    }
    template <std::convertible_to<std::string_view> Text>
    void update(Text const& text, error_code& ec)
    {
        update(std::as_bytes(std::span(std::string_view(text))), ec);
    }

    /// Bytes of data that the own ports and their names leave room for: 846 without any port.
    std::size_t max_data_size() const;

    /// `update` with a value in the form of announce/typed.hpp; other instances read it with
    /// `get_data_as`. Throws as `update` does.
    template <class T>
    void update_as(T const& value)
    {
        update(announce::encode(value));
    }

    /// Asks all instances once more who is there, as at the start; they answer within
    /// milliseconds. The chart does what it takes by itself: this is for programs that know of a
    /// change before the system tells. Without effect while `maintain` does not run, and in
    /// `sniff`.
    void discover();

    /// Switches being charted off and on, now and for every later `maintain`. Off says goodbye and
    /// goes on listening, as `sniff` does; on introduces this instance again. For an observer it is
    /// off at first: on makes it a member, with the id, ports and data it has, and off an observer
    /// again. Returns at once; the goodbyes follow within 150 ms.
    void announce(bool on);
    bool announcing() const; ///< What was last asked for.

    /// Switches off and on whether newcomers are answered and other instances may compare their
    /// charts with this one; on at first. Off, the other instances have to do that; where all
    /// switch it off, newcomers learn only from what is multicast.
    void reply(bool on);
    bool replying() const; ///< What was last asked for.

    /// Instances alive, this one included unless it observes, and so 1 before `maintain`. A suspect
    /// one counts. Where not everybody hears everybody, as behind an access point that isolates its
    /// clients, it counts the instances that are heard or reached by this host: one that only other
    /// instances reach is left out once that is known, and so from all lists.
    std::size_t size() const;

    /// Observers heard within the last minute, without this one; at most 256. An observer at rest
    /// asks few of the members, so that each member hears some of the observers only.
    std::size_t observers() const;

    /// Whether the instances heard last, on every link, hold the same as this chart. False as long
    /// as none has been heard, and again at any time, as when somebody comes or goes.
    bool settled() const;

    /// The instances alive or suspect, without this one, in the order of ids. Copies all records.
    std::vector<instance> peers() const;
    /// One of them; none if it is not charted, or is this one.
    std::optional<instance> find(std::uint64_t id) const;

    /// Id and best address with the first service port (`nth_addr_vec`: the n-th, from 0) of every
    /// other instance alive that has such a port; in the order of ids. The addresses are
    /// kept until the chart changes: asking again costs a copy of the list.
    ///
    ///     for (auto const& [id, endpoint] : chart.addr_vec<asio::ip::udp>("metrics"))
    ///         socket.send_to(payload, endpoint);
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>> addr_vec() const
    {
        return nth_addr_vec<Protocol>(0);
    }
    /// The same with the port that each instance calls so itself; without instances that have none
    /// of the name.
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>>
    addr_vec(std::string_view port_name) const
    {
        return endpoints_of<Protocol>(*best_addresses(port_name));
    }
    /// For applications whose ports have no names, but an order that all instances agree on.
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>>
    nth_addr_vec(std::size_t nth_port) const
    {
        return endpoints_of<Protocol>(*best_addresses(nth_port));
    }

    /// The same with every service port; without instances that have none. Copies all records.
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, std::vector<typename Protocol::endpoint>>>
    addr_lists_vec() const
    {
        std::vector<std::pair<std::uint64_t, std::vector<typename Protocol::endpoint>>> all;
        for (auto const& who : peers())
            if (auto list = who.template ports_at_best<Protocol>(); !list.empty())
                all.emplace_back(who.id, std::move(list));
        return all;
    }

    /// Best address of one instance with its first service port, with its n-th, from 0, or with
    /// that of this name; none if it is not charted or has no such port. That it is charted is no
    /// promise that it answers: connecting may fail, and `instance::endpoints` has other addresses.
    ///
    ///     if (auto const endpoint = chart.get_addr(id, "http"))
    ///         co_await socket.async_connect(*endpoint);
    template <class Protocol = asio::ip::tcp>
    std::optional<typename Protocol::endpoint> get_addr(std::uint64_t id) const
    {
        return get_nth_addr<Protocol>(id, 0);
    }
    template <class Protocol = asio::ip::tcp>
    std::optional<typename Protocol::endpoint> get_nth_addr(std::uint64_t id,
                                                            std::size_t nth_port) const
    {
        auto const who = find(id);
        return who ? who->template address<Protocol>(nth_port) : std::nullopt;
    }
    template <class Protocol = asio::ip::tcp>
    std::optional<typename Protocol::endpoint> get_addr(std::uint64_t id,
                                                        std::string_view port_name) const
    {
        auto const who = find(id);
        return who ? who->template address<Protocol>(port_name) : std::nullopt;
    }

    /// Best address of one instance with each of its service ports, in their order; empty if it is
    /// not charted or has none.
    template <class Protocol = asio::ip::tcp>
    std::vector<typename Protocol::endpoint> get_addr_list(std::uint64_t id) const
    {
        auto const who = find(id);
        return who ? who->template ports_at_best<Protocol>()
                   : std::vector<typename Protocol::endpoint>();
    }

    /// What one instance tells of itself, or every other one alive, in the order of ids. As a
    /// described type, instances whose data is of another type are left out: they are counted
    /// (`chart_counters::unreadable`) and told by `data_unreadable`, unless their data is empty.
    std::optional<std::vector<std::byte>> get_data(std::uint64_t id) const;
    std::vector<std::pair<std::uint64_t, std::vector<std::byte>>> data_vec() const;
    template <class T>
    std::optional<T> get_data_as(std::uint64_t id) const
    {
        auto const who = find(id);
        return who ? readable_data<T>(*who) : std::nullopt;
    }
    template <class T>
    std::vector<std::pair<std::uint64_t, T>> data_vec_as() const
    {
        std::vector<std::pair<std::uint64_t, T>> all;
        for (auto const& who : peers())
            if (auto value = readable_data<T>(who))
                all.emplace_back(who.id, std::move(*value));
        return all;
    }

    // The words of the libraries that this one grew out of; new programs need none of these.
    notifications notify() { return events(); }
    std::vector<instance> snapshot() const { return peers(); }

    /// Drops an instance from this chart alone, which is told as `forgotten`; if it is heard or
    /// told of again it is `found`, which for one that lives may be soon. Whether it was known.
    bool forget(std::uint64_t id);

    std::vector<std::string> interfaces() const; ///< Names of those in use; empty before `open`.
    /// Interfaces that are wanted and cannot be used just now, on which nothing can be said or
    /// heard, or which kept the last `open` from opening anything.
    std::vector<interface_obstacle> obstacles() const;
    std::vector<net::group> groups() const; ///< Those in use, IPv4 first; empty before `open`.
    chart_counters counters() const;        ///< Of the life that runs, or ran last.

    /// Switches metrics on, which are off at first. The reader takes snapshots in any thread,
    /// without waiting for the chart, also after the chart is gone; all readers see the same. They
    /// show the life that runs, or ran last: its counters begin with 0.
    metrics::chart_reader enable_metrics();

private:
    std::shared_ptr<std::vector<detail::best_address> const>
    best_addresses(std::size_t nth_port) const;
    std::shared_ptr<std::vector<detail::best_address> const>
    best_addresses(std::string_view port_name) const;
    template <class Protocol>
    static std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>>
    endpoints_of(std::vector<detail::best_address> const& best)
    {
        std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>> all;
        all.reserve(best.size());
        for (auto const& [id, address, port] : best)
            all.emplace_back(id, typename Protocol::endpoint(address, port));
        return all;
    }
    template <class T>
    std::optional<T> readable_data(instance const& who) const
    {
        auto value = who.template data_as<T>();
        if (value)
            return std::optional<T>(std::move(*value));
        note_unreadable(who, value.error());
        return std::nullopt;
    }
    void note_unreadable(instance const& who, error_code const& why) const;
    void start_maintain(asio::any_completion_handler<completion_signature> handler);
    void start_sniff(asio::any_completion_handler<completion_signature> handler);
    void start_leave(asio::any_completion_handler<completion_signature> handler);
    void start_found(asio::any_completion_handler<completion_signature> handler, std::size_t n);

    detail::shared_state<detail::chart_shell> shell_;
};

} // namespace rollcast
