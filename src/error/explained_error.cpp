// SPDX-License-Identifier: BSL-1.0
#include <rollcast/error.hpp>

#include "error/explanation.hpp"

#include <ostream>

namespace rollcast {

std::string explained_error::message() const
{
    return text_.empty() ? detail::message_of(*this) : text_;
}

std::string to_string(explained_error const& value)
{
    return value.message();
}

std::ostream& operator<<(std::ostream& out, explained_error const& value)
{
    return out << value.message();
}

void throw_exception_from_error(explained_error const& problem, boost::source_location const&)
{
    detail::throw_explained(problem, problem.message());
}

} // namespace rollcast
