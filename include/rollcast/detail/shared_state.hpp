// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/throw_if.hpp>

#include <boost/asio/error.hpp>

#include <memory>
#include <utility>

namespace rollcast::detail {

/// What an object shares with its pending operations, so that it may be moved or destroyed while
/// they wait; nothing after it was moved from. Using the object then throws `bad_descriptor`, as a
/// socket that was moved from does. To ask whether it holds anything throws nothing.
template <class State>
class shared_state {
public:
    shared_state(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

    explicit operator bool() const noexcept { return state_ != nullptr; }
    State* operator->() const { return shared().get(); }
    State& operator*() const { return *shared(); }
    operator std::shared_ptr<State> const&() const { return shared(); }

    /// For an operation that begins, to keep what it works on.
    std::shared_ptr<State> const& shared() const
    {
        throw_if(state_ ? error_code{} : error_code(asio::error::bad_descriptor), "moved from");
        return state_;
    }

private:
    std::shared_ptr<State> state_;
};

} // namespace rollcast::detail
