// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/receiver.hpp>

#include "detail/next_event.hpp"
#include "detail/spawn.hpp"
#include "error/explanation.hpp"
#include "receive/membership_news.hpp"
#include "receive/receiver_state.hpp"
#include "receive/take_when_ready.hpp"

#include <algorithm>

namespace rollcast {
namespace {

/// `duplicate_entry` of a configuration that breaks no rule by itself: the receiver has such a
/// subscription already.
std::string explain_added(subscription_config const& config, error_code const& ec)
{
    bool const is_there = ec == error::duplicate_entry && !validate(config);
    return is_there ? to_string(config.group) +
                          ": a subscription of the same group, sources and interfaces is there "
                          "already; use that one, or remove it first"
                    : explain(config, ec);
}

} // namespace

receiver::receiver(executor_type executor) : state_(std::make_shared<state>(std::move(executor))) {}

receiver::receiver(receiver&&) noexcept = default;

receiver& receiver::operator=(receiver&& other) noexcept
{
    if (this != &other) {
        receiver const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

receiver::~receiver()
{
    if (state_)
        state_->close();
}

receiver::executor_type receiver::get_executor() const
{
    return state_->get_executor();
}

subscription_id receiver::add(subscription_config config, error_code& ec)
{
    ec = validate(config);
    return ec ? 0 : state_->add(subscription(get_executor(), std::move(config)), ec);
}

subscription_id receiver::add(subscription&& existing, error_code& ec)
{
    return state_->add(std::move(existing), ec);
}

subscription_id receiver::add(subscription_config config)
{
    error_code ec;
    auto const id = add(config, ec);
    detail::throw_if(ec, "add", [&](error_code const& why) { return explain_added(config, why); });
    return id;
}

subscription_id receiver::add(subscription&& existing)
{
    auto const config = existing.config();
    error_code ec;
    auto const id = add(std::move(existing), ec);
    detail::throw_if(ec, "add", [&](error_code const& why) { return explain_added(config, why); });
    return id;
}

void receiver::join(subscription_id id, error_code& ec)
{
    state_->change_membership(id, ec, &subscription::join);
}

void receiver::join(subscription_id id)
{
    error_code ec;
    join(id, ec);
    detail::throw_if(ec, "join", [&](error_code const& why) { return state_->explain(why, id); });
}

void receiver::leave(subscription_id id)
{
    error_code ec;
    leave(id, ec);
    detail::throw_if(ec, "leave", [&](error_code const& why) { return state_->explain(why, id); });
}

void receiver::leave(subscription_id id, error_code& ec)
{
    state_->change_membership(id, ec, &subscription::leave);
}

bool receiver::remove(subscription_id id)
{
    return take(id).has_value();
}

std::optional<subscription> receiver::take(subscription_id id)
{
    return state_->take_out(id);
}

subscription* receiver::find(subscription_id id)
{
    auto* const each = state_->find(id);
    return each ? &each->sub : nullptr;
}

std::size_t receiver::size() const
{
    return state_->slots.size();
}

std::vector<receiver::entry> receiver::subscriptions()
{
    std::vector<subscription_id> ids;
    for (auto const& each : state_->slots)
        ids.push_back(each.first);
    std::ranges::sort(ids);
    std::vector<entry> all;
    for (auto const id : ids)
        all.push_back({id, state_->slots.at(id).sub});
    return all;
}

asio::awaitable<packet> receiver::recv()
{
    return receive::take_when_ready(state_.shared(), 0, receive::one_packet(),
                                    detail::begun::in_coroutine);
}

void receiver::start_recv(asio::any_completion_handler<receive_signature> handler)
{
    auto body = receive::take_when_ready(state_.shared(), 0, receive::one_packet(),
                                         detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
}

asio::awaitable<std::size_t> receiver::recv_batch(batch& into)
{
    return receive::take_when_ready(state_.shared(), 0, receive::whole_batch{&into},
                                    detail::begun::in_coroutine);
}

void receiver::start_recv_batch(asio::any_completion_handler<batch_signature> handler, batch* into)
{
    auto body = receive::take_when_ready(state_.shared(), 0, receive::whole_batch{into},
                                         detail::begun::by_token);
    detail::spawn(get_executor(), std::move(body), std::move(handler));
}

std::optional<packet> receiver::try_recv_any(error_code& ec)
{
    packet result;
    if (state_->take(result, ec) == receive::outcome::delivered)
        return result;
    return std::nullopt;
}

std::optional<packet> receiver::try_recv_any()
{
    error_code ec;
    auto packet = try_recv_any(ec);
    receive::throw_if(*state_, ec == asio::error::would_block ? error_code{} : ec, "try_recv_any");
    return packet;
}

asio::awaitable<membership_event> receiver::membership_changed()
{
    return detail::next_event(receive::membership_news{state_.shared(), 0}, "membership_changed");
}

void receiver::start_membership_changed(asio::any_completion_handler<membership_signature> handler)
{
    detail::spawn(get_executor(), membership_changed(), std::move(handler));
}

std::optional<membership_event> receiver::try_membership_changed()
{
    state_->refresh();
    return state_->events.pop();
}

receiver::drained receiver::drain(std::function<void(packet const&)> const& each, error_code& ec,
                                  std::size_t cap)
{
    drained result;
    cap = std::min(cap, drain_cap);
    bool more = true;
    while (more && result.packets < cap) {
        if (auto const packet = try_recv_any(ec)) {
            ++result.packets;
            each(*packet);
        }
        more = !ec; // none without an error: foreign datagrams took the turn
    }
    if (ec == asio::error::would_block)
        ec = {};
    result.more = more;
    state_->count_batch(result.packets);
    return result;
}

metrics::receiver_reader receiver::enable_metrics()
{
    return state_->metrics.switch_on(state_->gauges({}));
}

subscription_id receiver::failed() const
{
    return state_->failed;
}

} // namespace rollcast
