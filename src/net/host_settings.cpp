// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/host_settings.hpp>

#include "os/host_settings.hpp"

namespace rollcast::net {

std::optional<reverse_path_filter> filter_of(std::string const& interface)
{
    return os::filter_of(interface);
}

std::optional<std::uint64_t> largest_receive_buffer()
{
    return os::largest_receive_buffer();
}

std::optional<int> igmp_version(std::string const& interface)
{
    return os::igmp_version(interface);
}

std::vector<port_owner> owners_of(port_type port)
{
    return os::owners_of(port);
}

} // namespace rollcast::net
