// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/subscription.hpp>

#include "detail/next_event.hpp"
#include "detail/spawn.hpp"
#include "receive/membership_news.hpp"
#include "receive/subscription_state.hpp"
#include "receive/take_when_ready.hpp"

#include <boost/asio/error.hpp>

namespace rollcast {
namespace {

template <class State>
bool try_take(State& from, auto& into, error_code& ec)
{
    ec = from.ready_to_receive(from.membership);
    if (ec)
        return false;
    if (from.is_polled_in_vain && from.is_still_empty()) {
        ec = asio::error::would_block;
        from.refresh_now_and_then();
        return false;
    }
    auto const got = from.take(into, ec);
    from.is_polled_in_vain = got == receive::outcome::queue_empty;
    if (from.is_polled_in_vain)
        from.refresh_now_and_then();
    return got == receive::outcome::delivered;
}

} // namespace

subscription::subscription(executor_type executor, subscription_config config)
    : state_(std::make_shared<state>(std::move(executor), std::move(config)))
{
}

subscription::subscription(std::shared_ptr<state> state) : state_(std::move(state)) {}

explained_result<subscription> subscription::adopt(subscription_config config,
                                                   asio::ip::udp::socket& socket)
{
    if (!socket.is_open())
        return explained_error(asio::error::bad_descriptor,
                               explain(config, asio::error::bad_descriptor));
    auto adopted = adopt(socket.get_executor(), std::move(config), socket.native_handle());
    error_code ignored;
    if (adopted)
        (void)socket.release(ignored);
    return adopted;
}

explained_result<subscription>
subscription::adopt(executor_type executor, subscription_config config, native_handle_type socket)
{
    auto fresh = std::make_shared<state>(std::move(executor), std::move(config));
    if (auto const ec = fresh->adopt(socket))
        return explained_error(ec, fresh->explain_adoption(ec, socket));
    return subscription(std::move(fresh));
}

subscription::subscription(subscription&&) noexcept = default;

subscription& subscription::operator=(subscription&& other) noexcept
{
    if (this != &other) {
        subscription const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

subscription::~subscription()
{
    if (state_)
        state_->close();
}

subscription::executor_type subscription::get_executor() const
{
    return state_->executor;
}

subscription_config const& subscription::config() const
{
    return state_->config;
}

void subscription::join()
{
    receive::throw_if(*state_, state_->join(), "join");
}

void subscription::join(error_code& ec)
{
    ec = state_->join();
}

void subscription::leave()
{
    error_code ec;
    leave(ec);
    receive::throw_if(*state_, ec, "leave");
}

void subscription::leave(error_code& ec)
{
    ec = state_->joined ? error_code{} : error_code(error::not_joined);
    if (!ec)
        state_->leave();
}

void subscription::renew(error_code& ec)
{
    ec = state_->renew();
}

void subscription::renew()
{
    receive::throw_if(*state_, state_->renew(), "renew");
}

void subscription::add_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->add_source(source);
}

void subscription::add_source(asio::ip::address const& source)
{
    detail::throw_if(state_->add_source(source), "add_source",
                     [&](error_code const& ec) { return state_->explain_added(source, ec); });
}

void subscription::drop_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->drop_source(source);
}

void subscription::drop_source(asio::ip::address const& source)
{
    detail::throw_if(state_->drop_source(source), "drop_source",
                     [&](error_code const& ec) { return state_->explain_dropped(source, ec); });
}

void subscription::block_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->block_source(source);
}

void subscription::block_source(asio::ip::address const& source)
{
    detail::throw_if(state_->block_source(source), "block_source",
                     [&](error_code const& ec) { return state_->explain_blocked(source, ec); });
}

void subscription::unblock_source(asio::ip::address const& source, error_code& ec)
{
    ec = state_->unblock_source(source);
}

void subscription::unblock_source(asio::ip::address const& source)
{
    detail::throw_if(state_->unblock_source(source), "unblock_source",
                     [&](error_code const& ec) { return state_->explain_unblocked(source, ec); });
}

void subscription::close() noexcept
{
    if (state_)
        state_->close();
}

bool subscription::is_joined() const
{
    return !interfaces().empty();
}

std::vector<net::interface_info> subscription::interfaces() const
{
    return state_->sockets.joined_interfaces(state_->config.group.address);
}

asio::ip::udp::endpoint subscription::local_endpoint() const
{
    auto const sockets = state_->sockets.sockets();
    return sockets.empty() ? asio::ip::udp::endpoint() : sockets.front().endpoint;
}

subscription::native_handle_type subscription::native_handle() const
{
    auto const sockets = state_->sockets.sockets();
    return sockets.empty() ? -1 : sockets.front().handle.get();
}

std::size_t subscription::receive_buffer_size() const
{
    auto const sockets = state_->sockets.sockets();
    return sockets.empty() ? 0 : os::receive_buffer_size(sockets.front().handle.get());
}

receive_counters const& subscription::counters() const
{
    return state_->counters;
}

metrics::subscription_reader subscription::enable_metrics()
{
    return state_->metrics.switch_on({state_->counters, {}});
}

asio::awaitable<packet> subscription::recv()
{
    return receive::take_when_ready(state_.shared(), state_->membership, receive::one_packet(),
                                    detail::begun::in_coroutine);
}

void subscription::start_recv(asio::any_completion_handler<receive_signature> handler)
{
    auto body = receive::take_when_ready(state_.shared(), state_->membership, receive::one_packet(),
                                         detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
}

asio::awaitable<std::size_t> subscription::recv_batch(batch& into)
{
    return receive::take_when_ready(state_.shared(), state_->membership,
                                    receive::whole_batch{&into}, detail::begun::in_coroutine);
}

void subscription::start_recv_batch(asio::any_completion_handler<batch_signature> handler,
                                    batch* into)
{
    auto body = receive::take_when_ready(state_.shared(), state_->membership,
                                         receive::whole_batch{into}, detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
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
    if (try_take(*state_, into, ec))
        return into.size();
    into.make_ready(); // an early return leaves the packets of an earlier receive in it
    return 0;
}

std::optional<packet> subscription::try_recv()
{
    error_code ec;
    auto packet = try_recv(ec);
    receive::throw_if(*state_, ec == asio::error::would_block ? error_code{} : ec, "try_recv");
    return packet;
}

std::size_t subscription::try_recv_batch(batch& into)
{
    error_code ec;
    auto const count = try_recv_batch(into, ec);
    receive::throw_if(*state_, ec == asio::error::would_block ? error_code{} : ec,
                      "try_recv_batch");
    return count;
}

asio::awaitable<membership_event> subscription::membership_changed()
{
    return detail::next_event(receive::membership_news{state_.shared(), state_->membership.load()},
                              "membership_changed");
}

void subscription::start_membership_changed(
    asio::any_completion_handler<membership_signature> handler)
{
    detail::spawn(get_executor(), membership_changed(), std::move(handler));
}

std::optional<membership_event> subscription::try_membership_changed()
{
    state_->refresh();
    return state_->events.pop();
}

subscription_parts subscription::into_parts()
{
    return state_->take_apart();
}

} // namespace rollcast
