// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/error.hpp>
#include <rollcast/metrics/counters.hpp>
#include <rollcast/metrics/snapshot.hpp>
#include <rollcast/net/endpoint.hpp>
#include <rollcast/send/publication_config.hpp>
#include <rollcast/send/send_report.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace rollcast {

/// The largest UDP payload over IPv4, and what rollcast sends at most: 65,535 bytes of IP packet
/// less 20 of IP header and 8 of UDP header.
inline constexpr std::size_t max_payload = 65507;

/// A publication taken apart: what a program needs to go on by itself, see
/// `publication::into_parts`.
struct publication_parts {
    publication_config config;
    asio::ip::udp::socket socket; ///< Not open if the publication was not.
};

/// Sends datagrams to one multicast group.
///
///     rollcast::publication pub(context, config); // opens with the first send
///     co_await pub.send(asio::buffer(text));
///
/// Where the kernel chose the source it chooses again when addresses or routes change, at the
/// latest when sending fails for it; the port stays. So it does with the interface, where none was
/// configured. A source address that was configured stays, and sending fails while it is gone; but
/// from an IPv6 address that is gone Linux goes on sending. Where the system denies this program
/// its reports of addresses (netlink), the kernel chooses again only after a send has failed. A
/// publication that hears replies gets another socket for another source: answers to the old
/// address, and options set by `native_handle`, go with the old socket.
///
/// Destroying or replacing a publication ends pending operations with `operation_aborted`. A
/// publication that was moved from can be destroyed, closed and assigned to, and is not open;
/// anything else throws `bad_descriptor`. Moving leaves pending operations and references, such as
/// that of `counters`, as they are.
///
/// Threads: call from the object's executor; give it a strand if several threads run it. An
/// operation with a completion token, such as `send(payload, use_future)`, may be started in any
/// thread, as long as no other thread moves or destroys the publication meanwhile; it then runs on
/// the executor. Operations started by one thread are carried out in that order.
class ROLLCAST_EXPORT publication {
public:
    using executor_type = asio::any_io_executor;
    using send_signature = void(error_code, send_report);
    using batch_signature = void(error_code, batch_report);
    using reply_signature = void(error_code, reply);
    using native_handle_type = asio::ip::udp::socket::native_handle_type;

    /// Several buffers: the pieces of one datagram, or the datagrams of a batch.
    using buffers = std::span<asio::const_buffer const>;
    /// One time for each datagram of a batch.
    using launch_times = std::span<net::launch_time const>;

    /// Stores the configuration; nothing is checked or opened before `open` or the first operation.
    publication(executor_type executor, publication_config config);
    template <detail::execution_context Context>
    publication(Context& context, publication_config config)
        : publication(executor_type(context.get_executor()), std::move(config))
    {
    }

    /// A publication on a socket of the caller's, which may be bound to the source. The socket is
    /// checked before anything is changed; where it is refused it stays the caller's. Where the
    /// system refuses an option later, those set by then stay set. On success the publication owns
    /// the socket, is open, and closes it in the end; an Asio socket is left without it.
    ///
    /// Errors: `bad_descriptor` for an Asio socket that is not open, what `validate` finds,
    /// `socket_not_udp`, `socket_family_mismatch`,
    /// `socket_port_mismatch`, `socket_address_mismatch`, or the system's.
    static explained_result<publication> adopt(publication_config config,
                                               asio::ip::udp::socket& socket);
    static explained_result<publication> adopt(executor_type executor, publication_config config,
                                               native_handle_type socket);
    template <detail::execution_context Context>
    static explained_result<publication> adopt(Context& context, publication_config config,
                                               native_handle_type socket)
    {
        return adopt(executor_type(context.get_executor()), std::move(config), socket);
    }
    publication(publication&&) noexcept;
    publication& operator=(publication&&) noexcept;
    ~publication();

    executor_type get_executor() const;
    publication_config const& config() const;

    /// Checks the configuration and opens the socket; without effect if the publication is open.
    /// Whatever sends or waits does so by itself; call `open` to have the errors early, or to know
    /// the source before the first send. If it fails it may be tried again.
    ///
    /// Errors: what `validate` finds, `no_multicast_route`, `no_loopback_route`,
    /// `refused_by_route`, `operation_aborted` after `close`, or the system's: `address_in_use` for
    /// a source port that another socket has.
    void open();
    void open(error_code& ec);
    bool is_open() const noexcept;

    /// Closes for good: later operations fail with `operation_aborted`, as the pending ones do.
    /// What the kernel has taken leaves all the same.
    void close() noexcept;

    /// How far datagrams to the group go that are sent from now on. Changes `hop_limit` of the
    /// configuration: for instance farther each time until a host answers, or 0 for this host
    /// alone. Sends that wait for room in the send buffer go as far, too.
    ///
    /// Errors: `invalid_hop_limit`, or the system's; then nothing changes.
    void set_hop_limit(int hop_limit);
    void set_hop_limit(int hop_limit, error_code& ec);

