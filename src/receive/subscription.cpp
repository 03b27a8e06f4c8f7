// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/subscription.hpp>

#include "detail/spawn.hpp"
#include "detail/throw_if.hpp"
#include "receive/subscription_state.hpp"
#include "receive/take_when_ready.hpp"

namespace rollcast {
namespace {

template <class State>
bool try_take(State& from, auto& into, error_code& ec)
{
    ec = from.ready_to_receive(from.membership);
    return !ec && from.take(into, ec) == receive::outcome::delivered;
}

} // namespace

subscription::subscription(executor_type executor, subscription_config config)
    : state_(std::make_shared<state>(std::move(executor), std::move(config)))
{
}

subscription::subscription(std::shared_ptr<state> state) : state_(std::move(state)) {}

result<subscription> subscription::adopt(subscription_config config, asio::ip::udp::socket& socket)
{
    auto fresh = std::make_shared<state>(socket.get_executor(), std::move(config));
    if (auto const ec = fresh->adopt(socket))
        return ec;
    return subscription(std::move(fresh));
}

result<subscription> subscription::adopt(executor_type executor, subscription_config config,
                                         native_handle_type socket)
{
    error_code ec;
    asio::ip::udp::socket wrapped(std::move(executor));
    if (auto const refused = os::check_receiver(socket, config.group))
        return refused;
    wrapped.assign(config.group.protocol(), socket, ec);
    if (ec)
        return ec;
    auto adopted = adopt(std::move(config), wrapped);
    if (!adopted)
        (void)wrapped.release(ec); // still the caller's
    return adopted;
}

subscription::subscription(subscription&&) noexcept = default;

subscription& subscription::operator=(subscription&& other) noexcept
{
    std::swap(state_, other.state_);
    return *this;
}

subscription::~subscription()
{
    if (state_)
        state_->close();
}

subscription::executor_type subscription::get_executor() const
{
    return state_->socket.get_executor();
}

subscription_config const& subscription::config() const noexcept
{
    return state_->config;
}

void subscription::join()
{
    detail::throw_if(state_->join(), "join");
}

void subscription::join(error_code& ec)
{
    ec = state_->join();
}

void subscription::leave()
{
    error_code ec;
    leave(ec);
    detail::throw_if(ec, "leave");
}

void subscription::leave(error_code& ec)
{
    ec = state_->joined.empty() ? error_code(error::not_joined) : error_code{};
    if (!ec)
        state_->leave();
}

void subscription::add_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->add_source(source);
}

void subscription::drop_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->drop_source(source);
}

void subscription::block_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->block_source(source);
}

void subscription::unblock_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->unblock_source(source);
}

subscription::native_handle_type subscription::native_handle() const
{
    return state_->socket.native_handle();
}

void subscription::close() noexcept
{
    state_->close();
}

bool subscription::is_joined() const noexcept
{
    return !state_->joined.empty();
}

std::vector<net::interface_info> const& subscription::interfaces() const noexcept
{
    return state_->interfaces;
}

asio::ip::udp::endpoint subscription::local_endpoint() const
{
    return state_->bound;
}

std::size_t subscription::receive_buffer_size() const noexcept
{
    auto& socket = state_->socket;
    return socket.is_open() ? os::receive_buffer_size(socket.native_handle()) : 0;
}

receive_counters const& subscription::counters() const noexcept
{
    return state_->counters;
}

asio::awaitable<packet> subscription::recv()
{
    return receive::take_when_ready(state_, state_->membership, receive::one_packet());
}

void subscription::start_recv(asio::any_completion_handler<receive_signature> handler)
{
    detail::spawn(get_executor(), recv(), std::move(handler));
}

asio::awaitable<std::size_t> subscription::recv_batch(batch& into)
{
    return receive::take_when_ready(state_, state_->membership, receive::whole_batch{&into});
}

void subscription::start_recv_batch(asio::any_completion_handler<batch_signature> handler,
                                    batch* into)
{
    detail::spawn(get_executor(), recv_batch(*into), std::move(handler));
}

std::optional<packet> subscription::try_recv(error_code& ec)
{
    packet result;
    if (try_take(*state_, result, ec))
        return result;
    return std::nullopt;
}

std::size_t subscription::try_recv_batch(batch& into, error_code& ec)
{
    return try_take(*state_, into, ec) ? into.size() : 0;
}

} // namespace rollcast
