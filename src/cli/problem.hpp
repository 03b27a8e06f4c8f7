// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <stdexcept>
#include <string>

namespace rollcast::cli {

/// Exit statuses, as scripts know them.
enum status : int { done = 0, failed = 1, wrong_usage = 2 };

/// Ends the program with one line on standard error: "rollcast: what: why".
class problem : public std::runtime_error {
public:
    problem(cli::status status, std::string const& what, std::string const& why)
        : problem(status, what + ": " + why)
    {
    }
    problem(cli::status status, std::string const& line) : std::runtime_error(line), status_(status)
    {
    }

    cli::status status() const noexcept { return status_; }

private:
    cli::status status_;
};

/// Nobody reads standard output any more, as behind a `head` that has seen enough. It ends the
/// program as SIGPIPE would, without a word.
class unread : public problem {
public:
    unread() : problem(failed, "standard output", "nobody reads it any more") {}
};

/// Says a line on standard error; where that cannot be, there is nobody left to tell.
void complain(std::string const& line) noexcept;

/// The error in words that name what to do on the command line.
std::string explain(error_code const& ec);

} // namespace rollcast::cli
