// SPDX-License-Identifier: BSL-1.0
#include "receive/group_sockets.hpp"

#include "os/interfaces.hpp"
#include "receive/interface_choice.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <numeric>

namespace rollcast::receive {
namespace {

/// The kernel says only that it has no room.
error_code limit_named(error_code const& ec, bool about_source)
{
    if (ec != asio::error::no_buffer_space)
        return ec;
    return about_source ? error::too_many_sources : error::too_many_memberships;
}

os::receive_options options_of(subscription_config const& config,
                               asio::ip::udp::endpoint const& endpoint)
{
    return {endpoint, config.sharing, config.receive_buffer, config.metadata, config.coalesce};
}

/// What to bind for a group on an interface: the group itself, which leaves unicast alone.
asio::ip::udp::endpoint endpoint_for(net::group const& group, unsigned interface_index)
{
    if (!net::needs_interface(group.address))
        return {group.address, group.port};
    auto address = group.address.to_v6();
    address.scope_id(interface_index);
    return {address, group.port};
}

/// A membership of any source, or of each of some.
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
    if (auto const ec = os::prepare_receiver(socket, options_of(config, *bound)))
        return ec;
    sockets_.clear();
    sockets_.push_back({os::owned_socket(socket), *bound});
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
    for (auto& each : links_) {
        if (auto const ec = join_link(config, each)) {
            leave(config);
            return ec;
        }
    }
    return {};
}

/// Sockets that are bound as they have to be stay; on failure all stay as they were.
error_code group_sockets::open(subscription_config const& config,
                               std::vector<net::interface_info> where)
{
    bool const one_per_link = !adopted_ && net::needs_interface(config.group.address);
    std::vector<link> links;
    std::vector<asio::ip::udp::endpoint> wanted;
    for (auto& each : where) {
        if (wanted.empty() || one_per_link)
            wanted.push_back(endpoint_for(config.group, each.index));
        links.push_back({std::move(each), wanted.size() - 1});
    }
    if (!adopted_ && !std::ranges::equal(wanted, sockets_, {}, {}, &bound_socket::endpoint)) {
        std::vector<bound_socket> fresh(wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (auto const ec = open_one(config, wanted[i], fresh[i]))
                return ec;
        for (auto& each : sockets_)
            retire(each);
        sockets_ = std::move(fresh);
    }
    links_ = std::move(links);
    return {};
}

error_code group_sockets::open_one(subscription_config const& config,
                                   asio::ip::udp::endpoint const& endpoint, bound_socket& into)
{
    auto fresh = os::open_receiver(options_of(config, endpoint));
    if (!fresh)
        return fresh.error();
    into.handle = std::move(*fresh);
    into.endpoint = endpoint;
    return {};
}

void group_sockets::retire(bound_socket& socket) noexcept
{
    dropped_before_ += socket.dropped; // a new socket counts from zero
    socket.dropped = 0;
}

os::native_socket group_sockets::socket_of(link const& where) const noexcept
{
    return sockets_[where.socket].handle.get();
}

error_code group_sockets::join_link(subscription_config const& config, link& where)
{
    auto const socket = socket_of(where);
    auto const index = where.interface.index;
    where.is_member = true;
    for (auto const& source : sources_of(config)) {
        auto ec = os::join(socket, config.group.address, index, source);
        if (ec == asio::error::address_in_use && adopted_) {
            // A membership the socket came with, and maybe not of this kind.
            (void)os::leave(socket, config.group.address, index, source);
            ec = os::join(socket, config.group.address, index, source);
        }
        if (ec) {
            leave_link(config, where);
            return limit_named(ec, source.has_value());
        }
    }
    for (auto const& source : config.blocked) {
        if (auto const ec = os::block(socket, config.group.address, index, source)) {
            leave_link(config, where);
            return limit_named(ec, true);
        }
    }
    return {};
}

/// An interface that is gone took its membership along; that is no failure to leave.
void group_sockets::leave_link(subscription_config const& config, link& where)
{
    for (auto const& source : sources_of(config))
        (void)os::leave(socket_of(where), config.group.address, where.interface.index, source);
    where.is_member = false;
}

void group_sockets::leave(subscription_config const& config)
{
    for (auto& each : links_)
        if (each.is_member)
            leave_link(config, each);
    links_.clear();
}

void group_sockets::repair(subscription_config const& config, std::vector<unsigned> const& removed,
                           listener const& tell)
{
    for (auto& each : links_) {
        auto& interface = each.interface;
        auto const name = os::interface_name(socket_of(each), interface.index);
        bool const gone =
            name.empty() || std::ranges::find(removed, interface.index) != removed.end();
        if (each.is_member && !gone)
            interface.name = name; // it may have been renamed
        if (each.is_member && gone) {
            leave_link(config, each);
            tell(membership_change::lost, interface);
        }
        auto const fresh =
            each.is_member ? 0 : os::interface_index(socket_of(each), interface.name);
        if (fresh != 0 && !rejoin(config, each, fresh))
            tell(membership_change::rejoined, interface);
    }
}

/// What fails is tried again with the next report: an interface comes in several steps.
error_code group_sockets::rejoin(subscription_config const& config, link& where, unsigned index)
{
    auto& socket = sockets_[where.socket];
    auto const endpoint = endpoint_for(config.group, index);
    if (!adopted_ && socket.endpoint != endpoint) {
        bound_socket fresh;
        if (auto const ec = open_one(config, endpoint, fresh))
            return ec;
        retire(socket);
        socket = std::move(fresh);
    }
    where.interface.index = index;
    return join_link(config, where);
}

error_code group_sockets::add_source(asio::ip::address const& group,
                                     asio::ip::address const& source)
{
    for (auto each = links_.begin(); each != links_.end(); ++each) {
        if (!each->is_member)
            continue;
        auto const ec = os::join(socket_of(*each), group, each->interface.index, source);
        if (!ec)
            continue;
        for (auto done = links_.begin(); done != each; ++done)
            (void)os::leave(socket_of(*done), group, done->interface.index, source);
        return limit_named(ec, true);
    }
    return {};
}

void group_sockets::drop_source(asio::ip::address const& group, asio::ip::address const& source)
{
    for (auto const& each : links_)
        (void)os::leave(socket_of(each), group, each.interface.index, source);
}

error_code group_sockets::block(asio::ip::address const& group, asio::ip::address const& source)
{
    for (auto const& each : links_) {
        if (!each.is_member)
            continue;
        if (auto const ec = os::block(socket_of(each), group, each.interface.index, source)) {
            unblock(group, source);
            return limit_named(ec, true);
        }
    }
    return {};
}

void group_sockets::unblock(asio::ip::address const& group, asio::ip::address const& source)
{
    for (auto const& each : links_)
        (void)os::unblock(socket_of(each), group, each.interface.index, source);
}

bool group_sockets::is_member_on(unsigned interface_index) const noexcept
{
    return std::ranges::any_of(links_, [&](link const& each) {
        return each.is_member && each.interface.index == interface_index;
    });
}

std::vector<net::interface_info> group_sockets::joined_interfaces() const
{
    std::vector<net::interface_info> joined;
    for (auto const& each : links_)
        if (each.is_member && !os::interface_name(socket_of(each), each.interface.index).empty())
            joined.push_back(each.interface);
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
