// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/execution_context.hpp>
#include <rollcast/detail/initiate.hpp>
#include <rollcast/detail/shared_state.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace rollcast {

/// Sends to several groups, to one of them by its id or to all at once.
///
/// Destroying or replacing a sender ends pending operations with `operation_aborted`; one that was
/// moved from behaves as a publication does. Threads: as a publication.
class ROLLCAST_EXPORT sender {
public:
    using executor_type = asio::any_io_executor;
    using send_signature = publication::send_signature;
    using fan_out_signature = void(error_code, std::span<delivery const>);

    /// A publication, and its id here. As `for (auto const& [id, pub] : all.publications())`.
    struct entry {
        publication_id id;
        rollcast::publication& publication; ///< Not to be moved: `take` it.
    };

    explicit sender(executor_type executor);
    template <detail::execution_context Context>
    explicit sender(Context& context) : sender(executor_type(context.get_executor()))
    {
    }
    sender(sender&&) noexcept;
    sender& operator=(sender&&) noexcept;
    ~sender();

    executor_type get_executor() const;

    /// Opens a publication and returns its id: from 1, never used again. Errors: those of
    /// `publication::open`, and `duplicate_entry` for a configuration that is there already. An id
    /// is not used up then.
    publication_id add(publication_config config, error_code& ec);

    /// Adds a publication as it is, open or not, and gives it an id of this sender. One that is
    /// refused stays the caller's, as it was.
    publication_id add(publication&& existing, error_code& ec);

    /// Either, with an exception for an error.
    publication_id add(publication_config config);
    publication_id add(publication&& existing);

    /// Opens another publication in the place of that one, which is closed then and keeps nothing
    /// but its id: what still waited to be sent by it ends with `operation_aborted`. A source port
    /// passes on where both configurations name the same.
    ///
    /// Errors: those of `add`, where the configuration may be that of the old one, and
    /// `unknown_id`; the old one stays as it was then.
    void replace_publication(publication_id id, publication_config config, error_code& ec);
    void replace_publication(publication_id id, publication_config config);

    bool remove(publication_id id); ///< Closes it; whether there was one.

    /// Hands a publication out as it is: open, bound.
    std::optional<publication> take(publication_id id);

    publication* find(publication_id id); ///< Null if there is none.
    std::size_t size() const;

    /// All of them, in the order of their ids, as of now: what is added later is not among them.
    /// Each is valid until it is removed, taken or replaced, which may happen while they are
    /// walked.
    std::vector<entry> publications();

    /// As `publication::enable_metrics`, for what goes through the sender from now on.
    metrics::sender_reader enable_metrics();

    /// As `publication::send`; `unknown_id` if there is none of that id.
    asio::awaitable<send_report> send(publication_id id, asio::const_buffer payload);

    template <asio::completion_token_for<send_signature> Token>
    auto send(publication_id id, asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &sender::start_send, token, id, payload);
    }

    send_report try_send(publication_id id, asio::const_buffer payload, error_code& ec);

    /// Sends one datagram by every publication, and goes on where one fails.
    ///
    /// Completes with what became of each, in the order of ids, valid until the next `send_all`;
    /// waits for those whose send buffer is full, after the others have sent. Errors:
    /// `operation_aborted`; those of the publications are in the deliveries. Cancellation:
    /// terminal, partial, total; what had been sent by then stays sent.
    asio::awaitable<std::span<delivery const>> send_all(asio::const_buffer payload);

    template <asio::completion_token_for<fan_out_signature> Token>
    auto send_all(asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &sender::start_send_all, token, payload);
    }

    /// The same at once: `would_block` for those whose send buffer is full.
    std::span<delivery const> try_send_all(asio::const_buffer payload);

private:
    struct state;

    void start_send(asio::any_completion_handler<send_signature> handler, publication_id id,
                    asio::const_buffer payload);
    void start_send_all(asio::any_completion_handler<fan_out_signature> handler,
                        asio::const_buffer payload);

    detail::shared_state<state> state_;
};

} // namespace rollcast
