// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>

#include <cerrno>

namespace rollcast::os {

inline boost::system::error_code last_error() noexcept
{
    return {errno, boost::system::system_category()};
}

} // namespace rollcast::os