    /// Takes the publication apart, which is closed then; pending operations end with
    /// `operation_aborted`. The socket keeps its port and options. Throws where Asio cannot take
    /// the socket, and leaves the publication as it was.
    publication_parts into_parts();

    /// Source, group and port, as a source-specific receiver needs them, as of now: the source may
    /// change later, see `egress_changed`. The source is unspecified before `open`.
    net::flow announce_tuple() const;
    asio::ip::udp::endpoint local_endpoint() const; ///< Address and port datagrams leave from now.
    asio::ip::udp::endpoint destination() const;    ///< With its scope id, where it has one.
    native_handle_type native_handle() const;       ///< For options of your own; -1 before `open`.
    std::size_t send_buffer_size() const;           ///< Bytes granted; 0 before `open`.
    send_counters const& counters() const;          ///< Valid as long as the publication.

    /// The oldest report of the network about datagrams that had left (ICMP: a member of the group
    /// does not listen, a link cannot carry them), or of the egress queue about launch times. None
    /// where all have been read; the newest 32 are kept, and `network_errors` of the counters
    /// counts all. No datagram that is sent later fails for such a report. To a publication that
    /// hears replies the network tells nothing.
    std::optional<network_error> try_network_error();

    /// Waits for the next of these reports. Errors: those of `open`, `receive_in_progress` while
    /// another such wait is under way, `operation_not_supported` for a publication that hears
    /// replies and has no `launch_times`, `operation_aborted`. Cancellation: terminal, partial,
    /// total; nothing is lost by it.
    asio::awaitable<network_error> network_error_told();

    /// When a datagram has left, in the order in which the kernel tells it; none where all times
    /// have been read, and without `send_times` in the configuration. The kernel keeps some
    /// hundreds of times, which the publication takes over while something is sent, about every 10
    /// ms; it keeps the newest 4096.
    std::optional<send_time> try_send_time();

    /// Waits for the next of these times. Errors: those of `open`, `send_times_not_asked_for`,
    /// `receive_in_progress` while another such wait is under way, `operation_aborted`.
    /// Cancellation: terminal, partial, total; nothing is lost by it.
    asio::awaitable<send_time> send_time_told();

    /// The oldest unread change of the way by which datagrams leave: nothing can leave by it any
    /// more, or again, or routes lead elsewhere where no interface was configured. While nothing
    /// can leave, sending fails with `network_down`; members of the group on this host may hear the
    /// datagrams all the same. This call looks at the interface anew, which costs about as much as
    /// to send a datagram; a send looks every 10 ms at most.
    std::optional<egress_event> try_egress_event();

    /// Waits for the next change. Errors: those of `open`, `receive_in_progress` while another such
    /// wait is under way, `operation_aborted`. Cancellation: terminal, partial, total; no event is
    /// lost by it.
    asio::awaitable<egress_event> egress_changed();

    /// Switches metrics on, for good; they are off at first and cost nothing then. The reader takes
    /// snapshots in any thread, also after the publication is gone; all readers see the same. The
    /// counters are those since the publication was made.
    metrics::publication_reader enable_metrics();

    /// The longest payload, in bytes, that leaves in one packet, by the MTU of the way: 1472 over
    /// IPv4 and 1452 over IPv6 for an MTU of 1500. Longer ones are cut into fragments, or refused
    /// with `dont_fragment`. 0 before `open` and where it is unknown, as for a publication that
    /// hears replies, whose socket is not connected.
    std::size_t unfragmented_payload() const;

    /// Sends one datagram to the group; waits while the send buffer is full.
    ///
    /// @param payload  At most `max_payload` bytes; must outlive the operation.
    /// Errors: those of `open`, `payload_too_large`, `network_down` where nothing can leave,
    /// `no_buffer_space` where the egress queue dropped the datagram, `message_size` with
    /// `dont_fragment`, `operation_aborted`, or the system's.
    /// Cancellation: terminal, partial, total; a cancelled send has sent nothing.
    asio::awaitable<send_report> send(asio::const_buffer payload);

