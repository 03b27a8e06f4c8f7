// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <exception>
#include <type_traits>
#include <utility>

namespace rollcast {

namespace detail {
template <class Function>
struct watched;
}

/// The type of `rethrow`.
struct rethrow_t {
    template <class... Results>
    void operator()(std::exception_ptr const& failure, Results const&...) const
    {
        pass_on(failure);
    }

private:
    template <class Function>
    friend struct detail::watched;

    /// Throws the failure on, unless it is how operations end in order.
    ROLLCAST_EXPORT static void pass_on(std::exception_ptr const& failure);

    /// Throws what a coroutine has thrown, without what only comes of its own cancellation.
    [[noreturn]] ROLLCAST_EXPORT static void end(std::exception_ptr const& failure,
                                                 bool was_cancelled);
};

namespace detail {

template <class T>
inline constexpr bool is_awaitable = false;
template <class T, class Executor>
inline constexpr bool is_awaitable<asio::awaitable<T, Executor>> = true;

template <class T>
concept coroutine_function = std::invocable<T&> && is_awaitable<std::invoke_result_t<T&>>;

/// What `co_spawn` starts instead of a function, since only inside of a coroutine one can know
/// whether the coroutine has been cancelled.
template <class Function>
struct watched {
    Function function;

    auto operator()() { return run<std::invoke_result_t<Function&>>(std::move(function)); }

private:
    template <class Awaitable>
    static Awaitable run(Function body)
    {
        std::exception_ptr failure;
        try {
            co_return co_await body();
        } catch (...) {
            failure = std::current_exception();
        }
        auto const state = co_await asio::this_coro::cancellation_state;
        rethrow_t::end(failure, state.cancelled() != asio::cancellation_type::none);
    }
};

/// Wraps a coroutine function. Binders of newer Boosts hand over other arguments of `co_spawn` as
/// well, which stay as they are.
template <class Argument>
auto watch(Argument&& argument)
{
    using argument_type = std::decay_t<Argument>;
    if constexpr (coroutine_function<argument_type>)
        return watched<argument_type>{std::forward<Argument>(argument)};
    else
        return argument_type(std::forward<Argument>(argument));
}

} // namespace detail

/// A completion handler for `co_spawn`, of coroutines with any result, which is dropped: what they
/// throw leaves `io_context::run()`, where `detached` would swallow it. The context can be run
/// again afterwards.
///
///     asio::co_spawn(context, chart.maintain(), rollcast::rethrow);
///
/// An end that was asked for is no failure: `operation_aborted` ends what was cancelled, and
/// `error::stopped` ends the wait for a chart that was left. On a `thread_pool` no caller can catch
/// what leaves a thread, and the program is terminated.
///
/// Where both sides of `||` or `&&` fail, one failure is thrown. `a && b` keeps the failure of a,
/// even if b failed first and a was only cancelled for that; the exception then says that there was
/// another failure, not which. A program that has to know spawns a and b one by one.
inline constexpr rethrow_t rethrow{};

} // namespace rollcast

/// Lets `co_spawn` start the coroutine by way of `watched`.
template <class... Results>
class boost::asio::async_result<rollcast::rethrow_t, void(std::exception_ptr, Results...)> {
public:
    using return_type = void;

    template <class Initiation, class... Arguments>
    static void initiate(Initiation&& initiation, rollcast::rethrow_t handler,
                         Arguments&&... arguments)
    {
        std::forward<Initiation>(initiation)(
            std::move(handler), rollcast::detail::watch(std::forward<Arguments>(arguments))...);
    }
};
