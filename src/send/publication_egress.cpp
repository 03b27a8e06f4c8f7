// SPDX-License-Identifier: BSL-1.0
#include "send/publication_state.hpp"

#include "detail/address_scope.hpp"
#include "os/interfaces.hpp"
#include "send/egress.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

// The way by which datagrams leave, and what becomes of it.

namespace rollcast {

void publication::state::note_way_out(os::send_options const& options)
{
    options_ = options;
    options_.predecessor = -1;
    group = options.group;
    note_egress(options.interface_index == 0 ? egress_by_kernel().value_or(0)
                                             : options.interface_index);
}

/// The way out where no interface was configured: the interface that has the source, which Linux
/// takes for IPv4, or the interface that routes lead to.
std::optional<unsigned> publication::state::egress_by_kernel() const
{
    auto const& source = options_.bind.address();
    if (options_.fixed_source && source.is_v4()) {
        auto const owner = net::resolve(net::network_interface(source));
        return owner ? std::optional(owner->index) : std::nullopt;
    }
    auto const routed = os::route_interface(config.group.address, config.device);
    return routed ? std::optional(*routed) : std::nullopt;
}

/// For a route that refuses a group the kernel says "Invalid argument" and the like.
error_code publication::state::refusal_named(error_code const& ec) const
{
    bool const may_be = ec == asio::error::invalid_argument || ec == asio::error::access_denied ||
                        ec == asio::error::host_unreachable;
    if (!may_be || !config.interface.is_unspecified())
        return ec;
    auto const routed = os::route_interface(config.group.address, config.device);
    bool const is_refused = !routed && routed.error() == error::refused_by_route;
    return is_refused ? error_code(error::refused_by_route) : ec;
}

void publication::state::note_egress(unsigned interface_index)
{
    egress_ = interface_index;
    egress_name_ = os::interface_name(handle(), egress_);
    cutting_queues_ = os::cutting_queues(egress_);
    segment_limit_ = any_size;
}

void publication::state::follow_now_and_then()
{
    if (looks_.is_due())
        follow_changes();
}

void publication::state::follow_changes()
{
    if (!is_open())
        return;
    auto const reports = reports_.take();
    for (auto const& queue : reports.queues)
        note_queue(queue);
    if (reports.any)
        follow_interfaces();
    look_at_link();
    if (options_.send_times != net::time_source::none ||
        options_.launch_times != net::launch_clock::none)
        (void)hear_aftermath(); // or unread reports take the room of answers
}

void publication::state::follow_interfaces()
{
    bool const has_returned = has_interface_returned();
    if (has_returned && !options_.connect)
        (void)os::choose_way_out(handle(), options_);
    if (has_returned && options_.connect)
        (void)connect_again();
    else
        (void)choose_source_again();
}

void publication::state::note_queue(os::queue_change const& queue)
{
    if (queue.interface_index != egress_)
        return;
    std::erase(cutting_queues_, queue.handle);
    if (queue.cuts_runs)
        cutting_queues_.push_back(queue.handle);
}

/// An interface that was configured may be renamed, or return with another index.
bool publication::state::has_interface_returned()
{
    auto const called = os::interface_name(handle(), egress_);
    if (!called.empty())
        egress_name_ = called;
    if (!called.empty() || options_.interface_index == 0)
        return false;
    auto const fresh = os::interface_index(handle(), egress_name_);
    if (fresh == 0)
        return false;
    options_.interface_index = fresh;
    options_.group.address(detail::on_link(options_.group.address(), fresh));
    group = options_.group;
    note_egress(fresh);
    return true;
}

/// Where no interface was configured the routing table has the choice, and may choose anew.
void publication::state::follow_route(unsigned before)
{
    if (options_.interface_index != 0 || !os::shares_network_with_thread(handle()))
        return;
    auto const chosen = egress_by_kernel();
    if (!chosen || *chosen == before)
        return;
    if (*chosen != egress_)
        note_egress(*chosen);
    egress_runs_ = true; // or `look_at_link` tells that it does not
    tell(egress_change::moved);
}

/// The kernel takes what cannot leave, and drops it without an error: so the link is looked at.
void publication::state::look_at_link()
{
    if (egress_ == 0)
        return;
    bool const runs = os::can_carry(handle(), egress_name_);
    if (runs != std::exchange(egress_runs_, runs))
        tell(runs ? egress_change::restored : egress_change::lost);
}

/// With a hop limit of 0 datagrams stay on this host and need no link.
bool publication::state::can_leave() const noexcept
{
    return egress_runs_ || options_.hop_limit == 0;
}

void publication::state::tell(egress_change change)
{
    ++counters.egress_changes;
    egress_events.push({change, egress_name_, egress_, source});
    if (news_)
        news_->notify();
}

asio::awaitable<void> publication::state::wait_for_reports()
{
    if (!news_)
        news_.emplace(socket.get_executor());
    os::awaiting_reports const awaiting(reports_);
    co_await news_->wait();
}

/// A source that was configured stays; if that address is gone, sending fails.
error_code publication::state::choose_source_again()
{
    if (options_.fixed_source)
        return asio::error::address_family_not_supported;
    auto const before = egress_;
    auto const ec = options_.connect ? connect_again() : bind_again();
    if (!ec)
        follow_route(before);
    return ec;
}

error_code publication::state::connect_again()
{
    if (auto const ec = os::reconnect(handle(), options_))
        return ec;
    auto const from = os::source_endpoint(handle(), options_.interface_index);
    if (!from)
        return from.error();
    source = *from;
    segment_limit_ = any_size;
    return {};
}

/// A socket that hears answers is bound to its address, for good: another socket takes its place
/// and its port.
error_code publication::state::bind_again()
{
    auto by_name = config; // an index may change, the name lasts
    if (options_.interface_index != 0)
        by_name.interface = net::network_interface(egress_name_);
    auto wanted = send::resolve_egress(by_name);
    if (!wanted)
        return wanted.error();
    auto const address = os::chosen_source(*wanted);
    if (!address)
        return address.error();
    if (*address == source.address())
        return {};
    if (options_.any_address) { // bound to all addresses, it only sends from another one
        if (auto const ec = os::choose_way_out(handle(), *wanted))
            return ec;
        source.address(*address);
        note_way_out(*wanted);
        return {};
    }
    if (adopted_)
        return asio::error::address_family_not_supported;
    wanted->bind = {*address, source.port()};
    auto fresh = os::open_sender(*wanted);
    if (!fresh)
        return fresh.error();
    if (!os::share_network(fresh->get(), handle()))
        return asio::error::network_unreachable;
    error_code ignored;
    socket.close(ignored); // operations that wait go on with `fresh`
    unwatched_ = std::move(*fresh);
    source = wanted->bind;
    note_way_out(*wanted);
    return watch();
}

} // namespace rollcast
