// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace rollcast {

/// Sends to several groups, to one of them by its id or to all at once. It owns its publications.
///
///     rollcast::sender all(context);
///     auto const id = all.add(config);
///     for (auto const& [report, error] : co_await all.send_all(payload))
///         std::cout << report.publication << ": " << error.message() << '\n';
///
/// Destroying or replacing a sender closes its publications and ends pending operations with
/// `operation_aborted`; a sender that was moved from behaves as such a publication does. Threads:
/// as a publication.
class ROLLCAST_EXPORT sender {
public:
    using executor_type = asio::any_io_executor;
    using send_signature = publication::send_signature;
    using fan_out_signature = void(error_code, std::span<delivery const>);

    /// A publication, and its id in this sender. As `for (auto const& [id, pub] :
    /// all.publications())`.
    struct entry {
        publication_id id;
        rollcast::publication& publication; ///< Do not move it away: `take` it.
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

    /// Opens a publication on the sender's executor and returns its id: from 1, never used again.
    ///
    /// Errors: those of `publication::open`, and `duplicate_entry` where a publication of the
    /// sender has the same configuration in every member. The id is 0 then, and none is used up.
    publication_id add(publication_config config, error_code& ec);

    /// Adds a publication as it is, open or not, and gives it an id of this sender. Its executor
    /// and counters stay. A publication that is refused (`duplicate_entry`) stays the caller's.
    publication_id add(publication&& existing, error_code& ec);

    /// The same two, with an exception for an error.
    publication_id add(publication_config config);
    publication_id add(publication&& existing);

    /// Opens another publication in the place of the one with that id, which is closed. Only the id
    /// stays: counters begin anew, and sends that still waited end with `operation_aborted`. The
    /// source port passes on where both configurations name the same.
    ///
    /// Errors: those of `add`, where the configuration may be that of the old publication, and
    /// `unknown_id`; the old publication stays as it was then.
    void replace_publication(publication_id id, publication_config config, error_code& ec);
    void replace_publication(publication_id id, publication_config config);

    bool remove(publication_id id); ///< Closes the publication; whether there was one.

    /// Hands a publication out of the sender as it is: open, with its port and counters. None where
    /// no publication has the id.
    std::optional<publication> take(publication_id id);

    /// Null if no publication has the id. Valid until the publication is removed or taken;
    /// replaced, it is the new one. What is sent by it directly is not in the metrics of the
    /// sender.
    publication* find(publication_id id);
    std::size_t size() const;

    /// All publications, in the order of their ids, as of now: those added later are not among
    /// them. Each entry is valid until its publication is removed or taken, which may happen while
    /// the entries are walked.
    std::vector<entry> publications();

    /// As `publication::enable_metrics`, for what goes through the sender from now on; what went
    /// through it before is not counted.
    metrics::sender_reader enable_metrics();

    /// As `publication::send`; `unknown_id` if no publication has the id.
    asio::awaitable<send_report> send(publication_id id, asio::const_buffer payload);

    template <asio::completion_token_for<send_signature> Token>
    auto send(publication_id id, asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &sender::start_send, token, id, payload);
    }

    /// As `publication::try_send`, and `unknown_id`.
    send_report try_send(publication_id id, asio::const_buffer payload, error_code& ec);

    /// Sends one datagram by every publication, and goes on where one fails.
    ///
    /// Completes with what became of each, in the order of ids; waits for publications whose send
    /// buffer is full, one after the other, after the rest have sent. The deliveries lie in the
    /// sender: they are valid until the next `send_all` or `try_send_all` and as long as the
    /// sender.
    ///
    /// Errors: `operation_aborted`; those of the publications are in the deliveries. Cancellation:
    /// terminal, partial, total; datagrams that had been sent by then stay sent, without a report.
    /// @param payload  At most `max_payload` bytes; must outlive the operation.
    asio::awaitable<std::span<delivery const>> send_all(asio::const_buffer payload);

    template <asio::completion_token_for<fan_out_signature> Token>
    auto send_all(asio::const_buffer payload, Token&& token)
    {
        return detail::initiate(*this, &sender::start_send_all, token, payload);
    }

    /// The same at once: `would_block` for publications whose send buffer is full.
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
