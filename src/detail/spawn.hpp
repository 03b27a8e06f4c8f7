// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>

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

/// A cancellation may come before the coroutine has begun, where co_spawn would throw out of the
/// event loop or forget it; and after the operation, when the caller's signal may be gone.
struct early_cancellation {
    asio::cancellation_signal signal{};
    asio::cancellation_type pending = asio::cancellation_type::none;
    bool begun = false;

    void emit(asio::cancellation_type type)
    {
        if (begun)
            signal.emit(type);
        else
            pending = pending | type;
    }
};

/// co_spawn lets only terminal cancellation through; our operations honour the milder kinds too.
template <class T>
asio::awaitable<T> cancellable(asio::awaitable<T> body, std::shared_ptr<early_cancellation> early)
{
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    if (early) {
        early->begun = true;
        if (early->pending != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
    co_return co_await std::move(body);
}

/// Runs the awaitable form of an operation for a caller who brought a completion token.
template <class Result, class... Values>
void spawn(asio::any_io_executor const& executor, asio::awaitable<Result> body,
           asio::any_completion_handler<void(error_code, Values...)> handler)
{
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto const where = asio::get_associated_executor(handler, executor);
    std::shared_ptr<early_cancellation> early;
    asio::cancellation_slot inner;
    if (slot.is_connected()) {
        early = std::make_shared<early_cancellation>();
        inner = early->signal.slot();
        slot.assign([early, executor](asio::cancellation_type type) {
            asio::dispatch(executor, [early, type] { early->emit(type); });
        });
    }
    auto complete = [early, handler = std::move(handler)](std::exception_ptr failure,
                                                          Values... values) mutable {
        std::move(handler)(to_error_code(failure), std::move(values)...);
    };
    asio::co_spawn(
        executor, cancellable(std::move(body), early),
        asio::bind_cancellation_slot(inner, asio::bind_executor(where, std::move(complete))));
}

} // namespace rollcast::detail
