// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/execution_context.hpp>
#include <rollcast/detail/initiate.hpp>
#include <rollcast/detail/shared_state.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/send/pace.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>

namespace rollcast {

/// Waits so that so many datagrams, or bytes, a second go on average (see `pace`):
///
///     rollcast::pacer pacer(context, 1000); // a second
///     ...
///     co_await pacer.turn();
///     co_await pub.send(payload);
///
/// For batches `turn(batch.size())`; for bytes a rate in bytes, and `turn(bytes)`. After a
/// pause what is due goes at once, up to a tenth of a second's worth (`pace::longest_debt`).
///
/// Destroying or replacing a pacer ends the turns that wait with `operation_aborted`. A pacer that
/// was moved from can be destroyed and assigned to, and anything else throws `bad_descriptor`.
///
/// Threads: call from the object's executor; give it a strand if several threads run it.
class ROLLCAST_EXPORT pacer {
public:
    using executor_type = asio::any_io_executor;
    using turn_signature = void(error_code);

    /// @param per_second  Above 0 and at most 1e12, or `invalid_rate` is thrown.
    pacer(executor_type executor, double per_second);
    template <detail::execution_context Context>
    pacer(Context& context, double per_second)
        : pacer(executor_type(context.get_executor()), per_second)
    {
    }
    pacer(pacer&&) noexcept;
    pacer& operator=(pacer&&) noexcept;
    ~pacer();

    executor_type get_executor() const;

    double per_second() const;

    /// Another rate from now on; turns that wait already keep their times. Throws `invalid_rate`.
    void set_rate(double per_second);

    /// Waits until `count` datagrams or bytes may go. Several turns may wait at a time; each gets
    /// its place when it begins.
    ///
    /// Where they are due a coroutine goes on at once, without giving way to the executor.
    /// Errors: `operation_aborted`. Cancellation: terminal, partial, total; the turn is given back
    /// then, as with `pace::give_back`.
    asio::awaitable<void> turn(std::uint64_t count = 1);

    template <asio::completion_token_for<turn_signature> Token>
    auto turn(std::uint64_t count, Token&& token)
    {
        return detail::initiate(*this, &pacer::start_turn, token, count);
    }

private:
    struct state;

    void start_turn(asio::any_completion_handler<turn_signature> handler, std::uint64_t count);

    detail::shared_state<state> state_;
};

} // namespace rollcast
