// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/metrics/counters.hpp>
#include <rollcast/net/flow.hpp>
#include <rollcast/send/publication_config.hpp>
#include <rollcast/send/send_report.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>

namespace rollcast {

/// The largest UDP payload over IPv4, and what rollcast sends at most: 65,535 bytes of IP packet
/// less 20 of IP header and 8 of UDP header.
inline constexpr std::size_t max_payload = 65507;

/// Sends datagrams to one multicast group.
///
/// Threads: call from the object's executor; give it a strand if several threads run it.
/// Destroying a publication ends pending operations with `operation_aborted`.
class publication {
public:
    using executor_type = asio::any_io_executor;
    using send_signature = void(error_code, send_report);
    using reply_signature = void(error_code, reply);

    /// Stores the configuration; nothing is checked or opened before `open` or the first send.
    publication(executor_type executor, publication_config config);
    publication(publication&&) noexcept;
    publication& operator=(publication&&) noexcept;
    ~publication();

    executor_type get_executor() const;
    publication_config const& config() const noexcept;

    /// Checks the configuration and opens the socket; without effect if it is open.
    ///
    /// Errors: what `validate` finds, `no_multicast_route`, or the system's: `address_in_use` for
    /// a source port that another socket has, `address_not_available` for a foreign source.
    void open();
    void open(error_code& ec);
    bool is_open() const noexcept;

    /// Closes for good. Pending operations end with `operation_aborted`.
    void close() noexcept;

    /// Source, group and port, as a source-specific receiver needs them. Open first.
    net::flow announce_tuple() const;
    asio::ip::udp::endpoint local_endpoint() const; ///< Address and port datagrams leave from.
    send_counters const& counters() const noexcept;

    /// Sends one datagram to the group; waits while the send buffer is full.
    ///
    /// @param payload  At most `max_payload` bytes; must outlive the operation.
    /// Errors: those of `open`, `payload_too_large`, `operation_aborted`, or the system's.
    /// Cancellation: terminal, partial, total; a cancelled send has sent nothing.
    asio::awaitable<send_report> send(asio::const_buffer payload);

    template <asio::completion_token_for<send_signature> Token>
    auto send(asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &publication::start_send, token, payload);
    }

    /// Sends at once or fails; `would_block` while the send buffer is full.
    send_report try_send(asio::const_buffer payload, error_code& ec);

    /// The same to one host instead of the group, from the same source.
    send_report try_send_to(asio::ip::udp::endpoint const& destination, asio::const_buffer payload,
                            error_code& ec);

    /// Waits for a unicast answer.
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
    struct state;

    void start_send(asio::any_completion_handler<send_signature> handler,
                    asio::const_buffer payload);
    void start_recv_reply(asio::any_completion_handler<reply_signature> handler,
                          asio::mutable_buffer into);

    std::shared_ptr<state> state_;
};

} // namespace rollcast
