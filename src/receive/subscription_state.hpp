// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/step.hpp"
#include "detail/turn.hpp"
#include "detail/unread_events.hpp"
#include "detail/wakeup.hpp"
#include "metrics/recorder.hpp"
#include "os/coarse_clock.hpp"
#include "os/datagram_buffers.hpp"
#include "os/readiness_set.hpp"
#include "os/report_inbox.hpp"
#include "os/socket_waiter.hpp"
#include "receive/group_sockets.hpp"
#include "receive/take_when_ready.hpp"

#include <rollcast/receive/subscription.hpp>

#include <atomic>
#include <functional>
#include <optional>

namespace rollcast {

/// Sockets, storage and events of a subscription; owned by the handle and by pending operations.
/// What runs for each datagram is marked as hot and so lies together, with that of other files:
/// after a pause the processor has to fetch code page by page.
struct ROLLCAST_HIDDEN subscription::state {
    using outcome = receive::outcome;

    /// How a subscription tells its receiver of what happens without a call of the receiver.
    struct owner {
        std::function<void()> sockets_changed;
        std::function<void()> sockets_withdrawn; ///< No wait may use them any more.
        std::function<void()> event_came;
    };

    state(executor_type executor, subscription_config wanted);

    error_code adopt(os::native_socket existing);
    error_code join();
    void leave();
    error_code renew();
    void close() noexcept;

    error_code add_source(asio::ip::address const& source);
    error_code drop_source(asio::ip::address const& source);
    error_code block_source(asio::ip::address const& source);
    error_code unblock_source(asio::ip::address const& source);

    // The text of exceptions for an error that a function above has returned.
    std::string explain(error_code const& ec) const { return rollcast::explain(config, ec); }
    std::string explain_adoption(error_code const& ec, os::native_socket existing) const;
    std::string explain_added(asio::ip::address const& source, error_code const& ec) const;
    std::string explain_dropped(asio::ip::address const& source, error_code const& ec) const;
    std::string explain_blocked(asio::ip::address const& source, error_code const& ec) const;
    std::string explain_unblocked(asio::ip::address const& source, error_code const& ec) const;

    /// Whether the membership a receive was started in lasts.
    [[gnu::hot]] error_code ready_to_receive(std::uint64_t since) const noexcept;

    [[gnu::hot]] outcome take(packet& into, error_code& ec);
    [[gnu::hot]] outcome take(batch& into, error_code& ec);

    /// After a wait there is one datagram, as a rule.
    void expect_one() noexcept { most_ahead_ = 1; }

    /// For programs that poll again and again: costs less than a try to take. A look that finds
    /// nothing counts as `would_block`.
    bool is_still_empty();
    [[gnu::hot]] bool has_rest() const noexcept; ///< Packets that have left the kernel.

    /// Looks whether interfaces came or went, and mends the memberships on them.
    void refresh();
    void refresh_now_and_then();
    void look_up() { refresh(); }

    executor_type get_executor() { return executor; }
    [[gnu::hot]] asio::awaitable<void> wait(error_code& ec);
    void keep_awaiting_reports() { watch.keep({&reports_, 1}); }
    [[gnu::hot]] void step_ended();
    asio::awaitable<void> wait_for_reports();
    void add_to(os::readiness_set& set, std::uint64_t key) const;
    void remove_from(os::readiness_set& set) const noexcept;
    os::report_inbox const& reports() const noexcept { return reports_; }

    /// Takes the subscription apart: the sockets with their memberships, and what was read ahead.
    subscription_parts take_apart();

    executor_type executor;
    subscription_config config;
    receive::group_sockets sockets;
    detail::unread_events<membership_event> events;
    receive_counters counters;
    metrics::recorder<metrics::subscription_record> metrics;
    subscription_id id = 0; ///< Within a receiver.
    owner told;
    detail::turn turn;
    detail::step step;
    receive::report_watch watch;
    /// Counts memberships, so that a receive knows that its own has ended; read where a receive is
    /// started, in any thread.
    std::atomic<std::uint64_t> membership = 0;
    bool joined = false; ///< Since `join` and until `leave`, whatever became of interfaces.
    bool receiving = false;
    bool is_polled_in_vain = false; ///< The last poll found nothing, and the next one may as well.
    bool watching = false;          ///< A wait for a membership event is under way.
    bool closed = false;

private:
    os::report_inbox::interval renewal_interval() const;
    void interrupt();
    void watch_sockets();
    void sockets_changed();
    void withdraw_sockets();
    void tell(membership_change change, net::interface_info const& where);
    [[gnu::hot]] bool accepts(packet const& datagram,
                              receive::group_sockets::bound_socket const& from) const noexcept;
    bool takes_any_source() const noexcept;
    bool accepts_source(asio::ip::address const& source) const noexcept;
    [[gnu::hot]] outcome fill(batch& into, std::size_t most, error_code& ec);
    [[gnu::hot]] outcome fill_from(receive::group_sockets::bound_socket& socket, batch& into,
                                   std::size_t most, error_code& ec);
    [[gnu::hot]] bool admit(detail::filled_buffer& filled,
                            receive::group_sockets::bound_socket& from);
    void complete(packet& datagram, receive::group_sockets::bound_socket const& from) const;
    [[gnu::hot]] void make_room_ahead();
    [[gnu::hot]] outcome take_one(packet& into, error_code& ec);
    [[gnu::hot]] outcome take_many(batch& into, error_code& ec);
    [[gnu::hot]] void count(batch& delivered) noexcept;
    void publish_counters();
    bool names_interface() const noexcept;
    void prune_rest();
    void forget_rest() noexcept;
    std::optional<batch> release_rest();

    os::report_inbox reports_; ///< What the system tells of interfaces, while joined.
    os::look_pace looks_;
    std::optional<os::socket_waiter> ready_;
    std::optional<detail::wakeup> news_; ///< Wakes the wait for events.
    bool is_repairing_ = false;
    std::size_t turn_of_ = 0; ///< The socket that is asked first.

    // What `recv` took from the kernel ahead of its time, as far as it is not delivered.
    std::optional<batch> ahead_;
    std::optional<batch> former_; ///< Holds the packet that a receiver has handed out last.
    std::size_t next_ = 0;
    std::size_t most_ahead_ = 1; ///< Twice as many as came the last time; 1 after a wait.
};

} // namespace rollcast
