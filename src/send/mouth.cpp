// SPDX-License-Identifier: BSL-1.0
#include "send/mouth.hpp"

#include "os/interfaces.hpp"
#include "os/receive_socket.hpp"
#include "os/send_socket.hpp"
#include "send/egress.hpp"
#include "send/send_errors.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace rollcast::send {
namespace {

asio::ip::udp protocol_of(bool v4)
{
    return v4 ? asio::ip::udp::v4() : asio::ip::udp::v6();
}

os::send_options options_of(bool v4, net::port_type port, int hop_limit)
{
    os::send_options options;
    options.group = options.bind = asio::ip::udp::endpoint(protocol_of(v4), 0);
    options.bind.port(port);
    options.hop_limit = hop_limit;
    options.connect = false;
    options.any_address = true;
    return options;
}

result<os::owned_socket> open_on_first_free(bool v4, net::port_range ports, int hop_limit)
{
    auto socket = os::open_sender(options_of(v4, ports.first, hop_limit));
    for (int port = ports.first + 1;
         !socket && socket.error() == asio::error::address_in_use && port <= ports.last; ++port)
        socket = os::open_sender(options_of(v4, static_cast<net::port_type>(port), hop_limit));
    return socket;
}

/// Asked because the kernel takes what is to leave by an interface that carries nothing, and drops
/// it without an error.
bool can_leave_by(os::native_socket socket, unsigned interface_index)
{
    return os::can_carry(socket, os::interface_name(socket, interface_index));
}

/// Only such a destination may go by the socket that is bound to one link: to others a route may
/// lead by another link.
bool stays_on_link(asio::ip::address const& to)
{
    return to.is_v4() || to.is_multicast() || to.to_v6().is_link_local();
}

} // namespace

mouth::mouth(asio::any_io_executor executor, asio::ip::address group)
    : socket_(std::move(executor)), group_(std::move(group))
{
}

error_code mouth::open(net::port_range ports, int hop_limit)
{
    auto fresh = open_on_first_free(speaks(true), ports, hop_limit);
    if (!fresh)
        return fresh.error();
    auto const bound = os::bound_endpoint(fresh->get());
    if (!bound)
        return bound.error();
    error_code ec;
    socket_.assign(protocol_of(speaks(true)), fresh->get(), ec);
    if (ec)
        return ec;
    handle_ = fresh->release();
    port_ = bound->port();
    hop_limit_ = hop_limit;
    return {};
}

void mouth::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
    side_ways_ = {};
    handle_ = -1;
}

result<asio::ip::address> mouth::way_to(net::group const& group,
                                        net::interface_info const& interface)
{
    bool const v4 = group.address.is_v4();
    auto options = options_of(v4, 0, 1);
    options.group = scoped(group, interface.index);
    options.interface_index = interface.index;
    if (v4)
        options.interface_address = first_ipv4(interface);
    auto const source = os::chosen_source(options);
    if (source)
        return v4 ? *source : asio::ip::address();
    bool const no_route = source.error() == asio::error::network_unreachable;
    return no_route && !v4 && interface.loopback ? error_code(error::no_loopback_route)
                                                 : source.error();
}

error_code mouth::say(asio::const_buffer payload, asio::ip::udp::endpoint const& to,
                      asio::ip::address const& from, unsigned interface_index) noexcept
{
    auto ec = send(payload, to, from, interface_index);
    if (ec == asio::error::would_block && !open_side_way(to, interface_index))
        ec = send(payload, to, from, interface_index);
    bool const is_for_others = hop_limit_ != 0 && to.address().is_multicast();
    if (!ec && is_for_others && !can_leave_by(handle_, interface_index))
        return asio::error::network_down;
    return ec;
}

error_code mouth::send(asio::const_buffer payload, asio::ip::udp::endpoint const& to,
                       asio::ip::address const& from, unsigned interface_index) noexcept
{
    auto const socket = way_to(to, interface_index);
    auto const ec = os::send_from(socket, {from, interface_index}, payload, to);
    bool const is_repeated = !from.is_unspecified() && asks_for_another_source(ec);
    return is_repeated ? os::send_from(socket, {{}, interface_index}, payload, to) : ec;
}

os::native_socket mouth::way_to(asio::ip::udp::endpoint const& to,
                                unsigned interface_index) const noexcept
{
    auto const found = std::ranges::find(side_ways_, interface_index, &side_way::interface_index);
    bool const is_there = found != side_ways_.end() && found->socket.is_open();
    return is_there && stays_on_link(to.address()) ? found->socket.get() : handle_;
}

/// Fails where the interface has a side way already. What the side way that is replaced has queued
/// leaves although that is closed.
error_code mouth::open_side_way(asio::ip::udp::endpoint const& to,
                                unsigned interface_index) noexcept
{
    if (!stays_on_link(to.address()) || way_to(to, interface_index) != handle_)
        return asio::error::would_block;
    auto options = options_of(speaks(true), port_, hop_limit_);
    // Bound to the group, of which it is no member, the socket takes nothing that is for this host.
    options.bind = scoped({group_, port_}, interface_index);
    options.predecessor = handle_;
    auto fresh = os::open_sender(options);
    if (!fresh)
        return fresh.error();
    if (!os::share_network(fresh->get(), handle_))
        return asio::error::would_block;
    os::share_port(fresh->get(), true); // with the side ways of further interfaces
    side_ways_[oldest_side_way_] = {interface_index, std::move(*fresh)};
    oldest_side_way_ = (oldest_side_way_ + 1) % side_ways_.size();
    return {};
}

void mouth::forget(unsigned interface_index) noexcept
{
    for (auto& each : side_ways_)
        if (each.interface_index == interface_index)
            each = {};
}

error_code mouth::limit_hops(int hop_limit) noexcept
{
    auto failed = os::limit_hops(handle_, speaks(true), hop_limit);
    for (auto const& each : side_ways_) {
        auto const ec = each.socket.is_open()
                            ? os::limit_hops(each.socket.get(), speaks(true), hop_limit)
                            : error_code();
        failed = failed ? failed : ec;
    }
    if (!failed)
        hop_limit_ = hop_limit;
    return failed;
}

asio::awaitable<mouth::heard> mouth::hear(asio::mutable_buffer storage)
{
    auto const throw_if_closed = [this] {
        detail::throw_if(socket_.is_open() ? error_code() : asio::error::operation_aborted, "hear");
    };
    throw_if_closed();
    if (turn_.is_over())
        co_await asio::post(socket_.get_executor(), asio::use_awaitable);
    for (;;) {
        throw_if_closed();
        os::arrival came;
        auto const ec = os::receive_from(handle_, storage, came);
        if (!ec)
            co_return heard{came.size, came.source, came.destination, came.interface_index};
        detail::throw_if(ec == asio::error::would_block ? error_code() : ec, "hear");
        turn_.waited();
        co_await socket_.async_wait(asio::ip::udp::socket::wait_read, asio::use_awaitable);
    }
}

} // namespace rollcast::send
