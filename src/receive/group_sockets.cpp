// SPDX-License-Identifier: BSL-1.0
#include "receive/group_sockets.hpp"

#include "detail/address_scope.hpp"
#include "os/interfaces.hpp"
#include "receive/interface_choice.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <numeric>

namespace rollcast::receive {
namespace {

/// The kernel says only that it has no room, not for what.
error_code limit_named(error_code const& ec, bool about_source)
{
    if (ec != asio::error::no_buffer_space)
        return ec;
    return about_source ? error::too_many_sources : error::too_many_memberships;
}

os::receive_options options_of(subscription_config const& config,
                               asio::ip::udp::endpoint const& endpoint, unsigned device)
{
    return {endpoint,        device,          config.sharing,   config.receive_buffer,
            config.metadata, config.coalesce, config.busy_poll, config.hardware_timestamps};
}

/// What to bind a socket to for a group on an interface: the group itself, so that it hears no
/// unicast.
asio::ip::udp::endpoint endpoint_for(net::group const& group, unsigned interface_index)
{
    if (!net::needs_interface(group.address))
        return {group.address, group.port};
    auto address = group.address.to_v6();
    address.scope_id(interface_index);
    return {address, group.port};
}

/// The sources to join, one membership each; none stands for any source.
std::vector<std::optional<asio::ip::address>> sources_of(subscription_config const& config)
{
    if (config.sources.empty())
        return {std::nullopt};
    return {config.sources.begin(), config.sources.end()};
}

} // namespace

error_code group_sockets::adopt(subscription_config const& config, os::native_socket socket)
{
    auto const bound = os::bound_endpoint(socket);
    if (!bound)
        return bound.error();
    if (auto const ec = os::prepare_receiver(socket, options_of(config, *bound, 0)))
        return ec;
    sockets_.clear();
    bound_socket adopted;
    adopted.handle = os::owned_socket(socket);
    adopted.endpoint = *bound;
    sockets_.push_back(std::move(adopted));
    adopted_ = true;
    return {};
}

error_code group_sockets::join(subscription_config const& config)
{
    auto where = interfaces_to_join(config);
    if (!where)
        return where.error();
    if (auto const ec = open(config, std::move(*where)))
        return ec;
    // What is still queued belongs to an earlier membership.
    for (auto const& each : sockets_)
        os::discard_queued(each.handle.get());
    for (std::size_t number = 0; number < links_.size(); ++number) {
        if (auto const ec = join_link(config, number)) {
            leave(config);
            return ec;
        }
    }
    return {};
}

/// Sockets that are bound as they have to be stay open; on failure all sockets stay as they were.
error_code group_sockets::open(subscription_config const& config,
                               std::vector<net::interface_info> where)
{
    auto before = std::exchange(links_, {});
    for (auto& each : where)
        links_.push_back({std::move(each)});
    if (are_open_for(config))
        return {};
    std::vector<bound_socket> fresh(links_.size());
    for (std::size_t number = 0; number < links_.size(); ++number) {
        if (auto const ec = open_one(config, number, fresh[number])) {
            links_ = std::move(before);
            return ec;
        }
    }
    for (auto& each : sockets_)
        retire(each);
    sockets_ = std::move(fresh);
    return {};
}

bool group_sockets::are_open_for(subscription_config const& config) const
{
    if (adopted_)
        return true;
    auto const fits = [&](bound_socket const& each) {
        if (each.link >= links_.size())
            return false;
        auto const index = links_[each.link].interface.index;
        return each.bound_to == index && each.endpoint == endpoint_for(config.group, index);
    };
    std::vector<bool> served(links_.size());
    for (auto const& each : sockets_)
        if (each.link < served.size())
            served[each.link] = true;
    return std::ranges::all_of(sockets_, fits) && std::ranges::count(served, false) == 0;
}

error_code group_sockets::open_one(subscription_config const& config, std::size_t number,
                                   bound_socket& into)
{
    auto const index = links_[number].interface.index;
    auto const endpoint = endpoint_for(config.group, index);
    auto fresh = os::open_receiver(options_of(config, endpoint, index));
    if (!fresh)
        return fresh.error();
    into.handle = std::move(*fresh);
    into.link = number;
    note_binding(into, endpoint, index);
    return {};
}

void group_sockets::note_binding(bound_socket& of, asio::ip::udp::endpoint const& endpoint,
                                 unsigned index)
{
    of.endpoint = endpoint;
    of.address = detail::unscoped(endpoint.address());
    of.bound_to = index;
    of.hears_others = !os::hears_one_group(of.handle.get(), of.address, index);
}

/// The kernel limits the sources of one socket, not those of one program, so another socket takes
/// the next ones. A port that is not shared is shared for the moment of binding.
error_code group_sockets::open_further(subscription_config const& config, std::size_t number)
{
    bool const alone = config.sharing == port_sharing::none;
    auto shared = config;
    if (alone)
        shared.sharing = port_sharing::multicast;
    auto const share = [&](bool on) {
        for (auto const& each : sockets_)
            if (alone && each.serves(number))
                os::share_port(each.handle.get(), on);
    };
    bound_socket fresh;
    share(true);
    auto const ec = open_one(shared, number, fresh);
    if (!ec)
        sockets_.push_back(std::move(fresh));
    share(false);
    return ec;
}

void group_sockets::retire(bound_socket& socket) noexcept
{
    dropped_before_ += socket.dropped; // a new socket counts from zero
    socket.dropped = 0;
}

os::native_socket group_sockets::socket_of(std::size_t number) const noexcept
{
    auto const found =
        std::ranges::find_if(sockets_, [&](auto const& each) { return each.serves(number); });
    return found->handle.get();
}

error_code group_sockets::join_link(subscription_config const& config, std::size_t number)
{
    auto& where = links_[number];
    where.is_member = true;
    for (auto const& source : sources_of(config)) {
        if (auto const ec = join_source(config, number, source)) {
            leave_link(config, number);
            return ec;
        }
    }
    for (auto const& source : config.blocked)
        (void)os::block(socket_of(number), config.group.address, where.interface.index, source);
    return {};
}

/// Joins on the first socket of the link that has room.
error_code group_sockets::join_source(subscription_config const& config, std::size_t number,
                                      std::optional<asio::ip::address> const& source)
{
    auto const index = links_[number].interface.index;
    error_code ec = asio::error::no_buffer_space;
    for (auto const& each : sockets_) {
        if (!each.serves(number))
            continue;
        ec = join_on(each, config.group.address, index, source);
        if (ec != asio::error::no_buffer_space)
            return ec;
    }
    if (adopted_ || !source)
        return limit_named(ec, source.has_value());
    if (auto const failed = open_further(config, number))
        return failed;
    return limit_named(join_on(sockets_.back(), config.group.address, index, source), true);
}

error_code group_sockets::join_on(bound_socket const& socket, asio::ip::address const& group,
                                  unsigned index,
                                  std::optional<asio::ip::address> const& source) const
{
    auto const handle = socket.handle.get();
    auto const ec = os::join(handle, group, index, source);
    if (ec != asio::error::address_in_use || !adopted_)
        return ec;
    // The adopted socket came with a membership, maybe with other sources.
    (void)os::leave(handle, group, index, source);
    return os::join(handle, group, index, source);
}

/// Errors are ignored: an interface that is gone took its membership along.
void group_sockets::leave_link(subscription_config const& config, std::size_t number)
{
    auto& where = links_[number];
    for (auto const& socket : sockets_)
        if (socket.serves(number))
            for (auto const& source : sources_of(config))
                (void)os::leave(socket.handle.get(), config.group.address, where.interface.index,
                                source);
    where.is_member = false;
}

void group_sockets::leave(subscription_config const& config)
{
    for (std::size_t number = 0; number < links_.size(); ++number)
        if (links_[number].is_member)
            leave_link(config, number);
    links_.clear();
}

/// A new socket takes the place of one that cannot be bound to another interface: for want of the
/// right to, or since the interface is a part of what the socket is bound to.
error_code group_sockets::move_socket(subscription_config const& config, bound_socket& socket,
                                      unsigned index)
{
    if (socket.bound_to == index)
        return {};
    auto const endpoint = endpoint_for(config.group, index);
    if (socket.endpoint == endpoint && !os::hear_only(socket.handle.get(), index)) {
        socket.bound_to = index;
        os::discard_queued(socket.handle.get()); // came in by the interface before
        return {};
    }
    auto fresh = os::open_receiver(options_of(config, endpoint, index));
    if (!fresh)
        return fresh.error();
    if (!os::share_network(fresh->get(), socket.handle.get()))
        return asio::error::network_unreachable;
    retire(socket);
    socket.handle = std::move(*fresh);
    note_binding(socket, endpoint, index);
    return {};
}

error_code group_sockets::add_source(subscription_config const& config,
                                     asio::ip::address const& source)
{
    for (std::size_t number = 0; number < links_.size(); ++number) {
        if (!links_[number].is_member)
            continue;
        if (auto const ec = join_source(config, number, source)) {
            drop_source(config.group.address, source);
            return ec;
        }
    }
    return {};
}

void group_sockets::drop_source(asio::ip::address const& group, asio::ip::address const& source)
{
    for (std::size_t number = 0; number < links_.size(); ++number)
        for (auto const& each : sockets_)
            if (each.serves(number))
                (void)os::leave(each.handle.get(), group, links_[number].interface.index, source);
}

error_code group_sockets::block(asio::ip::address const& group, asio::ip::address const& source)
{
    for (std::size_t number = 0; number < links_.size(); ++number) {
        if (!links_[number].is_member)
            continue;
        auto const ec = os::block(socket_of(number), group, links_[number].interface.index, source);
        if (ec && ec != asio::error::no_buffer_space) {
            unblock(group, source);
            return ec;
        }
    }
    return {};
}

void group_sockets::unblock(asio::ip::address const& group, asio::ip::address const& source)
{
    for (std::size_t number = 0; number < links_.size(); ++number)
        (void)os::unblock(socket_of(number), group, links_[number].interface.index, source);
}

bool group_sockets::is_member_on(unsigned interface_index) const noexcept
{
    return std::ranges::any_of(links_, [&](link const& each) {
        return each.is_member && each.interface.index == interface_index;
    });
}

bool group_sockets::is_heard_by(bound_socket const& socket, unsigned interface_index) const noexcept
{
    if (socket.link == every_link)
        return is_member_on(interface_index);
    return is_member_by(socket) && links_[socket.link].interface.index == interface_index;
}

unsigned group_sockets::presumed_interface(bound_socket const& socket) const noexcept
{
    if (auto const only = os::only_interface(socket.handle.get()); only != 0)
        return only;
    return links_.size() == 1 ? links_.front().interface.index : 0;
}

std::vector<net::interface_info> group_sockets::brought_along(asio::ip::address const& group) const
{
    auto all = net::list_interfaces();
    if (!all)
        return {};
    auto const socket = sockets_.front().handle.get();
    std::erase_if(*all,
                  [&](auto const& each) { return !os::is_member(socket, group, each.index); });
    return std::move(*all);
}

std::vector<net::interface_info>
group_sockets::joined_interfaces(asio::ip::address const& group) const
{
    if (adopted_ && links_.empty() && !sockets_.empty())
        return brought_along(group);
    std::vector<net::interface_info> joined;
    for (std::size_t number = 0; number < links_.size(); ++number) {
        auto const& each = links_[number];
        if (each.is_member && !os::interface_name(socket_of(number), each.interface.index).empty())
            joined.push_back(each.interface);
    }
    return joined;
}

std::uint64_t group_sockets::dropped() const noexcept
{
    return std::accumulate(
        sockets_.begin(), sockets_.end(), dropped_before_,
        [](std::uint64_t sum, bound_socket const& each) { return sum + each.dropped; });
}

std::vector<group_sockets::bound_socket> group_sockets::release()
{
    links_.clear();
    return std::exchange(sockets_, {});
}

} // namespace rollcast::receive
