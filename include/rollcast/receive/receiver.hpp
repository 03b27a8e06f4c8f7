// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/export.hpp>
#include <rollcast/receive/subscription.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rollcast {

/// Receives from several subscriptions, in turn and by readiness.
///
///     receiver all(context);
///     all.join(all.add(subscription_config::any_source(group)));
///     auto const packet = co_await all.recv(); // packet.subscription tells from which
///
/// Each subscription that has datagrams gives one packet (or one batch) at a time, in the order of
/// their ids, so that a busy group does not starve a quiet one. A receive costs by the number of
/// subscriptions that have something, not by the number there are. Destroying or replacing a
/// receiver closes its subscriptions, and ends a pending receive with `operation_aborted`. A
/// receiver that was moved from can be destroyed and assigned to; anything else throws
/// `bad_descriptor`.
///
/// Threads: as a subscription.
class ROLLCAST_EXPORT receiver {
public:
    using executor_type = asio::any_io_executor;
    using receive_signature = subscription::receive_signature;
    using batch_signature = subscription::batch_signature;
    using membership_signature = subscription::membership_signature;

    /// What a call of `drain` came to.
    struct drained {
        std::size_t packets = 0;
        bool more = false; ///< The cap was reached before the queues were empty.
    };

    /// A subscription, and its id in this receiver. As `for (auto const& [id, sub] :
    /// all.subscriptions())`.
    struct entry {
        subscription_id id;
        rollcast::subscription& subscription; ///< Not to be moved: `take` it.
    };

    /// The most packets one `drain` hands over, so that a flood cannot hold up the executor.
    static constexpr std::size_t drain_cap = 4096;

    /// Throws `boost::system::system_error` where the process may open no further descriptor.
    explicit receiver(executor_type executor);
    template <detail::execution_context Context>
    explicit receiver(Context& context) : receiver(executor_type(context.get_executor()))
    {
    }
    receiver(receiver&&) noexcept;
    receiver& operator=(receiver&&) noexcept;
    ~receiver();

    executor_type get_executor() const;

    /// Adds a subscription, which is not joined, and returns its id: from 1, never used again.
    /// Errors: what `validate` finds; `duplicate_entry` if a subscription of the same group, port
    /// and sources listens on the same interface, however that was named. An id is not used up
    /// then.
    subscription_id add(subscription_config config, error_code& ec);

    /// Adds a subscription as it is, joined or not, and gives it an id of this receiver. A
    /// subscription that is refused stays the caller's, as it was. Receive from it by the receiver
    /// from now on.
    subscription_id add(subscription&& existing, error_code& ec);

    /// The two above, with an exception for an error.
    subscription_id add(subscription_config config);
    subscription_id add(subscription&& existing);

    /// As `subscription::join` and `leave`; `unknown_id` if there is no subscription of that id. A
    /// receive that waits here learns of what is joined, and goes on whatever is left.
    void join(subscription_id id, error_code& ec);
    void join(subscription_id id);

    void leave(subscription_id id, error_code& ec);
    void leave(subscription_id id);

    bool remove(subscription_id id); ///< Closes the subscription; whether there was one.

    /// Hands a subscription out as it is: joined, bound, with what is queued. None if there is no
    /// subscription of that id.
    std::optional<subscription> take(subscription_id id);

    /// Null if there is none. Valid until it is removed or taken; not to be moved: `take` it.
    subscription* find(subscription_id id);
    std::size_t size() const;

    /// All subscriptions, in the order of their ids, as of now: what is added later is not among
    /// them. Each is valid until it is removed or taken, which may happen in a loop over them.
    std::vector<entry> subscriptions();

    /// Waits for the next packet of any subscription; `packet::subscription` tells which.
    ///
    /// The packet is valid until the next receive from that subscription. A subscription that fails
    /// ends the receive with its error, once; `failed()` tells which, and the others go on with the
    /// next call. Where no subscription is joined it waits for one that will be.
    /// Errors: `receive_in_progress`, `operation_aborted`, or a socket's.
    /// Cancellation: terminal, partial, total; no packet is lost by it.
    asio::awaitable<packet> recv();

    template <asio::completion_token_for<receive_signature> Token>
    auto recv(Token&& token)
    {
        return detail::initiate(*this, &receiver::start_recv, token);
    }

    /// The same with what one subscription has ready, as `subscription::recv_batch` takes it: a
    /// batch never has packets of two subscriptions.
    asio::awaitable<std::size_t> recv_batch(batch& into);

    template <asio::completion_token_for<batch_signature> Token>
    auto recv_batch(batch& into, Token&& token)
    {
        return detail::initiate(*this, &receiver::start_recv_batch, token, &into);
    }

    /// A packet that is already here; none with `would_block` if all queues are empty, and none
    /// without an error if foreign datagrams were discarded and more may wait.
    std::optional<packet> try_recv_any(error_code& ec);

    /// The same with an exception for an error; empty queues are none.
    std::optional<packet> try_recv_any();

    /// Hands over the packets that are already here, in turn, at most `cap` and never more than
    /// `drain_cap`. Waits for none; empty queues are no error. A packet is valid until `each`
    /// returns. Stops at an error, after the packets that were handed over so far.
    ///
    ///     while (all.drain(use, ec).more) // let the executor do other work in between
    drained drain(std::function<void(packet const&)> const& each, error_code& ec,
                  std::size_t cap = drain_cap);

    /// As `subscription::membership_changed`, for all; `membership_event::subscription` tells
    /// which. Events of a subscription in a receiver are read from the receiver, and no longer from
    /// the subscription. It waits also while nothing is joined, so there is no `not_joined`.
    asio::awaitable<membership_event> membership_changed();

    template <asio::completion_token_for<membership_signature> Token>
    auto membership_changed(Token&& token)
    {
        return detail::initiate(*this, &receiver::start_membership_changed, token);
    }

    /// An event that was not read yet; looks after interfaces, as a receive does.
    std::optional<membership_event> try_membership_changed();

    /// As `subscription::enable_metrics`, for what goes through the receiver from now on.
    metrics::receiver_reader enable_metrics();

    /// The subscription that the last error of a receive came from, 0 if there was none.
    subscription_id failed() const;

private:
    struct state;

    void start_recv(asio::any_completion_handler<receive_signature> handler);
    void start_recv_batch(asio::any_completion_handler<batch_signature> handler, batch* into);
    void start_membership_changed(asio::any_completion_handler<membership_signature> handler);

    detail::shared_state<state> state_;
};

// As text, for people.
ROLLCAST_EXPORT std::string to_string(receiver::drained const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver::drained const& value);

} // namespace rollcast
