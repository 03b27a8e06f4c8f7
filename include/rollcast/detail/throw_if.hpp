// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/system/system_error.hpp>

namespace rollcast::detail {

/// For the forms of functions without an `ec`: `what` names the operation, and begins the
/// message.
inline void throw_if(error_code const& ec, char const* what)
{
    if (ec)
        throw boost::system::system_error(ec, what);
}

} // namespace rollcast::detail
