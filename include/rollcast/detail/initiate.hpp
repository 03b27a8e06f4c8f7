// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/same_boost.hpp>
#include <rollcast/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <memory>
#include <utility>

namespace rollcast {

namespace asio = boost::asio;

} // namespace rollcast

namespace rollcast::detail {

/// An `io_context` or a `thread_pool`, which may stand wherever an object takes an executor, as
/// with the objects of Asio. An executor itself is none, so that constructors for both can be told
/// apart.
template <class T>
concept execution_context = std::convertible_to<T&, asio::execution_context&> &&
                            std::convertible_to<typename T::executor_type, asio::any_io_executor>;

/// What starts an operation for a completion token, as `async_initiate` calls it. Tokens such as
/// `cancel_after` ask it for the executor, to have a timer of their own.
template <class Signature, class Object, class... Parameters>
struct initiation {
    using executor_type = typename Object::executor_type;
    using handler_type = asio::any_completion_handler<Signature>;

    executor_type get_executor() const { return object->get_executor(); }

    /// Here the type of the handler ends: everything behind this is compiled once.
    template <class Handler, class... Arguments>
    void operator()(Handler&& handler, Arguments&&... arguments) const
    {
        (object->*start)(handler_type(std::forward<Handler>(handler)),
                         std::forward<Arguments>(arguments)...);
    }

    Object* object; ///< Not owned, and not moved along when the object is.
    void (Object::*start)(handler_type, Parameters...);
};

/// Hands a completion token to a compiled member function as a type-erased handler. The object
/// must be alive when the operation starts, which for `deferred` is when it is awaited. Arguments
/// are copied, so that they may be gone by then.
template <class Signature, class Object, class Token, class... Parameters, class... Arguments>
auto initiate(Object& object,
              void (Object::*start)(asio::any_completion_handler<Signature>, Parameters...),
              Token& token, Arguments... arguments)
{
    return asio::async_initiate<Token, Signature>(
        initiation<Signature, Object, Parameters...>{&object, start}, token,
        std::move(arguments)...);
}

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
