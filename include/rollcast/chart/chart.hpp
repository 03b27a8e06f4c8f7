// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed.hpp>
#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/instance.hpp>
#include <rollcast/chart/interface_obstacle.hpp>
#include <rollcast/chart/notifications.hpp>
#include <rollcast/detail/execution_context.hpp>
#include <rollcast/detail/initiate.hpp>
#include <rollcast/detail/shared_state.hpp>
#include <rollcast/metrics/counters.hpp>
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
/// Spawn `maintain()` and the chart fills by itself. Threads: every member function may be called
/// from any thread; construction, moving and destruction may not race with anything. The chart
/// runs on a strand of its executor. One that was moved from can be destroyed and assigned to;
/// anything else throws `bad_descriptor`.
class ROLLCAST_EXPORT chart {
public:
    using executor_type = asio::any_io_executor;
    using completion_signature = void(error_code);

    /// Stores the configuration; nothing is checked or opened before `open` or `maintain`.
    chart(executor_type executor, chart_config config);
    template <detail::execution_context Context>
    chart(Context& context, chart_config config)
        : chart(executor_type(context.get_executor()), std::move(config))
    {
    }
    chart(chart&&) noexcept;
    /// Ends the chart that was there as its destructor would, with a goodbye.
    chart& operator=(chart&&) noexcept;

    /// Says goodbye once, without waiting, and ends whatever is pending with `operation_aborted`.
    ~chart();

    executor_type get_executor() const;

    /// Checks the configuration, opens the sockets and joins the groups, without sending anything.
    /// `maintain` and `sniff` do it where it has not been done.
    ///
    /// Errors: what `validate` finds, `no_usable_interface`, or the system's: `address_in_use`
    /// where the discovery port and every backup port have owners that do not share them. What
    /// each interface lacks is in the text of the exception, and in `obstacles`.
    void open();
    void open(error_code& ec);

    /// Announces this instance and listens to the others, until cancelled, left or destroyed. With
    /// `chart_config::observer` it asks instead of announcing, and says no goodbye.
    ///
    /// Errors: those of `open`, `already_running`, `operation_aborted`. After `leave` it completes
    /// without an error. Cancellation: terminal, partial, total; it then says goodbye three times
    /// before it completes, which takes up to 150 ms.
    asio::awaitable<void> maintain();

    /// Listens without ever sending; otherwise as `maintain`. Others are learned from what they
    /// multicast: newcomers at once, and those who were there before twelve at a time, about every
    /// 8 s. A crash is noticed when the others say so, or 48 s later.
    asio::awaitable<void> sniff();

    /// Says goodbye three times within 150 ms and ends a `maintain` that has begun.
    asio::awaitable<void> leave();

    /// Waits until the chart counts at least n instances, as `size` does: this one included, unless
    /// it observes. Never completes by itself otherwise: combine it with a timer.
    ///
    /// Errors: `error::stopped`, `operation_aborted`, or what made `maintain` fail.
    /// Cancellation: terminal, partial, total.
    asio::awaitable<void> found_everyone(std::size_t n);

    /// The same for more than half of n.
    asio::awaitable<void> found_majority(std::size_t n);

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

    /// A new reader of the events from now on; several may be made, at any time. While the chart
    /// is ended its readers are too: after `leave` call `open` first.
    notifications events();

    /// The same, beginning with those who are there: `events(replay_present)` tells each of them
    /// as `found`, with its record, as if they had been found one after the other just now. No
    /// event falls between these and the ones to come, and none is told twice, whatever the other
    /// threads do.
    notifications events(replay_present_t);

