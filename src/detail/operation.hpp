// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/throw_if.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

namespace rollcast::detail {

/// Awaited at the start of an operation: whether it runs as part of a coroutine that is under way.
///
/// If not, it was just launched (by `||`, co_spawn or a completion token), and its completion
/// would be posted: between the two another operation may win, and what this one took would be
/// lost. So a launched operation posts first, and takes only in a step that completes it.
using is_under_way = asio::detail::awaitable_thread_has_context_switched;

/// To be called after every resumption, before anything is taken: the loser of a race resumes too.
inline void throw_if_cancelled(asio::cancellation_state const& state, char const* what)
{
    bool const cancelled = state.cancelled() != asio::cancellation_type::none;
    throw_if(cancelled ? error_code(asio::error::operation_aborted) : error_code{}, what);
}

} // namespace rollcast::detail
