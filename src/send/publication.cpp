// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/publication.hpp>

#include "detail/next_event.hpp"
#include "detail/spawn.hpp"
#include "error/explanation.hpp"
#include "send/publication_news.hpp"
#include "send/publication_state.hpp"

#include <boost/asio/error.hpp>

namespace rollcast {

publication::publication(executor_type executor, publication_config config)
    : state_(std::make_shared<state>(std::move(executor), std::move(config)))
{
}

publication::publication(std::shared_ptr<state> state) : state_(std::move(state)) {}

explained_result<publication> publication::adopt(publication_config config,
                                                 asio::ip::udp::socket& socket)
{
    if (!socket.is_open())
        return explained_error(asio::error::bad_descriptor,
                               explain(config, asio::error::bad_descriptor));
    auto const protocol = config.group.protocol();
    auto fresh = std::make_shared<state>(socket.get_executor(), std::move(config));
    if (auto const ec = fresh->check(socket.native_handle()))
        return explained_error(ec, fresh->explain_adoption(ec, socket.native_handle()));
    error_code ec;
    auto const handle = socket.release(ec); // two objects of Asio cannot hold one socket
    if (!ec)
        ec = fresh->adopt(handle);
    if (!ec)
        return publication(std::move(fresh));
    error_code ignored;
    if (!socket.is_open())
        socket.assign(protocol, handle, ignored);
    return explained_error(ec, fresh->explain_adoption(ec, handle));
}

explained_result<publication> publication::adopt(executor_type executor, publication_config config,
                                                 native_handle_type socket)
{
    auto fresh = std::make_shared<state>(std::move(executor), std::move(config));
    if (auto const ec = fresh->adopt(socket))
        return explained_error(ec, fresh->explain_adoption(ec, socket));
    return publication(std::move(fresh));
}

publication::publication(publication&&) noexcept = default;

publication& publication::operator=(publication&& other) noexcept
{
    if (this != &other) {
        publication const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
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

publication_config const& publication::config() const
{
    return state_->config;
}

void publication::open()
{
    state_->throw_if(state_->open(), "open");
}

void publication::open(error_code& ec)
{
    ec = state_->open();
}

bool publication::is_open() const noexcept
{
    return state_ && state_->is_open();
}

void publication::close() noexcept
{
    if (state_)
        state_->close();
}

void publication::set_hop_limit(int hop_limit)
{
    auto wanted = config();
    wanted.hop_limit = hop_limit;
    detail::throw_if(state_->set_hop_limit(hop_limit), "set_hop_limit",
                     [&](error_code const& ec) { return rollcast::explain(wanted, ec); });
}

void publication::set_hop_limit(int hop_limit, error_code& ec)
{
    ec = state_->set_hop_limit(hop_limit);
}

publication_parts publication::into_parts()
{
    if (is_open())
        state_->throw_if(state_->watch(), "into_parts");
    error_code ignored;
    state_->socket.cancel(ignored); // what is pending would go on to wait, on the new owner's
    publication_parts parts{config(), std::move(state_->socket)};
    close();
    return parts;
}

net::flow publication::announce_tuple() const
{
    return {local_endpoint().address(), state_->config.group.address, state_->config.group.port};
}

asio::ip::udp::endpoint publication::local_endpoint() const
{
    state_->follow_changes();
    return state_->source;
}

asio::ip::udp::endpoint publication::destination() const
{
    return is_open() ? state_->group : state_->config.group.endpoint();
}

publication::native_handle_type publication::native_handle() const
{
    return is_open() ? state_->handle() : -1;
}

std::size_t publication::send_buffer_size() const
{
    return is_open() ? os::send_buffer_size(state_->handle()) : 0;
}

std::size_t publication::unfragmented_payload() const
{
    bool const v4 = state_->config.group.address.is_v4();
    return is_open() ? os::unfragmented_payload(state_->handle(), v4) : 0;
}

std::optional<network_error> publication::try_network_error()
{
    state_->hear_aftermath();
    return state_->aftermath.pop_error();
}

asio::awaitable<network_error> publication::network_error_told()
{
    return detail::next_event(send::network_news{state_.shared()}, "network_error_told");
}

std::optional<send_time> publication::try_send_time()
{
    state_->hear_aftermath();
    return state_->aftermath.pop_time();
}

asio::awaitable<send_time> publication::send_time_told()
{
    return detail::next_event(send::departures{state_.shared()}, "send_time_told");
}

std::optional<egress_event> publication::try_egress_event()
{
    state_->follow_changes();
    return state_->egress_events.pop();
}

asio::awaitable<egress_event> publication::egress_changed()
{
    return detail::next_event(send::egress_news{state_.shared()}, "egress_changed");
}

send_counters const& publication::counters() const
{
    return state_->counters;
}

metrics::publication_reader publication::enable_metrics()
{
    return state_->metrics.switch_on({state_->counters});
}

asio::awaitable<send_report> publication::send(asio::const_buffer payload)
{
    return state::send(state_, payload);
}

void publication::start_send(asio::any_completion_handler<send_signature> handler,
                             asio::const_buffer payload)
{
    detail::spawn(get_executor(), send(payload), std::move(handler));
}

asio::awaitable<send_report> publication::send(buffers pieces)
{
    return state::send(state_, pieces);
}

void publication::start_send_pieces(asio::any_completion_handler<send_signature> handler,
                                    buffers pieces)
{
    detail::spawn(get_executor(), send(pieces), std::move(handler));
}

asio::awaitable<send_report> publication::send_at(net::launch_time when, asio::const_buffer payload)
{
    return state::send(state_, timed_payload{payload, when});
}

void publication::start_send_at(asio::any_completion_handler<send_signature> handler,
                                net::launch_time when, asio::const_buffer payload)
{
    detail::spawn(get_executor(), send_at(when, payload), std::move(handler));
}

send_report publication::try_send_at(net::launch_time when, asio::const_buffer payload,
                                     error_code& ec)
{
    ++state_->counters.calls;
    return state_->try_send({&payload, 1}, when, ec);
}

asio::awaitable<batch_report> publication::send_batch(buffers batch)
{
    return state::send_batch(state_, {batch});
}

asio::awaitable<batch_report> publication::send_batch_at(launch_times when, buffers batch)
{
    return state::send_batch(state_, {batch, when});
}

void publication::start_send_batch_at(asio::any_completion_handler<batch_signature> handler,
                                      launch_times when, buffers batch)
{
    detail::spawn(get_executor(), send_batch_at(when, batch), std::move(handler));
}

void publication::start_send_batch(asio::any_completion_handler<batch_signature> handler,
                                   buffers batch)
{
    detail::spawn(get_executor(), send_batch(batch), std::move(handler));
}

batch_report publication::try_send_batch(buffers batch)
{
    return state_->try_send_batch({batch});
}

batch_report publication::try_send_batch_at(launch_times when, buffers batch)
{
    return state_->try_send_batch({batch, when});
}

send_report publication::try_send(asio::const_buffer payload, error_code& ec)
{
    ++state_->counters.calls;
    return state_->try_send({&payload, 1}, ec);
}

send_report publication::try_send(asio::const_buffer payload)
{
    error_code ec;
    auto const report = try_send(payload, ec);
    state_->throw_if(ec, "try_send", payload.size());
    return report;
}

send_report publication::try_send(buffers pieces, error_code& ec)
{
    ++state_->counters.calls;
    return state_->try_send(pieces, ec);
}

send_report publication::try_send_to(asio::ip::udp::endpoint const& destination,
                                     asio::const_buffer payload, error_code& ec)
{
    ++state_->counters.calls;
    return state_->try_send_to(destination, payload, ec);
}

send_report publication::try_send_to(asio::ip::udp::endpoint const& destination,
                                     asio::ip::address const& source, asio::const_buffer payload,
                                     error_code& ec)
{
    ++state_->counters.calls;
    return state_->try_send_from(source, destination, payload, ec);
}

asio::awaitable<reply> publication::recv_reply(asio::mutable_buffer into)
{
    return state::recv_reply(state_, into);
}

void publication::start_recv_reply(asio::any_completion_handler<reply_signature> handler,
                                   asio::mutable_buffer into)
{
    detail::spawn(get_executor(), recv_reply(into), std::move(handler));
}

} // namespace rollcast
