// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "allocation/counting.hpp"
#include "support/run.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <stdexcept>

// Asio keeps what it has allocated only within one run() of the context, so all rounds are one.

namespace rollcast::test {

inline constexpr int warm_up_rounds = 100;
inline constexpr int counted_rounds = 200;

/// A round of the test: does what is measured, and tells how many packets it was.
using round = std::function<asio::awaitable<std::size_t>()>;

struct outcome_of_rounds {
    std::size_t packets = 0;
    std::size_t allocated = 0; ///< After the warm-up.
};

inline asio::awaitable<void> repeat(round const& one, outcome_of_rounds& outcome)
{
    std::size_t before = 0;
    for (int i = 0; i < warm_up_rounds + counted_rounds; ++i) {
        if (i == warm_up_rounds)
            before = allocations();
        outcome.packets += co_await one();
    }
    outcome.allocated = allocations() - before;
}

inline outcome_of_rounds run_rounds(asio::io_context& context, round const& one)
{
    outcome_of_rounds outcome;
    asio::steady_timer limit(context, patience);
    limit.async_wait([&](error_code cancelled) {
        if (!cancelled)
            context.stop();
    });
    std::exception_ptr failure = std::make_exception_ptr(std::runtime_error("it hangs"));
    asio::co_spawn(context, repeat(one, outcome), [&](std::exception_ptr ended) {
        failure = ended;
        limit.cancel();
    });
    context.restart();
    context.run();
    if (failure)
        std::rethrow_exception(failure);
    return outcome;
}

} // namespace rollcast::test
