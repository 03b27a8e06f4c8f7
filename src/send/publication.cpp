// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/publication.hpp>

#include "detail/operation.hpp"
#include "detail/spawn.hpp"
#include "detail/throw_if.hpp"
#include "detail/turn.hpp"
#include "send/egress.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rollcast {

struct publication::state {
    state(executor_type executor, publication_config wanted)
        : socket(std::move(executor)), config(std::move(wanted))
    {
    }

    error_code open();
    error_code open_socket(os::send_options const& options);
    send_report try_send(asio::ip::udp::endpoint const* destination, asio::const_buffer payload,
                         error_code& ec);
    void close() noexcept;

    static asio::awaitable<send_report> send(std::shared_ptr<state> self,
                                             asio::const_buffer payload);
    static asio::awaitable<reply> recv_reply(std::shared_ptr<state> self,
                                             asio::mutable_buffer into);

    asio::ip::udp::socket socket;
    publication_config config;
    asio::ip::udp::endpoint group;
    asio::ip::udp::endpoint source;
    send_counters counters;
    detail::turn send_turn;
    detail::turn reply_turn;
    bool closed = false;
};

error_code publication::state::open()
{
    if (closed)
        return asio::error::operation_aborted;
    if (socket.is_open())
        return {};
    if (auto const ec = validate(config))
        return ec;
    auto const options = send::resolve_egress(config);
    if (!options)
        return options.error();
    auto const ec = open_socket(*options);
    bool const unrouted = ec == asio::error::network_unreachable && options->interface_index == 0;
    return unrouted ? error_code(error::no_multicast_route) : ec;
}

error_code publication::state::open_socket(os::send_options const& options)
{
    auto fresh = os::open_sender(options);
    if (!fresh)
        return fresh.error();
    auto const from = os::source_endpoint(fresh->get(), options.interface_index);
    if (!from)
        return from.error();
    error_code ec;
    socket.assign(config.group.protocol(), fresh->get(), ec);
    if (ec)
        return ec;
    fresh->release();
    socket.native_non_blocking(true, ec);
    group = options.group;
    source = *from;
    return ec;
}

send_report publication::state::try_send(asio::ip::udp::endpoint const* destination,
                                         asio::const_buffer payload, error_code& ec)
{
    ec = open();
    if (!ec && payload.size() > max_payload)
        ec = error::payload_too_large;
    if (!ec)
        ec = os::send(socket.native_handle(), payload, destination);
    send_report report;
    if (!ec) {
        report.destination = destination ? *destination : group;
        report.source = source;
        report.bytes = payload.size();
        ++counters.packets;
        counters.bytes += payload.size();
    } else if (ec != asio::error::would_block) {
        ++counters.errors;
    }
    return report;
}

void publication::state::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
    closed = true;
}

asio::awaitable<send_report> publication::state::send(std::shared_ptr<state> self,
                                                      asio::const_buffer payload)
{
    bool const under_way = co_await detail::is_under_way();
    if (!under_way || self->send_turn.is_over())
        co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "send");
        error_code ec;
        auto const* destination = self->config.replies ? &self->group : nullptr;
        auto const report = self->try_send(destination, payload, ec);
        if (!ec)
            co_return report;
        detail::throw_if(ec == asio::error::would_block ? error_code{} : ec, "send");
        co_await self->socket.async_wait(asio::ip::udp::socket::wait_write, asio::use_awaitable);
    }
}

asio::awaitable<reply> publication::state::recv_reply(std::shared_ptr<state> self,
                                                      asio::mutable_buffer into)
{
    bool const under_way = co_await detail::is_under_way();
    if (!under_way || self->reply_turn.is_over())
        co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "recv_reply");
        detail::throw_if(self->config.replies ? self->open() : error::replies_not_asked_for,
                         "recv_reply");
        reply result;
        auto const ec =
            os::receive_from(self->socket.native_handle(), into, result.bytes, result.source);
        if (!ec)
            co_return result;
        detail::throw_if(ec == asio::error::would_block ? error_code{} : ec, "recv_reply");
        co_await self->socket.async_wait(asio::ip::udp::socket::wait_read, asio::use_awaitable);
    }
}

publication::publication(executor_type executor, publication_config config)
    : state_(std::make_shared<state>(std::move(executor), std::move(config)))
{
}

publication::publication(publication&&) noexcept = default;

publication& publication::operator=(publication&& other) noexcept
{
    std::swap(state_, other.state_);
    return *this;
}

publication::~publication()
{
    if (state_)
        state_->close();
}

publication::executor_type publication::get_executor() const
{
    return state_->socket.get_executor();
}

publication_config const& publication::config() const noexcept
{
    return state_->config;
}

void publication::open()
{
    detail::throw_if(state_->open(), "open");
}

void publication::open(error_code& ec)
{
    ec = state_->open();
}

bool publication::is_open() const noexcept
{
    return state_->socket.is_open();
}

void publication::close() noexcept
{
    state_->close();
}

net::flow publication::announce_tuple() const
{
    return {state_->source.address(), state_->config.group.address, state_->config.group.port};
}

asio::ip::udp::endpoint publication::local_endpoint() const
{
    return state_->source;
}

send_counters const& publication::counters() const noexcept
{
    return state_->counters;
}

asio::awaitable<send_report> publication::send(asio::const_buffer payload)
{
    return state::send(state_, payload);
}

void publication::start_send(asio::any_completion_handler<send_signature> handler,
                             asio::const_buffer payload)
{
    detail::spawn(get_executor(), state::send(state_, payload), std::move(handler));
}

send_report publication::try_send(asio::const_buffer payload, error_code& ec)
{
    return state_->try_send(state_->config.replies ? &state_->group : nullptr, payload, ec);
}

send_report publication::try_send_to(asio::ip::udp::endpoint const& destination,
                                     asio::const_buffer payload, error_code& ec)
{
    return state_->try_send(&destination, payload, ec);
}

asio::awaitable<reply> publication::recv_reply(asio::mutable_buffer into)
{
    return state::recv_reply(state_, into);
}

void publication::start_recv_reply(asio::any_completion_handler<reply_signature> handler,
                                   asio::mutable_buffer into)
{
    detail::spawn(get_executor(), state::recv_reply(state_, into), std::move(handler));
}

} // namespace rollcast
