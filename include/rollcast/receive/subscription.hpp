// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/execution_context.hpp>
#include <rollcast/detail/initiate.hpp>
#include <rollcast/detail/shared_state.hpp>
#include <rollcast/detail/throw_if.hpp>
#include <rollcast/error/explained_error.hpp>
#include <rollcast/metrics/counters.hpp>
#include <rollcast/metrics/recorder.hpp>
#include <rollcast/receive/batch.hpp>
#include <rollcast/receive/membership_event.hpp>
#include <rollcast/receive/packet.hpp>
#include <rollcast/receive/subscription_config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast {

/// A subscription taken apart: what a program needs to go on by itself.
struct subscription_parts {
    subscription_config config;
    /// Bound, and joined if the subscription was: one for each interface, bound to it, and further
    /// ones where a group has more sources than the kernel takes for a socket. They no longer
    /// filter what the kernel lets through.
    std::vector<asio::ip::udp::socket> sockets;
    std::vector<net::interface_info> interfaces; ///< Joined on.
    std::optional<batch> unread; ///< Packets that had left the kernel and were not delivered.
};

/// Receives the datagrams of one multicast group, and nothing else.
///
/// Foreign datagrams — unicast to the port, other groups, other interfaces, other sources — are
/// discarded and counted. Each interface has a socket of its own, bound to it, so that a flood on
/// one takes nothing from the others. An interface that vanishes takes its membership along, and so
/// does the system at times (IPv6 where the MTU falls below 1280); while something is received or
/// awaited the subscription joins again as soon as it can, without being asked. Where no interface
/// was named it follows the routing table to another one. Nothing of this where the system denies
/// this program its reports of interfaces (netlink). Destroying or replacing a subscription ends a
/// pending receive with `operation_aborted`. One that was moved from can be destroyed, closed and
/// assigned to; anything else throws `bad_descriptor`.
///
/// Threads: call from the object's executor; give it a strand if several threads run it. An
/// operation with a completion token may be started in any thread, as long as nobody moves or
/// destroys the subscription meanwhile; it then runs on the executor.
class ROLLCAST_EXPORT subscription {
public:
    using executor_type = asio::any_io_executor;
    using receive_signature = void(error_code, packet);
    using batch_signature = void(error_code, std::size_t);
    using membership_signature = void(error_code, membership_event);

    using native_handle_type = asio::ip::udp::socket::native_handle_type;

    /// Stores the configuration; nothing is checked or opened before `join`.
    subscription(executor_type executor, subscription_config config);
    template <detail::execution_context Context>
    subscription(Context& context, subscription_config config)
        : subscription(executor_type(context.get_executor()), std::move(config))
    {
    }

    /// A subscription on a socket of the caller's, which stays bound as it is: to the group's port,
    /// and to the group or the wildcard address. The socket is checked before anything is changed;
    /// where it is refused it stays the caller's, untouched.
    ///
    /// Errors: what `validate` finds, `socket_not_udp`, `socket_family_mismatch`,
    /// `socket_port_mismatch`, `socket_address_mismatch` (it is bound to another group, or to an
    /// address of this host), or the system's.
    static explained_result<subscription> adopt(subscription_config config,
                                                asio::ip::udp::socket& socket);
    static explained_result<subscription> adopt(executor_type executor, subscription_config config,
                                                native_handle_type socket);
    template <detail::execution_context Context>
    static explained_result<subscription> adopt(Context& context, subscription_config config,
                                                native_handle_type socket)
    {
        return adopt(executor_type(context.get_executor()), std::move(config), socket);
    }
    subscription(subscription&&) noexcept;
    subscription& operator=(subscription&&) noexcept;
    ~subscription();

    executor_type get_executor() const;
    subscription_config const& config() const;

    /// Opens the socket where needed and joins the group on every interface, for every source.
    /// On failure nothing is joined. Datagrams that arrive from here on are queued.
    ///
    /// Errors: what `validate` finds, `already_joined`, `no_multicast_route`, `refused_by_route`,
    /// or the system's: `address_in_use` where the port's owner does not share it. An adopted
    /// socket is the only one, and has the system's limits: `too_many_memberships` (20 IPv4 a
    /// socket), `too_many_sources` (10 IPv4 or 64 IPv6 a group). Memberships that it has already
    /// are taken over.
    void join();
    void join(error_code& ec);

    /// Leaves the group; the socket stays bound. A pending receive ends with `operation_aborted`.
    void leave();
    void leave(error_code& ec);

    /// Has the network told once more that the group is heard here: a switch that follows
    /// memberships (IGMP or MLD snooping) forgets them where no router asks, and one that a cable
    /// was plugged into knows none. With CAP_NET_RAW it sends a report of its own. Without, it
    /// leaves and joins anew on each link, and what comes in between is not heard (some
    /// microseconds, counted as a renewal); where others of this host hold the group, too, that has
    /// no effect, and `unreported` is told. Where a router asks by an older version of IGMP it does
    /// not leave. A cable that is plugged in renews without being asked, and so does silence
    /// (see `renewal_interval` of the configuration).
    ///
    /// Errors: `not_joined`.
    void renew(error_code& ec);
    void renew();

