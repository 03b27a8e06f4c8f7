// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/error.hpp>
#include <rollcast/export.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace rollcast {

/// Reckons when the next units may go, so that there are so many a second on average. A unit is
/// what the program counts: datagrams, bytes, bits. A pace has no clock: hand it what the clock
/// shows. The times that it gives may be waited for (`pacer`), or given to the kernel as launch
/// times:
///
///     rollcast::pace pace(50'000); // datagrams a second
///     auto const when = pace.reserve(1, std::chrono::steady_clock::now());
///     // with `launch_clock::monotonic` in the configuration of `pub`
///     co_await pub.send_at(net::launch_time(when.time_since_epoch()), payload);
///
/// Timers are coarser than a fast pace: what has become due meanwhile may go at once, but nothing
/// older than `longest_debt`, which would be a flood after a pause. A call is some arithmetic and
/// allocates nothing. Threads: one at a time.
class ROLLCAST_EXPORT pace {
public:
    using clock = std::chrono::steady_clock;

    /// A tenth of a second: longer than timers and other programs delay, on a machine that is not
    /// overloaded, and too short for a burst that fills the queues of a network.
    static constexpr auto longest_debt = std::chrono::milliseconds(100);

    /// Throws `invalid_rate` unless the rate is above 0 and at most 1e12 units a second.
    explicit pace(double per_second);

    double per_second() const noexcept { return per_second_; }

    /// Another rate from now on; units that were reserved before keep their times. Throws
    /// `invalid_rate` as the constructor does, and then keeps the old rate.
    void set_rate(double per_second);

    /// When so many units may go, one after the other or all at once; what is reserved next goes
    /// after them, by `count` / rate later. The first units may go at once. The time may lie before
    /// `now`: then they are due already.
    clock::time_point reserve(std::uint64_t count, clock::time_point now) noexcept;

    /// So many of the units reserved last did not go, and leave their room to the next. Times that
    /// were given out already stay as they are.
    void give_back(std::uint64_t count) noexcept;

private:
    clock::time_point due() const noexcept;
    void begin_at(clock::time_point when) noexcept;

    double per_second_;
    /// Units are counted from here, so that nothing is lost by rounding; none before the first.
    std::optional<clock::time_point> begun_;
    std::uint64_t reserved_ = 0; ///< Units since `begun_`.
};

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
