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

/// Waits so that so many a second go on average (see `pace`):
///
///     co_await pacer.turn();
///     co_await pub.send(payload);
///
/// For batches `turn(batch.size())`; for bytes a rate in bytes, and `turn(bytes)`. Destroying or
/// replacing a pacer ends what waits with `operation_aborted`; one that was moved from can be
/// destroyed and assigned to, and anything else throws `bad_descriptor`.
///
/// Threads: call from the object's executor; give it a strand if several threads run it.
class ROLLCAST_EXPORT pacer {
public:
    using executor_type = asio::any_io_executor;
    using turn_signature = void(error_code);

    /// Throws `invalid_rate` as `pace` does.
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

    /// Another rate from now on; those that wait already keep their times.
    void set_rate(double per_second);

    /// Waits until the next ones may go, and lets so many pass.
    ///
    /// Completes at once where they are due. Errors: `operation_aborted`. Cancellation: terminal,
    /// partial, total; nobody has passed then.
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
