// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <vector>

namespace rollcast::net {

/// How many more files and sockets this process may open.
std::size_t free_descriptors();

/// The indices of the interfaces that a default route leads to, in either IP version; empty where
/// the system does not tell.
std::vector<unsigned> default_route_interfaces();

} // namespace rollcast::net
