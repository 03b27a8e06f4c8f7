// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/operation.hpp"
#include "detail/turn.hpp"
#include "detail/unread_events.hpp"
#include "detail/wakeup.hpp"
#include "metrics/recorder.hpp"
#include "os/burst.hpp"
#include "os/coarse_clock.hpp"
#include "os/interfaces.hpp"
#include "os/report_inbox.hpp"
#include "os/send_socket.hpp"
#include "send/aftermath.hpp"

#include <rollcast/send/publication.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rollcast {

/// Counts a send as long as it lasts, so that no send that begins later overtakes it.
class pending_send {
public:
    explicit pending_send(int& pending) : pending_(pending) { ++pending_; }
    ~pending_send() { --pending_; }
    pending_send(pending_send const&) = delete;

private:
    int& pending_;
};

/// Socket, counters and storage of a publication; owned by it and by its pending operations.
struct ROLLCAST_HIDDEN publication::state {
    using payloads = std::span<asio::const_buffer const>;
    using moment = std::optional<net::launch_time>; ///< None: at once.

    /// The datagrams of a batch, and the times at which they are to leave, if not at once.
    struct payload_batch {
        payloads all;
        std::optional<std::span<net::launch_time const>> times{};

        moment time_of(std::size_t at) const { return times ? moment((*times)[at]) : std::nullopt; }
    };

    state(executor_type executor, publication_config wanted);

    /// Without effect if the publication is open. The port of the predecessor, the socket of
    /// the publication that this one replaces in a sender, may be taken over.
    error_code open(os::native_socket predecessor = -1);
    error_code check(os::native_socket existing) const; ///< Whether `adopt` would take it.
    error_code adopt(os::native_socket existing);
    void close() noexcept;
    error_code set_hop_limit(int hop_limit);

    /// Lets the kernel choose the source anew if addresses or routes have changed, stops or begins
    /// to send runs if the egress queue has, and looks whether anything can leave.
    void follow_changes();
    void follow_now_and_then();

    asio::awaitable<void> wait_for_reports();
    static asio::awaitable<void> wait_for_aftermath(std::shared_ptr<state> self,
                                                    char const* function);

    /// Takes what the kernel was told of earlier datagrams; whether a call may have failed for it.
    bool hear_aftermath();

    send_report try_send(payloads pieces, error_code& ec);
    send_report try_send(payloads pieces, moment launch, error_code& ec);
    send_report try_send_to(asio::ip::udp::endpoint const& destination, asio::const_buffer payload,
                            error_code& ec);

    send_report try_send_from(asio::ip::address const& from, asio::ip::udp::endpoint const& to,
                              asio::const_buffer payload, error_code& ec);

    /// Goes on with the batch at `report.next`, until its end or until the send buffer is full.
    void try_send_rest(payload_batch const& batch, batch_report& report);
    batch_report try_send_batch(payload_batch const& batch);

    batch_report new_report() const;

    /// Throws if there is an error; the text names what of the configuration or the payload it is
    /// about.
    void throw_if(error_code const& ec, char const* function, std::size_t payload_size = 0) const;
    std::string explain(error_code const& ec, std::size_t payload_size = 0) const;
    std::string explain_adoption(error_code const& ec, os::native_socket existing) const;

    /// `Payload` is one buffer, with a time to leave or without, or a span of those that make up
    /// one datagram.
    template <class Payload>
    static asio::awaitable<send_report> send(std::shared_ptr<state> self, Payload payload);
    static asio::awaitable<batch_report> send_batch(std::shared_ptr<state> self,
                                                    payload_batch batch);
    static asio::awaitable<reply> recv_reply(std::shared_ptr<state> self,
                                             asio::mutable_buffer into);

    bool is_open() const noexcept { return unwatched_.is_open() || socket.is_open(); }
    os::native_socket handle()
    {
        return socket.is_open() ? socket.native_handle() : unwatched_.get();
    }

    /// Hands the socket to the reactor, which only operations that wait need: a socket that the
    /// reactor watches wakes it with every datagram that has left.
    error_code watch();

    asio::ip::udp::socket socket; ///< Not open before `watch`; until then `unwatched_` is.
    publication_config config;
    asio::ip::udp::endpoint group; ///< With the scope the kernel wants.
    asio::ip::udp::endpoint source;
    send_counters counters;
    send::aftermath aftermath;
    detail::unread_events<egress_event> egress_events;
    metrics::recorder<metrics::publication_record> metrics;
    publication_id id = 0; ///< Within a sender.
    bool closed = false;
    bool egress_awaited = false; ///< An `egress_changed` waits.
    bool network_awaited = false;
    bool send_times_awaited = false;

    executor_type get_executor() { return socket.get_executor(); }

private:
    /// Whether a send that begins has to post: by `operation.hpp`, to stay behind sends that wait,
    /// or to give other handlers a turn.
    bool has_to_wait(asio::cancellation_state const& thread)
    {
        return !detail::may_take_at_once(thread) || pending_sends_ != 0 || send_turn_.is_over();
    }

