// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart/instance.hpp>

#include <algorithm>

namespace rollcast {

std::optional<net::port_type> instance::port(std::string_view name) const
{
    auto const found = std::ranges::find(services, name, &service::name);
    return found == services.end() ? std::nullopt : std::optional(found->port);
}

std::optional<net::port_type> instance::port(std::size_t nth) const
{
    return nth < service_ports.size() ? std::optional(service_ports[nth]) : std::nullopt;
}

} // namespace rollcast
