// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace rollcast::bench {

/// Runs one coroutine to its end, and throws what it throws.
inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> body)
{
    std::exception_ptr failure;
    boost::asio::co_spawn(context, std::move(body),
                          [&](std::exception_ptr thrown) { failure = thrown; });
    context.restart();
    context.run();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace rollcast::bench
