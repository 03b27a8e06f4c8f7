// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>

namespace rollcast::detail {

/// What a coroutine's exception says as an error code; anything but a system_error is rethrown.
inline error_code to_error_code(std::exception_ptr const& failure)
{
    if (!failure)
        return {};
    try {
        std::rethrow_exception(failure);
    } catch (boost::system::system_error const& problem) {
        return problem.code();
    }
}

/// co_spawn lets only terminal cancellation through; our operations honour the milder kinds too.
template <class T>
asio::awaitable<T> cancellable(asio::awaitable<T> body)
{
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_return co_await std::move(body);
}

/// Runs the awaitable form of an operation for a caller who brought a completion token.
template <class Result, class... Values>
void spawn(asio::any_io_executor const& executor, asio::awaitable<Result> body,
           asio::any_completion_handler<void(error_code, Values...)> handler)
{
    auto const slot = asio::get_associated_cancellation_slot(handler);
    auto const where = asio::get_associated_executor(handler, executor);
    auto complete = [handler = std::move(handler)](std::exception_ptr failure,
                                                   Values... values) mutable {
        std::move(handler)(to_error_code(failure), std::move(values)...);
    };
    asio::co_spawn(
        executor, cancellable(std::move(body)),
        asio::bind_cancellation_slot(slot, asio::bind_executor(where, std::move(complete))));
}

} // namespace rollcast::detail
