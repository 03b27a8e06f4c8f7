// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/turn.hpp"
#include "os/datagram_buffers.hpp"
#include "receive/membership.hpp"
#include "receive/take_when_ready.hpp"

#include <rollcast/receive/subscription.hpp>

#include <optional>

namespace rollcast {

/// Socket, memberships and storage of a subscription; owned by it and by its pending operations.
struct subscription::state {
    using outcome = receive::outcome;

    state(executor_type executor, subscription_config wanted);

    error_code join();
    void leave();
    void close() noexcept;
    error_code adopt(asio::ip::udp::socket& existing);

    error_code add_source(asio::ip::address const& source);
    error_code drop_source(asio::ip::address const& source);
    error_code block_source(asio::ip::address const& source);
    error_code unblock_source(asio::ip::address const& source);

    /// Whether the membership a receive was started in lasts.
    error_code ready_to_receive(std::uint64_t since) const noexcept;

    outcome take(packet& into, error_code& ec);
    outcome take(batch& into, error_code& ec);
    bool has_rest() const noexcept; ///< Packets that have left the kernel.

    executor_type get_executor() { return socket.get_executor(); }
    asio::awaitable<void> wait();

    asio::ip::udp::socket socket;
    subscription_config config;
    asio::ip::udp::endpoint bound;
    std::vector<net::interface_info> interfaces;
    std::vector<receive::membership> joined;
    receive_counters counters;
    subscription_id id = 0; ///< Within a receiver.
    detail::turn turn;
    std::uint64_t membership = 0; ///< Counts them, so that a receive knows that its own has ended.
    bool receiving = false;
    bool closed = false;

private:
    error_code open(asio::ip::udp::endpoint const& endpoint);
    os::receive_options receive_options(asio::ip::udp::endpoint const& endpoint) const;
    error_code block_all(std::vector<asio::ip::address> const& sources);
    void unblock_everywhere(asio::ip::address const& source);
    error_code join_all(std::vector<receive::membership> const& wanted);
    bool accepts(os::received const& datagram) const noexcept;
    outcome fill(batch& into, error_code& ec);
    void add(os::received const& datagram, batch& into);
    void forget_rest() noexcept;

    // What `recv` takes from: one buffer, and how far its run has been delivered.
    std::optional<batch> own_;
    batch::iterator next_;
    bool adopted_ = false;             ///< The socket is somebody's, and stays bound as it is.
    std::uint64_t dropped_before_ = 0; ///< By earlier sockets of this subscription.
};

} // namespace rollcast
