// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/error.hpp>
#include <rollcast/metrics/counters.hpp>
#include <rollcast/metrics/snapshot.hpp>
#include <rollcast/net/packet.hpp>
#include <rollcast/receive/batch.hpp>
#include <rollcast/receive/subscription_config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast {

/// A subscription taken apart: what a program needs to go on by itself with Asio's sockets.
struct subscription_parts {
    subscription_config config;
    /// Bound, and joined if the subscription was: one socket for each interface, bound to it, and
    /// further ones where a group has more sources than the kernel takes for a socket. Whatever the
    /// kernel lets through comes out: other sources and interfaces have to be filtered by the
    /// program, and runs of datagrams (UDP_GRO) cut.
    std::vector<asio::ip::udp::socket> sockets;
    std::vector<net::interface_info> interfaces; ///< Those that the group is joined on.
    std::optional<batch> unread; ///< Packets that had left the kernel and were not delivered.
};

/// Receives the datagrams of one multicast group, and nothing else.
///
///     subscription sub(context, subscription_config::any_source(group));
///     sub.join();
///     auto const packet = co_await sub.recv();
///
/// Foreign datagrams — unicast to the port, other groups, other interfaces, other sources — are
/// discarded and counted. Each interface has a socket of its own, bound to it, so that a flood on
/// one takes no queue room from the others. An interface that vanishes takes its membership along,
/// and so does the system at times (IPv6 where the MTU falls below 1280); while something is
/// received or awaited the subscription joins again as soon as it can, without being asked. Where
/// no interface was named the subscription follows the routing table to another one. None of this
/// happens where the system denies this program its reports of interfaces (netlink).
///
/// Destroying or replacing a subscription ends a pending receive with `operation_aborted`. A
/// subscription that was moved from can be destroyed, closed and assigned to; anything else throws
/// `bad_descriptor`. Functions with an `error_code` report by it, those without throw a
/// `boost::system::system_error` whose text names the value that is wrong.
///
/// Threads: call from the object's executor; give it a strand if several threads run it. An
/// operation with a completion token may be started in any thread, as long as the
/// subscription is not moved or destroyed meanwhile; the operation then runs on the executor.
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
    /// With sources as they were changed since. Valid until the subscription is destroyed or
    /// replaced.
    subscription_config const& config() const;

    /// Opens sockets where needed and joins the group on every interface, for every source. On
    /// failure nothing is joined. Datagrams that arrive from here on are queued; what an earlier
    /// membership has left in the queues is discarded. Does not wait for the network: a switch or
    /// router may take longer to let the group through.
    ///
    /// Errors: what `validate` finds, `already_joined`, `no_multicast_route`, `refused_by_route`,
    /// or the system's: `address_in_use` where the port's owner does not share it. An adopted
    /// socket is the only one, and has the system's limits: `too_many_memberships` (20 IPv4 a
    /// socket), `too_many_sources` (10 IPv4 or 64 IPv6 a group). Memberships of the group that
    /// the socket has already are taken over.
    void join();
    void join(error_code& ec);

    /// Leaves the group; the sockets stay bound, and `join` may follow. A pending receive ends with
    /// `operation_aborted`; packets that were not delivered are lost. Errors: `not_joined`.
    void leave();
    void leave(error_code& ec);

    /// Has the network told once more that the group is heard here: a switch that follows
    /// memberships (IGMP or MLD snooping) forgets them where no router asks, and a switch that a
    /// cable was plugged into knows none. With CAP_NET_RAW the subscription sends a report of its
    /// own. Without, it leaves and joins anew on each link, and what comes in between is not heard
    /// (some microseconds, counted as a renewal); where other sockets of this host hold the group,
    /// too, that has no effect, and `unreported` is told. Where a router asks by an older version
    /// of IGMP the subscription does not leave. It renews by itself when a cable is plugged in, and
    /// after silence (see `renewal_interval` of the configuration).
    ///
    /// Errors: `not_joined`.
    void renew(error_code& ec);
    void renew();

    /// Changes the sources of a source-specific subscription, joined or not, without a gap for the
    /// other sources. Errors: what `validate` would find about sources, `too_many_sources`,
    /// `unknown_source`, `source_required` for dropping the last source, or
    /// `group_not_source_specific` for adding one while any source is joined; nothing has changed
    /// then. Of a dropped source nothing more is delivered, read ahead or not.
    void add_source(asio::ip::address const& source, error_code& ec);
    void add_source(asio::ip::address const& source);

    void drop_source(asio::ip::address const& source, error_code& ec);
    void drop_source(asio::ip::address const& source);

    /// Changes the sources that an any-source subscription does not listen to. There may be any
    /// number: what the kernel has no room to block the subscription discards itself. Errors: what
    /// `validate` would find about sources, such as `not_any_source`, `unknown_source`, or the
    /// system's.
    void block_source(asio::ip::address const& source, error_code& ec);
    void block_source(asio::ip::address const& source);

    void unblock_source(asio::ip::address const& source, error_code& ec);
    void unblock_source(asio::ip::address const& source);

    /// Leaves and closes for good; `join` then fails with `operation_aborted`, as pending
    /// operations do. May be called again.
    void close() noexcept;

    /// Whether the group is joined on at least one interface that is there, as of now; also where
    /// an adopted socket came with the membership, which `join` takes over. Asks the system.
    bool is_joined() const;

    /// The interfaces that the group is joined on, as of now, in the same sense; their
    /// addresses may be old, see `net::list_interfaces`.
    std::vector<net::interface_info> interfaces() const;

    /// Waits until a membership is lost, is there again, has moved, or cannot be renewed: see
    /// `membership_change`. Events that come while no wait is under way can be read later, the last
    /// 32 of them. A receive may wait at the same time.
    ///
    /// Errors: `not_joined`, `receive_in_progress` while another such wait is under way,
    /// `operation_aborted`, also when the group is left. Cancellation: terminal, partial, total; no
    /// event is lost by it.
    asio::awaitable<membership_event> membership_changed();

    template <asio::completion_token_for<membership_signature> Token>
    auto membership_changed(Token&& token)
    {
        return detail::initiate(*this, &subscription::start_membership_changed, token);
    }

    /// An event that was not read yet, none if there is none; this also looks after interfaces, as
    /// a receive does.
    std::optional<membership_event> try_membership_changed();

    /// Takes the subscription apart, which is closed then. Memberships stay with the sockets. A
    /// socket that can hear its group on one interface only does not tell by which interface a
    /// datagram came (IP_PKTINFO is off).
    subscription_parts into_parts();

    /// What the socket is bound to, or the first of several; unspecified before the first join,
    /// unless the socket was adopted.
    asio::ip::udp::endpoint local_endpoint() const;
    /// Of the same socket; -1 where there is none. For options of your own: do not receive from it,
    /// and do not keep it, since another socket takes its place where a link needs a new one.
    native_handle_type native_handle() const;
    /// Bytes that the kernel granted the same socket; each interface has as much. 0 without a
    /// socket.
    std::size_t receive_buffer_size() const;
    /// Never set back. Valid until the subscription is destroyed or replaced; to be read from the
    /// executor, for other threads see `enable_metrics`.
    receive_counters const& counters() const;

    /// Switches metrics on, which are off at first and cost nothing then. The reader takes
    /// snapshots in any thread, also after the subscription is gone; all readers see the same.
    metrics::subscription_reader enable_metrics();

    /// Waits for the next datagram of the group.
    ///
    /// Datagrams leave the kernel only in the step that completes, so a cancelled receive loses
    /// none. That step may read ahead, up to 16 buffers, for the next receives. A loop over `recv`
    /// yields to the executor after 64 datagrams even if it never has to wait. The payload is valid
    /// until the next receive. One receive at a time, a batch or a packet.
    /// Errors: `not_joined`, `receive_in_progress`, `operation_aborted`, or the socket's.
    /// Cancellation: terminal, partial, total.
    [[gnu::hot]] asio::awaitable<packet> recv();

    template <asio::completion_token_for<receive_signature> Token>
    auto recv(Token&& token)
    {
        return detail::initiate(*this, &subscription::start_recv, token);
    }

    /// Waits for a datagram, then takes all that are ready on its socket, as far as the batch has
    /// room. Each interface has a socket; they take turns, one for each call.
    ///
    /// Completes with the number of packets the batch now holds, never 0. Otherwise as `recv`,
    /// which may be used in turn with it.
    /// @param into  Must outlive the operation; its packets stay valid until it is passed in again,
    ///              whatever other receives do.
    [[gnu::hot]] asio::awaitable<std::size_t> recv_batch(batch& into);

    template <asio::completion_token_for<batch_signature> Token>
    auto recv_batch(batch& into, Token&& token)
    {
        return detail::initiate(*this, &subscription::start_recv_batch, token, &into);
    }

    /// The datagrams that are already here, as `recv_batch` takes them; the batch is empty with
    /// `would_block` if there are none, and empty without an error if 64 foreign datagrams were
    /// discarded and more may wait. Returns the number of packets.
    std::size_t try_recv_batch(batch& into, error_code& ec);

    /// The same with an exception for an error; an empty queue is none.
    std::size_t try_recv_batch(batch& into);

    /// A datagram that is already here; none with `would_block` if the queue is empty, and none
    /// without an error if 64 foreign datagrams were discarded and more may wait.
    std::optional<packet> try_recv(error_code& ec);

    /// The same with an exception for an error; an empty queue is none.
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
