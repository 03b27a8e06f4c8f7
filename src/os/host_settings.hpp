// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/host_settings.hpp>

namespace rollcast::os {

std::optional<net::reverse_path_filter> filter_of(std::string const& interface);
std::optional<std::uint64_t> largest_receive_buffer();
std::optional<int> igmp_version(std::string const& interface);
std::vector<net::port_owner> owners_of(net::port_type port);

} // namespace rollcast::os
