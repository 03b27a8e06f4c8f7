// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>

#include <boost/assert/source_location.hpp>

#include <iosfwd>
#include <string>
#include <utility>

namespace rollcast {

/// An error code and a text about it: the value that is wrong, and what would be right.
///
///     auto const group = net::group::parse(text);
///     if (!group)
///         std::cerr << group.error() << '\n'; // or group.value(), which throws the same text
///
/// Wherever an `error_code` is expected an explained error is its code. The text is for people, and
/// may change; `result::value()` throws it as the `what()` of a `boost::system::system_error` with
/// the same code.
class ROLLCAST_EXPORT explained_error : public error_code {
public:
    explained_error() = default;
    template <class Enum>
        requires boost::system::is_error_code_enum<Enum>::value
    explained_error(Enum value) noexcept : error_code(value)
    {
    }
    /// Explicit, so that `found ? error_code{} : found.error()` is an `error_code`.
    explicit explained_error(error_code const& code) noexcept : error_code(code) {}
    explained_error(error_code const& code, std::string text) noexcept
        : error_code(code), text_(std::move(text))
    {
    }

    /// The value, what is wrong with it, and what would be right; the plain message of the code
    /// where no more is known.
    std::string message() const;
    std::string what() const { return message(); }

private:
    std::string text_{};
};

/// A value, or an error that tells which value it is about. Converts to `result<T>`, which keeps
/// the code alone.
template <class T>
using explained_result = result<T, explained_error>;

/// The message, without a name or number of the code.
ROLLCAST_EXPORT std::string to_string(explained_error const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, explained_error const& value);

/// What `result::value()` calls; found by argument-dependent lookup.
[[noreturn]] ROLLCAST_EXPORT void throw_exception_from_error(explained_error const& problem,
                                                             boost::source_location const& where);

} // namespace rollcast