    /// Changes whom a source-specific subscription listens to, joined or not, without a gap for the
    /// others. Errors: what `validate` would find, `too_many_sources`, `unknown_source`, or
    /// `source_required` for dropping the last one; nothing has changed then.
    void add_source(asio::ip::address const& source, error_code& ec);
    void add_source(asio::ip::address const& source);

    void drop_source(asio::ip::address const& source, error_code& ec);
    void drop_source(asio::ip::address const& source);

    /// Changes whom an any-source subscription does not listen to. Errors: as above, and
    /// `not_any_source`.
    void block_source(asio::ip::address const& source, error_code& ec);
    void block_source(asio::ip::address const& source);

    void unblock_source(asio::ip::address const& source, error_code& ec);
    void unblock_source(asio::ip::address const& source);

    /// Leaves and closes for good. Pending operations end with `operation_aborted`.
    void close() noexcept;

    /// Whether the kernel has the group joined on at least one interface, as of now; also where a
    /// socket that was adopted came with it, which `join` takes over.
    bool is_joined() const;

    /// The interfaces the kernel has it joined on, as of now, in the same sense; what `join` knew
    /// of each.
    std::vector<net::interface_info> interfaces() const;

    /// Waits until a membership is lost with its interface, or is there again. What nobody awaits
    /// can be read later, the last 32 of it.
    ///
    /// Errors: `not_joined`, `receive_in_progress` while another waits, `operation_aborted`, also
    /// when the group is left. Cancellation: terminal, partial, total; no event is lost by it.
    asio::awaitable<membership_event> membership_changed();

    template <asio::completion_token_for<membership_signature> Token>
    auto membership_changed(Token&& token)
    {
        return detail::initiate(*this, &subscription::start_membership_changed, token);
    }

    /// An event that nobody has read yet; this also looks after interfaces, as a receive does.
    std::optional<membership_event> try_membership_changed();

    /// Takes the subscription apart, which is closed then. Memberships stay with the sockets; one
    /// that hears the group on a single interface is not asked to tell it (IP_PKTINFO).
    subscription_parts into_parts();

    /// Of the socket, or the first of several; unspecified before the first join.
    asio::ip::udp::endpoint local_endpoint() const;
    /// The same; -1 before. For options of your own: do not receive from it.
    native_handle_type native_handle() const;
    std::size_t receive_buffer_size() const; ///< Bytes granted; 0 before the first join.
    receive_counters const& counters() const;

    /// Switches metrics on, which are off at first and cost nothing then. The reader takes
    /// snapshots in any thread, also after the subscription is gone; all readers see the same.
    metrics::subscription_reader enable_metrics();

    /// Waits for the next datagram of the group.
    ///
    /// Datagrams leave the kernel only in the step that completes, so a cancelled receive loses
    /// none. A loop over `recv` yields to the executor now and then even if it never has to wait.
    /// Errors: `not_joined`, `receive_in_progress`, `operation_aborted`, or the socket's.
    /// Cancellation: terminal, partial, total.
    [[gnu::hot]] asio::awaitable<packet> recv();

    template <asio::completion_token_for<receive_signature> Token>
    auto recv(Token&& token)
    {
        return detail::initiate(*this, &subscription::start_recv, token);
    }

    /// Waits for a datagram, then takes all that are ready, as far as the batch has room.
    ///
    /// Completes with the number of packets the batch now holds, never 0. Otherwise as `recv`,
    /// which may be used in turn with it.
    /// @param into  Must outlive the operation; its packets stay valid until it is passed in again.
    [[gnu::hot]] asio::awaitable<std::size_t> recv_batch(batch& into);

    template <asio::completion_token_for<batch_signature> Token>
    auto recv_batch(batch& into, Token&& token)
    {
        return detail::initiate(*this, &subscription::start_recv_batch, token, &into);
    }

    /// The datagrams that are already here; empty with `would_block` if there are none, and empty
    /// without an error if 64 foreign ones were discarded and more may wait.
    std::size_t try_recv_batch(batch& into, error_code& ec);

    /// The same; nothing there is no exception.
    std::size_t try_recv_batch(batch& into);

    /// A datagram that is already here; none with `would_block` if the queue is empty, and none
    /// without an error if 64 foreign datagrams were discarded and more may wait.
    std::optional<packet> try_recv(error_code& ec);

    /// The same; nothing there is no exception.
    std::optional<packet> try_recv();

private:
    friend class receiver;
    struct state;

    explicit subscription(std::shared_ptr<state> state);
    void start_recv(asio::any_completion_handler<receive_signature> handler);
    void start_recv_batch(asio::any_completion_handler<batch_signature> handler, batch* into);
    void start_membership_changed(asio::any_completion_handler<membership_signature> handler);

    detail::shared_state<state> state_;
};

} // namespace rollcast
