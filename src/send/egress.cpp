// SPDX-License-Identifier: BSL-1.0
#include "send/egress.hpp"

#include "detail/address_scope.hpp"
#include "os/interfaces.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace rollcast::send {
namespace {

using interfaces = std::span<net::interface_info const>;
using chosen_interface = result<std::optional<net::interface_info>>;

unsigned scope_id(asio::ip::address const& address) noexcept
{
    return address.is_v6() ? address.to_v6().scope_id() : 0;
}

chosen_interface to_chosen(result<net::interface_info> found)
{
    if (!found)
        return found.error();
    return std::optional(std::move(*found));
}

/// The interface that is named outright, by the group's scope id, or for IPv6 by the source, which
/// alone would not make the kernel choose the link. None where the kernel is to choose.
chosen_interface choose_interface(publication_config const& config, interfaces all)
{
    auto const scope = scope_id(config.group.address);
    if (!config.interface.is_unspecified()) {
        auto found = net::resolve_for(config.group.address, config.interface, all);
        if (found && scope != 0 && found->index != scope)
            return error::interface_mismatch;
        return to_chosen(std::move(found));
    }
    if (scope != 0)
        return to_chosen(net::resolve(net::network_interface(scope), all));
    if (config.source && config.source->is_v6())
        return to_chosen(net::resolve(net::network_interface(*config.source), all));
    return std::optional<net::interface_info>();
}

/// Every address of 127.0.0.0/8 is this machine's, though lo lists only one of them.
bool is_local(asio::ip::address const& source, interfaces all)
{
    bool const loopback = source.is_v4() && source.is_loopback();
    return loopback || std::ranges::any_of(all, [&](auto const& each) { return each.has(source); });
}

/// The address to send from: the configured source, or the address that the interface was named by.
std::optional<asio::ip::address> source_of(publication_config const& config,
                                           std::optional<net::interface_info> const& chosen)
{
    if (!config.source)
        return chosen ? net::named_address(config.interface, *chosen) : std::nullopt;
    return chosen ? detail::on_link(*config.source, chosen->index) : *config.source;
}

} // namespace

asio::ip::address first_ipv4(net::interface_info const& interface)
{
    auto const found = std::ranges::find_if(interface.addresses,
                                            [](auto const& each) { return each.address.is_v4(); });
    return found == interface.addresses.end() ? asio::ip::address() : found->address;
}

asio::ip::udp::endpoint scoped(net::group const& group, unsigned interface_index)
{
    if (group.address.is_v4())
        return group.endpoint();
    auto address = group.address.to_v6();
    address.scope_id(net::needs_interface(group.address) ? interface_index : 0);
    return {address, group.port};
}

result<os::send_options> resolve_egress(publication_config const& config)
{
    auto const all = net::list_interfaces();
    if (!all)
        return all.error();
    if (config.source && !is_local(*config.source, *all))
        return error::source_not_local;
    auto const chosen = choose_interface(config, *all);
    if (!chosen)
        return chosen.error();
    if (!*chosen && net::needs_interface(config.group.address))
        return error::interface_required;
    bool const on_chosen =
        !config.source || config.source->is_v4() || (*chosen)->has(*config.source);
    if (!on_chosen)
        return error::source_interface_mismatch;

    os::send_options options;
    options.interface_index = *chosen ? (*chosen)->index : 0;
    options.group = scoped(config.group, options.interface_index);
    auto const source = source_of(config, *chosen);
    options.fixed_source = source.has_value();
    options.bind = source ? asio::ip::udp::endpoint(*source, config.source_port)
                          : asio::ip::udp::endpoint(config.group.protocol(), config.source_port);
    if (*chosen && config.group.address.is_v4())
        options.interface_address = first_ipv4(**chosen);
    options.hop_limit = config.hop_limit;
    options.dscp = config.dscp;
    options.priority = config.priority;
    options.dont_fragment = config.dont_fragment;
    options.device = config.device;
    options.launch_times = config.launch_times;
    options.send_times = config.send_times;
    options.send_buffer = config.send_buffer;
    options.pacing_rate = config.pacing_rate;
    options.loopback = config.loopback;
    options.connect = !config.replies;
    options.any_address = config.replies && config.replies_at_any_address && !source;
    return options;
}

} // namespace rollcast::send
