// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>

// When an operation may take something: a datagram from the kernel, an event from a queue.
//
// A coroutine thread is what co_spawn, `||` or a completion token launches, with all the coroutines
// that it awaits. As long as no handler has resumed it since its launch, co_spawn posts its
// completion instead of completing at once. Between the two a rival may win, and what the thread
// has taken would be lost without an error. So an operation takes only in a step that completes it:
// in a thread that was just launched it posts first.
//
// Asio does not tell whether a thread was just launched, so an operation that a handler has resumed
// leaves a mark in the thread's cancellation slot. A launched thread has a slot of its own, and
// what is in there does not outlive it: where the mark still is, the thread has been resumed
// before. Any operation that uses the slot removes the mark, which costs the next one a post and
// nothing else.
//
// A thread whose slot is not connected cannot be cancelled, so it has no rivals and loses nothing.
// Its completion may still be posted, which matters to results that look into the storage of the
// object: see `step`.
//
// Which operation does what:
//  - receives and answers (`recv`, `recv_batch`, `recv_reply`) take at once where they may;
//  - sends do, too: a datagram that has left cannot be reported as cancelled;
//  - what is rare (events, reports of interfaces) always posts first, and needs no mark.

namespace rollcast::detail {

/// How an operation begins. With a completion token it gets a coroutine thread of its own.
enum class begun { in_coroutine, by_token };

/// Whether nothing can be lost if the thread of this state takes without having posted.
[[gnu::hot]] bool may_take_at_once(asio::cancellation_state const& thread);

/// To be called in a thread that a handler has just resumed.
[[gnu::hot]] void mark_resumed(asio::cancellation_state const& thread);

/// To be called after every resumption, before anything is taken: the loser of a race resumes too.
inline void throw_if_cancelled(asio::cancellation_state const& state, char const* what)
{
    bool const cancelled = state.cancelled() != asio::cancellation_type::none;
    throw_if(cancelled ? error_code(asio::error::operation_aborted) : error_code{}, what);
}

} // namespace rollcast::detail
