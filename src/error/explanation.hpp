// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// How errors are put into words: "VALUE: what is wrong (facts); what would be right".

namespace rollcast::detail {

/// What is wrong and what would be right, without the value; also for the errors of the system that
/// a remedy is known for.
std::string message_of(error_code const& ec);

/// @param subject  The value the error is about; none if empty.
/// @param facts    What is the case instead, such as "there are: lo, eth0"; none if empty.
std::string explanation(std::string const& subject, error_code const& ec,
                        std::string const& facts = {});

/// "1 port", "3 ports"
std::string counted(std::uint64_t number, char const* one, char const* many);

/// Readable, and in quotation marks.
std::string abridged(std::string_view text);

std::string joined(std::span<std::string const> all); ///< "lo, eth0"

bool is_cancellation(error_code const& ec) noexcept; ///< `operation_aborted`

/// Throws a `boost::system::system_error` of this code whose `what()` is the text alone.
[[noreturn]] void throw_explained(error_code const& ec, std::string const& text);

/// The same for what a function met: "join: eht0: no such interface ...".
[[noreturn]] void throw_explained(error_code const& ec, char const* function,
                                  std::string const& text);

/// Throws if there is an error, with what `explain` says of it; that is not asked where the error
/// is no more than the end of what was cancelled.
template <class Explain>
void throw_if(error_code const& ec, char const* function, Explain const& explain)
{
    if (ec)
        throw_explained(ec, function, is_cancellation(ec) ? ec.message() : explain(ec));
}

} // namespace rollcast::detail
