// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <concepts>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rollcast::test {

/// How long anything in a test may take before it counts as hanging.
inline constexpr std::chrono::seconds patience{5};

/// Runs the context until the condition holds; throws instead of hanging.
template <std::predicate Condition>
void run_until(asio::io_context& context, Condition const& holds,
               std::chrono::seconds limit = patience)
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    context.restart();
    while (!holds())
        if (context.run_one_until(deadline) == 0)
            throw std::runtime_error("what the test waits for did not happen");
}

/// The same for what comes about without any context, such as the kernel's view of a cable.
template <std::predicate Condition>
void poll_until(Condition const& holds, std::chrono::seconds limit = patience)
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("what the test waits for did not happen");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// Runs everything that is ready now, and waits for nothing.
inline void run_ready(asio::io_context& context)
{
    context.restart();
    context.poll();
}

template <class T>
bool is_ready(std::future<T> const& value)
{
    return value.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

template <class T>
T result_of(asio::io_context& context, std::future<T> value, std::chrono::seconds limit = patience)
{
    run_until(context, [&] { return is_ready(value); }, limit);
    return value.get();
}

/// Runs one coroutine to its end, and hands on what it returns or throws.
template <class T>
T run(asio::io_context& context, asio::awaitable<T> body, std::chrono::seconds limit = patience)
{
    return result_of(context, asio::co_spawn(context, std::move(body), asio::use_future), limit);
}

/// The same for a lambda, which lives until its coroutine has ended.
template <std::invocable Body>
auto run(asio::io_context& context, Body const& body, std::chrono::seconds limit = patience)
{
    return run(context, body(), limit);
}

/// The code of the system_error that the call throws, or success.
template <std::invocable Call>
error_code failure_of(Call const& call)
{
    try {
        call();
    } catch (boost::system::system_error const& failure) {
        return failure.code();
    }
    return {};
}

} // namespace rollcast::test
