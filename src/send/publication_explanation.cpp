// SPDX-License-Identifier: BSL-1.0
#include "error/explanation.hpp"
#include "net/explanation.hpp"
#include "send/publication_state.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/send.hpp>
#include <rollcast/send/publication_config.hpp>

#include <boost/asio/error.hpp>
#include <fmt/format.h>

namespace rollcast {
namespace {

/// The interface may be named outright, by the source, or by the group's scope id.
std::string explain_interface(publication_config const& config, error_code const& ec)
{
    auto const all = net::list_interfaces();
    auto const among = all ? *all : std::vector<net::interface_info>();
    auto const& group = config.group.address;
    auto const named = config.interface.is_unspecified() && config.source
                           ? net::network_interface(*config.source)
                           : config.interface;
    auto const found = net::resolve_for(group, named, among);
    return !found && found.error() == ec && !named.is_unspecified()
               ? found.error().message()
               : detail::explanation(group.to_string(), ec, net::existing(among));
}

std::string explain_mismatch(publication_config const& config, error_code const& ec)
{
    auto const own = net::resolve(net::network_interface(*config.source));
    auto const named = net::resolve(config.interface);
    if (!own || !named)
        return detail::explanation(
            config.source->to_string() + " for " + to_string(config.interface), ec);
    return fmt::format("{} is an address of interface {} ({}), not of {} ({}); name one of them",
                       config.source->to_string(), own->index, own->name, named->index,
                       named->name);
}

std::vector<std::string> own_addresses(bool v4)
{
    std::vector<std::string> texts;
    if (auto const all = net::list_interfaces())
        for (auto const& interface : *all)
            for (auto const& each : interface.addresses)
                if (each.address.is_v4() == v4)
                    texts.push_back(each.address.to_string());
    return texts;
}

std::string explain_source(publication_config const& config, error_code const& ec)
{
    auto const source = config.source->to_string();
    if (ec == error::source_interface_mismatch)
        return explain_mismatch(config, ec);
    if (ec == error::source_not_local)
        return detail::explanation(
            source, ec, "those are: " + detail::joined(own_addresses(config.source->is_v4())));
    return detail::explanation(source + " for " + config.group.address.to_string(), ec);
}

bool is_about_source(error_code const& ec)
{
    return ec == error::source_interface_mismatch || ec == error::source_not_local ||
           ec == error::source_family_mismatch || ec == error::invalid_source;
}

/// What bind(2) refused: the port or the address the datagrams are to leave from.
bool is_about_binding(error_code const& ec)
{
    return ec == asio::error::address_in_use || ec == asio::error::access_denied ||
           ec == boost::system::errc::address_not_available || ec == error::socket_port_mismatch ||
           ec == error::socket_address_mismatch;
}

std::string bound_to(publication_config const& config)
{
    if (config.source)
        return net::to_string(*config.source, config.source_port);
    return config.source_port == 0 ? to_string(config.group)
                                   : "source port " + std::to_string(config.source_port);
}

/// "239.1.1.1:5000 by eth0 from 10.0.0.1", as far as the configuration gives it.
std::string way(publication_config const& config)
{
    auto text = to_string(config.group);
    if (!config.interface.is_unspecified())
        text += " by " + to_string(config.interface);
    return config.source ? text + " from " + config.source->to_string() : text;
}

} // namespace

std::string explain(publication_config const& config, error_code const& ec)
{
    auto const address = config.group.address.to_string();
    if (net::is_about_interface(ec))
        return explain_interface(config, ec);
    if (is_about_source(ec) && config.source)
        return explain_source(config, ec);
    if (ec == error::interface_mismatch)
        return detail::explanation(to_string(config.interface) + " for " + address, ec);
    if (ec == error::invalid_hop_limit)
        return detail::explanation(std::to_string(config.hop_limit), ec);
    if (ec == error::invalid_dscp)
        return detail::explanation(std::to_string(config.dscp), ec);
    if (ec == error::invalid_priority || ec == error::priority_refused)
        return detail::explanation(std::to_string(config.priority.value_or(0)), ec);
    if (ec == error::device_refused)
        return detail::explanation(detail::abridged(config.device), ec, net::existing());
    if (ec == error::launch_times_refused)
        return detail::explanation(to_string(config.launch_times), ec);
    if (ec == error::not_multicast)
        return detail::explanation(address, ec);
    if (ec == error::interface_required || ec == error::no_multicast_route ||
        ec == error::refused_by_route)
        return detail::explanation(address, ec, net::existing());
    if (is_about_binding(ec))
        return net::explain_port(bound_to(config), config.source_port, ec);
    bool const is_ours = ec.category() == rollcast::category();
    return detail::explanation(is_ours ? to_string(config.group) : way(config), ec);
}

std::string publication::state::explain(error_code const& ec, std::size_t payload_size) const
{
    bool const about_size = ec == error::payload_too_large || ec == asio::error::message_size;
    auto const size = detail::counted(payload_size, "byte", "bytes");
    return about_size ? detail::explanation(size + " to " + to_string(config.group), ec)
                      : rollcast::explain(config, ec);
}

/// Of a socket that does not fit, the text names the port and address it is bound to.
std::string publication::state::explain_adoption(error_code const& ec,
                                                 os::native_socket existing) const
{
    auto const bound = os::bound_endpoint(existing);
    bool const about_binding =
        ec == error::socket_port_mismatch || ec == error::socket_address_mismatch;
    if (!about_binding || !bound)
        return rollcast::explain(config, ec);
    return detail::explanation(bound_to(config), ec, "it is bound to " + net::to_string(*bound));
}

void publication::state::throw_if(error_code const& ec, char const* function,
                                  std::size_t payload_size) const
{
    detail::throw_if(ec, function,
                     [&](error_code const& why) { return explain(why, payload_size); });
}

} // namespace rollcast
