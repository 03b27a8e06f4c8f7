// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace rollcast::cli {

namespace asio = boost::asio;

/// The lines of standard input, read one at a time and only when asked for.
///
/// A thread reads: a terminal must not be made non-blocking, since it is shared with the shell.
class input_lines {
public:
    explicit input_lines(asio::any_io_executor executor);
    ~input_lines();

    /// The next line without its end; none at the end of the input. Throws a problem where it
    /// cannot be read. Cancellation: any; the line being read is then given to the next call.
    asio::awaitable<std::optional<std::string>> next();

private:
    struct state;
    struct reader;

    void ask();

    std::shared_ptr<state> state_;
    std::shared_ptr<reader> reader_;
};

} // namespace rollcast::cli
