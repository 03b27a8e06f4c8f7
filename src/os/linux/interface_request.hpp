// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string>

#include <net/if.h>

namespace rollcast::os {

/// A question about the interface of that name. A name of more than 15 characters is cut: check the
/// length of names that the program was given.
inline ifreq request_for(std::string const& name) noexcept
{
    ifreq request{};
    auto const length = std::min(name.size(), sizeof request.ifr_name - 1);
    std::copy_n(name.begin(), length, request.ifr_name);
    return request;
}

} // namespace rollcast::os
