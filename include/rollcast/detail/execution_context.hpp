// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>

namespace rollcast {

namespace asio = boost::asio;

namespace detail {

/// An `io_context` or a `thread_pool`, which may stand wherever an object takes an executor, as
/// with the objects of Asio. An executor itself is none, so that constructors for both can be told
/// apart.
template <class T>
concept execution_context = std::convertible_to<T&, asio::execution_context&> &&
                            std::convertible_to<typename T::executor_type, asio::any_io_executor>;

} // namespace detail
} // namespace rollcast
