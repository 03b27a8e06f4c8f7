// SPDX-License-Identifier: BSL-1.0
#include "testing/memory_carrier.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace rollcast::testing::detail {
namespace {

// The ports that RFC 6335 leaves to whoever wants one for a while.
constexpr net::port_type first_ephemeral_port = 49152;
constexpr net::port_type last_ephemeral_port = 65535;

std::optional<net::group> meeting_place(auto const& group, net::port_type port)
{
    return group ? std::optional(net::group(*group, port)) : std::nullopt;
}

} // namespace

memory_carrier::memory_carrier(asio::any_io_executor executor, std::shared_ptr<machine> where,
                               chart_config const& config)
    : executor_(std::move(executor)),
      where_(std::move(where)),
      discovery_port_(config.discovery_port),
      group_v4_(meeting_place(config.group_v4, config.discovery_port)),
      group_v6_(meeting_place(config.group_v6, config.discovery_port)),
      ports_(config.unicast_port),
      is_local_(config.local_discovery),
      hop_limit_(config.hop_limit),
      waits_for_interface_(config.wait_for_interface)
{
}

error_code memory_carrier::open()
{
    refused_ = where_->refusal;
    if (!refused_ && !where_->plugged_in && !waits_for_interface_)
        refused_ = error::interface_is_down;
    if (refused_)
        return refused_;
    refused_ = take_port();
    if (refused_)
        return refused_;
    state_ = state::open;
    where_->board->connect(shared_from_this());
    if (where_->obstruction)
        report(event_kind::interface_failed, where_->obstruction);
    return {};
}

/// The first of the range that no chart of this host has.
error_code memory_carrier::take_port()
{
    auto const others = where_->board->carriers_of(*where_);
    auto const first = ports_.is_any() ? first_ephemeral_port : ports_.first;
    auto const last = ports_.is_any() ? last_ephemeral_port : ports_.last;
    for (unsigned port = first; port <= last; ++port) {
        port_ = static_cast<net::port_type>(port);
        if (std::ranges::find(others, port_, &memory_carrier::port_) == others.end())
            return {};
    }
    return error::unicast_ports_taken;
}

void memory_carrier::attend(std::weak_ptr<carrier_listener> listener)
{
    listener_ = std::move(listener);
    state_ = state::attended;
    // The cable may have moved since it was opened, when nobody listened.
    tell([](carrier_listener& each) { each.links_changed(); });
}

void memory_carrier::close()
{
    state_ = state::closed;
    where_->board->disconnect(*this);
}

std::vector<link> memory_carrier::links() const
{
    if (!where_->plugged_in || state_ == state::made || state_ == state::closed)
        return {};
    auto const about = where_->interface();
    return {{about.index, about.addresses, group_v4_ ? port_ : net::port_type(0),
             group_v6_ ? port_ : net::port_type(0)}};
}

carrier::tally memory_carrier::send(std::span<outgoing const> datagrams)
{
    using rollcast::detail::versions;
    tally counts;
    for (auto const& each : datagrams) {
        bool const v4 = each.to ? each.to->address().is_v4() : each.by != versions::v6;
        bool const v6 = each.to ? each.to->address().is_v6() : each.by != versions::v4;
        if (v4 && group_v4_)
            say(each, true, counts);
        if (v6 && group_v6_)
            say(each, false, counts);
    }
    return counts;
}

void memory_carrier::say(outgoing const& what, bool v4, tally& counts)
{
    auto const times = 1 + what.ports.size();
    if (links().empty())
        return;
    if (where_->obstruction) {
        counts.failed += times;
        return;
    }
    counts.sent += times;
    auto& board = *where_->board;
    auto const own = v4 ? asio::ip::address(where_->v4) : asio::ip::address(where_->v6);
    endpoint const source(own, port_);
    if (what.to)
        return board.carry(*this, source, *what.to, what.bytes);
    auto group = v4 ? *group_v4_ : *group_v6_;
    board.carry(*this, source, group, what.bytes);
    for (auto const port : what.ports) {
        group.port = port;
        board.carry(*this, source, group, what.bytes);
    }
}

bool memory_carrier::reaches(memory_carrier const& other, bool by_multicast) const
{
    bool const stays = where_ == other.where_;
    bool const leaves = !by_multicast || hop_limit_ > 0;
    return stays || (leaves && !is_local_ && !other.is_local_);
}

bool memory_carrier::hears(net::group const& which) const
{
    return group_v4_ == which || group_v6_ == which;
}

bool memory_carrier::is_at(endpoint const& which) const
{
    bool const mine = which.address().is_v4() ? group_v4_ && which.address() == where_->v4
                                              : group_v6_ && which.address() == where_->v6;
    return mine && which.port() == port_;
}

/// What arrives is heard on the executor, and only by one who listens then.
void memory_carrier::receive(std::shared_ptr<std::vector<std::byte> const> datagram,
                             arrival const& how)
{
    if (where_->plugged_in)
        tell([=](carrier_listener& listener) { listener.hear(*datagram, how); });
}

template <class Tell>
void memory_carrier::tell(Tell what)
{
    asio::post(executor_, [self = shared_from_this(), what = std::move(what)] {
        auto const listener = self->listener_.lock();
        if (listener && self->state_ == state::attended)
            what(*listener);
    });
}

void memory_carrier::note_cable()
{
    report(where_->plugged_in ? event_kind::interface_up : event_kind::interface_down);
    tell([](carrier_listener& listener) { listener.links_changed(); });
}

void memory_carrier::note_obstruction(error_code const& why)
{
    report(why ? event_kind::interface_failed : event_kind::interface_up, why);
    tell([why](carrier_listener& listener) {
        if (!why)
            listener.recovered();
        listener.reported();
    });
}

void memory_carrier::report(event_kind kind, error_code const& why)
{
    event what;
    what.kind = kind;
    what.interface = where_->interface();
    what.why = why;
    reports_.push_back(std::move(what));
}

std::vector<net::interface_info> memory_carrier::interfaces() const
{
    if (links().empty())
        return {};
    return {where_->interface()};
}

std::vector<net::group> memory_carrier::groups() const
{
    std::vector<net::group> all;
    for (auto const& each : {group_v4_, group_v6_})
        if (each && !links().empty())
            all.push_back(*each);
    return all;
}

std::vector<interface_obstacle> memory_carrier::obstacles() const
{
    auto const why = refused_              ? refused_
                     : !where_->plugged_in ? error_code(error::interface_is_down)
                                           : where_->obstruction;
    if (!why)
        return {};
    return {{where_->interface(), {}, why}};
}

} // namespace rollcast::testing::detail