    static asio::awaitable<void> wait_for(std::shared_ptr<state> self,
                                          asio::ip::udp::socket::wait_type what,
                                          char const* function);

    error_code open_socket(os::send_options const& options);
    error_code take_over(os::owned_socket& fresh, os::send_options const& options);
    error_code choose_source_again();
    error_code bind_again();
    void note_way_out(os::send_options const& options);
    error_code refusal_named(error_code const& ec) const;
    void note_egress(unsigned interface_index);
    void note_queue(os::queue_change const& queue);
    void follow_interfaces();
    bool has_interface_returned();
    error_code connect_again();
    std::optional<unsigned> egress_by_kernel() const;
    void follow_route(unsigned before);
    void look_at_link();
    bool can_leave() const noexcept;
    void tell(egress_change change);
    bool is_of_the_past(error_code const& ec, int repeated);
    error_code check_single(std::size_t size, moment launch);
    error_code send_once(payloads pieces, asio::ip::udp::endpoint const* destination,
                         moment launch);
    send_report report_of(payloads pieces, asio::ip::udp::endpoint const* destination,
                          moment launch, error_code& ec);
    asio::ip::udp::endpoint const* destination() const noexcept;

    std::size_t fill(payload_batch const& batch, batch_report& report);
    error_code check_times(payload_batch const& batch) const;
    bool may_run(std::size_t at, std::size_t size) const noexcept;
    std::size_t payloads_in(std::size_t messages) const; ///< Of the burst.
    void account(payloads batch, std::size_t messages, batch_report& report);
    void refuse_first(payloads batch, error_code const& ec, batch_report& report);
    void fail_next(std::size_t count, error_code const& ec, batch_report& report);
    void count_failure(error_code const& ec) noexcept;
    void publish_counters();

    os::owned_socket unwatched_;
    bool adopted_ = false; ///< The socket was the caller's, and may have more options.
    os::send_options options_;
    os::report_inbox reports_; ///< What the system tells of interfaces, routes and queues.
    std::optional<detail::wakeup> news_; ///< Ends the waits of `egress_changed`.
    os::look_pace looks_;                ///< A look costs about as much as a datagram.
    detail::turn send_turn_;
    detail::turn reply_turn_;
    int pending_sends_ = 0;
    std::optional<os::burst> burst_;
    std::vector<std::size_t> runs_; ///< How many payloads each message of the burst is.
    std::size_t singly_until_ = 0;  ///< Payloads of the batch up to here go one by one.
    unsigned egress_ = 0;           ///< The interface, 0 if it is not known.
    std::string egress_name_;
    bool egress_runs_ = true;                   ///< Datagrams can leave by the interface.
    std::vector<std::uint32_t> cutting_queues_; ///< Of the interface; may drop a part of a run.
    static constexpr auto any_size = std::numeric_limits<std::size_t>::max();
    std::size_t segment_limit_ = any_size; ///< Longer datagrams the way out cannot cut from a run.
    std::optional<std::size_t> source_chosen_at_; ///< The payload that had this tried, once.
};

inline std::span<asio::const_buffer const> as_pieces(asio::const_buffer const& payload) noexcept
{
    return {&payload, 1};
}

inline std::span<asio::const_buffer const>
as_pieces(std::span<asio::const_buffer const> payload) noexcept
{
    return payload;
}

/// A payload that is to leave at its time.
struct timed_payload {
    asio::const_buffer bytes;
    net::launch_time when;
};

inline std::span<asio::const_buffer const> as_pieces(timed_payload const& payload) noexcept
{
    return {&payload.bytes, 1};
}

template <class Payload>
std::optional<net::launch_time> launch_of(Payload const&) noexcept
{
    return std::nullopt;
}

inline std::optional<net::launch_time> launch_of(timed_payload const& payload) noexcept
{
    return payload.when;
}

template <class Payload>
asio::awaitable<send_report> publication::state::send(std::shared_ptr<state> self, Payload payload)
{
    auto const thread = co_await asio::this_coro::cancellation_state;
    bool resumed = self->has_to_wait(thread);
    pending_send const pending(self->pending_sends_);
    if (resumed)
        co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
    ++self->counters.calls;
    for (;; resumed = true) {
        if (resumed) {
            auto const cancellation = co_await asio::this_coro::cancellation_state;
            detail::throw_if_cancelled(cancellation, "send");
            detail::mark_resumed(cancellation);
        }
        error_code ec;
        auto const report = self->try_send(as_pieces(payload), launch_of(payload), ec);
        if (!ec)
            co_return report;
        auto const size = asio::buffer_size(as_pieces(payload));
        self->throw_if(ec == asio::error::would_block ? error_code{} : ec, "send", size);
        co_await wait_for(self, asio::ip::udp::socket::wait_write, "send");
    }
}

} // namespace rollcast
