// SPDX-License-Identifier: BSL-1.0
#include "send/mouth.hpp"

#include "os/interfaces.hpp"
#include "os/send_socket.hpp"
#include "send/egress.hpp"

#include <rollcast/detail/throw_if.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

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

/// What is given to an interface that carries nothing the kernel takes, and drops.
bool can_leave_by(os::native_socket socket, unsigned interface_index)
{
    return os::can_carry(socket, os::interface_name(socket, interface_index));
}

} // namespace

mouth::mouth(asio::any_io_executor executor, bool v4) : socket_(std::move(executor)), v4_(v4) {}

error_code mouth::open(net::port_range ports, int hop_limit)
{
    auto fresh = open_on_first_free(v4_, ports, hop_limit);
    if (!fresh)
        return fresh.error();
    auto const bound = os::bound_endpoint(fresh->get());
    if (!bound)
        return bound.error();
    error_code ec;
    socket_.assign(protocol_of(v4_), fresh->get(), ec);
    if (ec)
        return ec;
    handle_ = fresh->release();
    port_ = bound->port();
    leaves_host_ = hop_limit != 0;
    return {};
}

void mouth::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
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
    auto ec = os::send_from(handle_, {from, interface_index}, payload, to);
    if (ec && !from.is_unspecified())
        ec = os::send_from(handle_, {{}, interface_index}, payload, to);
    bool const is_for_others = leaves_host_ && to.address().is_multicast();
    if (!ec && is_for_others && !can_leave_by(handle_, interface_index))
        return asio::error::network_down;
    return ec;
}

error_code mouth::limit_hops(int hop_limit) noexcept
{
    auto const ec = os::limit_hops(handle_, v4_, hop_limit);
    if (!ec)
        leaves_host_ = hop_limit != 0;
    return ec;
}

asio::awaitable<mouth::heard> mouth::hear(asio::mutable_buffer storage)
{
    for (;;) {
        // Even where something is there already: in a flood others have their turn.
        detail::throw_if(socket_.is_open() ? error_code() : asio::error::operation_aborted, "hear");
        co_await socket_.async_wait(asio::ip::udp::socket::wait_read, asio::use_awaitable);
        detail::throw_if(socket_.is_open() ? error_code() : asio::error::operation_aborted, "hear");
        os::arrival came;
        auto const ec = os::receive_from(handle_, storage, came);
        if (!ec)
            co_return heard{came.size, came.source, came.destination, came.interface_index};
        detail::throw_if(ec == asio::error::would_block ? error_code() : ec, "hear");
    }
}

} // namespace rollcast::send
