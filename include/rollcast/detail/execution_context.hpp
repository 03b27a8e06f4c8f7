// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>

namespace rollcast {

namespace asio = boost::asio;

namespace detail {

/// An `io_context` and its like, which may stand wherever an object takes an executor.
template <class T>
concept execution_context = std::convertible_to<T&, asio::execution_context&> &&
                            std::convertible_to<typename T::executor_type, asio::any_io_executor>;

} // namespace detail
} // namespace rollcast