    template <asio::completion_token_for<send_signature> Token>
    auto send(asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &publication::start_send, token, payload);
    }

    /// The same for a datagram in pieces, which are not copied together before. The pieces and the
    /// array of them must outlive the operation. `message_size` for more than 1024 (IOV_MAX).
    asio::awaitable<send_report> send(buffers pieces);

    template <asio::completion_token_for<send_signature> Token>
    auto send(buffers pieces, Token&& token)
    {
        return detail::initiate(*this, &publication::start_send_pieces, token, pieces);
    }

    /// Sends many datagrams with few system calls, in order; waits while the send buffer is full.
    ///
    /// Successive payloads of equal size go to the kernel as one run, which the kernel cuts
    /// (UDP_SEGMENT); receivers see single datagrams. No runs are made where the egress queue would
    /// cut such a run itself (tbf, cake, netem, taprio): it could drop a part and call it sent. A
    /// datagram that cannot be sent is named in the report, and the others go out. Errors: those of
    /// `open`; everything later is in the report, also how far the batch came when it was cancelled
    /// (terminal, partial, total): `ended` is `operation_aborted` then.
    /// @param batch  One payload per datagram; must outlive the operation with the payloads.
    asio::awaitable<batch_report> send_batch(buffers batch);

    template <asio::completion_token_for<batch_signature> Token>
    auto send_batch(buffers batch, Token&& token)
    {
        return detail::initiate(*this, &publication::start_send_batch, token, batch);
    }

    /// Sends what the kernel takes now; where that is not all, `ended` of the report is
    /// `would_block`. Throws no error of sending or opening: all are in the report.
    batch_report try_send_batch(buffers batch);

    /// Sends one datagram that leaves at that time, by the clock of `launch_times` in the
    /// configuration, where the egress queue keeps such times. Completes as `send` does, when the
    /// queue has it. Where the queue refuses the time, the send fails with `no_buffer_space`,
    /// unless the publication hears replies: `etf` refuses a time that is over, `fq` one that is
    /// further off than its horizon, 10 s. A datagram that the queue drops later is told as a
    /// network error, `launch_time_missed`.
    ///
    /// Errors and cancellation: those of `send`, and `launch_times_not_asked_for`.
    asio::awaitable<send_report> send_at(net::launch_time when, asio::const_buffer payload);

    template <asio::completion_token_for<send_signature> Token>
    auto send_at(net::launch_time when, asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &publication::start_send_at, token, when, payload);
    }

    send_report try_send_at(net::launch_time when, asio::const_buffer payload, error_code& ec);

    /// Sends a batch, each datagram of which has its own time. Errors besides those of
    /// `send_batch`: `launch_times_not_asked_for`, and `invalid_argument` where there are not as
    /// many times as datagrams. The kernel gets each datagram singly, and not in runs.
    /// @param when  Must outlive the operation, as the batch.
    asio::awaitable<batch_report> send_batch_at(launch_times when, buffers batch);

    template <asio::completion_token_for<batch_signature> Token>
    auto send_batch_at(launch_times when, buffers batch, Token&& token)
    {
        return detail::initiate(*this, &publication::start_send_batch_at, token, when, batch);
    }

    batch_report try_send_batch_at(launch_times when, buffers batch);

    /// Sends at once or fails, with the errors of `send`, and `would_block` while the send buffer
    /// is full. The first one opens the publication, which takes longer than to send.
    send_report try_send(asio::const_buffer payload, error_code& ec);
    send_report try_send(buffers pieces, error_code& ec);

    /// The same, with an exception for every error.
    send_report try_send(asio::const_buffer payload);

    /// The same to one host instead of the group, from the same source. `hop_limit` is for groups:
    /// to a host the system's default applies.
    send_report try_send_to(asio::ip::udp::endpoint const& destination, asio::const_buffer payload,
                            error_code& ec);

    /// The same from an address of this host, such as the one that a reply came to, and by the
    /// interface of the configuration, where that names one; the kernel chooses the source where
    /// `source` is unspecified. For publications with `replies_at_any_address`.
    send_report try_send_to(asio::ip::udp::endpoint const& destination,
                            asio::ip::address const& source, asio::const_buffer payload,
                            error_code& ec);

    /// Waits for a unicast answer to the source port. Anything that a host sends there counts as
    /// one; the library does not look at the payload.
    ///
    /// @param into  Must outlive the operation; an answer that is longer loses its end.
    /// Errors: those of `open`, `replies_not_asked_for` unless the configuration has `replies`,
    /// `operation_aborted`, or the socket's.
    /// Cancellation: terminal, partial, total; no answer is lost by it.
    asio::awaitable<reply> recv_reply(asio::mutable_buffer into);

    template <asio::completion_token_for<reply_signature> Token>
    auto recv_reply(asio::mutable_buffer into, Token&& token)
    {
        return detail::initiate(*this, &publication::start_recv_reply, token, into);
    }

private:
    friend class sender;
    struct state;

    explicit publication(std::shared_ptr<state> state);
    void start_send_pieces(asio::any_completion_handler<send_signature> handler, buffers pieces);
    void start_send_batch(asio::any_completion_handler<batch_signature> handler, buffers batch);
    void start_send(asio::any_completion_handler<send_signature> handler,
                    asio::const_buffer payload);
    void start_send_at(asio::any_completion_handler<send_signature> handler, net::launch_time when,
                       asio::const_buffer payload);
    void start_send_batch_at(asio::any_completion_handler<batch_signature> handler,
                             launch_times when, buffers batch);
    void start_recv_reply(asio::any_completion_handler<reply_signature> handler,
                          asio::mutable_buffer into);

    detail::shared_state<state> state_;
};

} // namespace rollcast
