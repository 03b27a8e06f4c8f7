// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace rollcast::cli {

namespace asio = boost::asio;

/// The lines of standard input, read one at a time and only when asked for.
///
/// A thread reads: a terminal must not be made non-blocking, since it is shared with the shell.
class input_lines {
public:
    /// In bytes; of a longer line the rest is read and forgotten. It is more than any command
    /// takes.
    static constexpr std::size_t longest = 1 << 20;

    /// Throws a problem where no thread can be made.
    explicit input_lines(asio::any_io_executor executor);

    /// Ends the thread, whatever it waits for.
    ~input_lines();
    input_lines(input_lines const&) = delete;
    input_lines& operator=(input_lines const&) = delete;

    /// The next line without its end; none at the end of the input. Throws a problem where it
    /// cannot be read. Cancellation: any; the line being read is then given to the next call.
    asio::awaitable<std::optional<std::string>> next();

private:
    struct state;
    struct reader;

    void ask();

    std::shared_ptr<state> state_;
    std::unique_ptr<reader> reader_;
    std::thread thread_;
};

} // namespace rollcast::cli
