// SPDX-License-Identifier: BSL-1.0
#include "net/resources.hpp"

#include "os/descriptors.hpp"
#include "os/interfaces.hpp"

namespace rollcast::net {

std::size_t free_descriptors()
{
    return os::free_descriptors();
}

std::vector<unsigned> default_route_interfaces()
{
    auto routes = os::default_route_interfaces();
    return routes ? std::move(*routes) : std::vector<unsigned>();
}

} // namespace rollcast::net
