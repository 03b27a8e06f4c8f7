// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/same_boost.hpp>
#include <rollcast/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>

#include <utility>

namespace rollcast::detail {

/// Hands a completion token to a compiled member function as a type-erased handler. The object
/// must be alive when the operation starts, which for `deferred` is when it is awaited.
template <class Signature, class Object, class Token, class... Parameters, class... Arguments>
auto initiate(Object& object,
              void (Object::*start)(asio::any_completion_handler<Signature>, Parameters...),
              Token& token, Arguments... arguments)
{
    return asio::async_initiate<Token, Signature>(
        [start](auto handler, Object* self, auto... values) {
            (self->*start)(asio::any_completion_handler<Signature>(std::move(handler)),
                           std::move(values)...);
        },
        token, &object, std::move(arguments)...);
}

} // namespace rollcast::detail