    std::uint64_t our_id() const;
    life_id our_life() const; ///< Drawn anew by every `maintain`.
    std::vector<net::port_type> const& our_service_ports() const; ///< Named ones last.
    std::vector<service> const& our_services() const;             ///< Those with names.
    std::optional<net::port_type> our_service_port() const;       ///< The first, if any.
    std::vector<std::byte> our_data() const;
    std::vector<std::byte> our_msg() const { return our_data(); } ///< As instance-chart calls it.
    template <class T>
    result<T> our_data_as() const
    {
        return announce::decode<T>(our_data());
    }
    net::port_type discovery_port() const; ///< The one in use: a backup port, perhaps.

    /// Replaces the own data and tells everybody; of many calls in quick succession the last one.
    /// Fails with `error::data_too_large` and then keeps the old data.
    void update(std::span<std::byte const> data, error_code& ec);
    void update(std::span<std::byte const> data);

    /// The same with text, in whatever holds some.
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

    /// Bytes of data that the own ports and their names leave room for.
    std::size_t max_data_size() const;

    template <class T>
    void update_as(T const& value)
    {
        update(announce::encode(value));
    }

    /// Asks everybody once more who is there, as at the start; they answer within milliseconds.
    /// The chart does what it takes by itself: this is for programs that know of a change before
    /// the system tells.
    void discover();

    /// Switches being charted off and on, now and for every later `maintain`. Off says goodbye and
    /// goes on listening, as `sniff` does; on introduces this instance again. For an observer it is
    /// off at first: on makes it a member, with the id, ports and data it has, and off an observer
    /// again.
    void announce(bool on);
    bool announcing() const;

    /// Switches off and on whether newcomers are answered and others may compare their charts with
    /// this one. Off, others have to do that.
    void reply(bool on);
    bool replying() const;

    /// Instances alive, this one included unless it observes. Where not everybody hears everybody,
    /// as behind an access point that isolates its clients, those that are heard or reached from
    /// here: whom only others reach is left out once that is known, and so from all lists.
    std::size_t size() const;

    /// Observers heard within the last minute, without this one; at most 256. One that is at rest
    /// asks few of the members, so that each of them hears some of the observers only.
    std::size_t observers() const;

    /// Whether those heard last, on every link, hold the same as this chart. False as long as
    /// nobody has been heard; it may be so again at any time.
    bool settled() const;

    /// The instances alive, without this one, in the order of ids.
    std::vector<instance> peers() const;
    std::optional<instance> find(std::uint64_t id) const;

    /// Id and best address with the first service port (`nth_addr_vec`: the n-th, from 0) of every
    /// other instance alive that has such a port; in the order of ids.
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>> addr_vec() const
    {
        return nth_addr_vec<Protocol>(0);
    }
    /// The same with the port that each calls so itself; without those that have none of the name.
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>>
    addr_vec(std::string_view port_name) const
    {
        return endpoints_of<Protocol>(*best_addresses(port_name));
    }
    template <class Protocol = asio::ip::tcp>
    std::vector<std::pair<std::uint64_t, typename Protocol::endpoint>>
    nth_addr_vec(std::size_t nth_port) const
    {
        return endpoints_of<Protocol>(*best_addresses(nth_port));
    }

    /// The same with every service port; without those that have none.
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
    /// that of this name; none if it is not charted or has no such port.
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

    /// What one instance tells of itself, or every other one alive; as a described type, those
    /// whose data is of another type are left out. They are counted (`chart_counters::unreadable`)
    /// and told by `data_unreadable`, unless they tell nothing at all.
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

    // The words of the libraries that this one grew out of.
    notifications notify() { return events(); }
    std::vector<instance> snapshot() const { return peers(); }

    /// Drops an instance, which is told as `forgotten`; if it is heard again it is `found`.
    /// Whether it was known.
    bool forget(std::uint64_t id);

    std::vector<std::string> interfaces() const; ///< Names of those in use.
    /// What is wanted and cannot be used just now, or kept the last `open` from opening anything.
    std::vector<interface_obstacle> obstacles() const;
    std::vector<net::group> groups() const; ///< Those in use, IPv4 first.
    chart_counters counters() const;

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
