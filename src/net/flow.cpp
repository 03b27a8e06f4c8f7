// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/endpoint.hpp>

namespace rollcast::net {

std::string to_string(flow const& value)
{
    return value.source.to_string() + " > " + to_string(value.group, value.port);
}

} // namespace rollcast::net
