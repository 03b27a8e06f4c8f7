// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/same_boost.hpp>
#include <rollcast/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>

#include <utility>

namespace rollcast::detail {

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

} // namespace rollcast::detail
