// SPDX-License-Identifier: BSL-1.0
#include "receive/subscription_state.hpp"

#include "receive/interface_choice.hpp"
#include "receive/source_rules.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace rollcast {

subscription::state::state(executor_type on, subscription_config wanted)
    : executor(std::move(on)), config(std::move(wanted))
{
}

error_code subscription::state::adopt(os::native_socket existing)
{
    if (auto const ec = validate(config))
        return ec;
    if (auto const ec = os::check_receiver(existing, config.group))
        return ec;
    return sockets.adopt(config, existing);
}

error_code subscription::state::join()
{
    if (closed)
        return asio::error::operation_aborted;
    if (joined)
        return error::already_joined;
    if (auto const ec = validate(config))
        return ec;
    // Watched from before the first look at the interfaces, so that no change is missed.
    auto reports = os::report_inbox::open(
        executor, {.routes = receive::is_chosen_by_route(config)}, [this] { interrupt(); },
        renewal_interval());
    if (!reports)
        return reports.error();
    if (auto const ec = sockets.join(config))
        return ec;
    reports_ = std::move(*reports);
    joined = true;
    ++counters.joins;
    publish_counters();
    sockets_changed();
    return {};
}

void subscription::state::leave()
{
    withdraw_sockets(); // they stay open, and queued datagrams would wake a receive
    sockets.leave(config);
    watch.release();
    reports_ = {};
    forget_rest();
    joined = false;
    ++membership;
    ++counters.leaves;
    publish_counters();
    interrupt();
    sockets_changed();
}

error_code subscription::state::renew()
{
    if (!joined)
        return error::not_joined;
    counters.renewals +=
        sockets.renew(config, [this](auto change, auto const& where) { tell(change, where); });
    publish_counters();
    return {};
}

void subscription::state::close() noexcept
{
    withdraw_sockets();
    (void)sockets.release();
    watch.release();
    reports_ = {};
    forget_rest();
    joined = false;
    closed = true;
    interrupt();
    if (auto const owner = std::exchange(told, {}); owner.sockets_changed)
        owner.sockets_changed();
}

subscription_parts subscription::state::take_apart()
{
    withdraw_sockets();
    auto const protocol = config.group.protocol();
    subscription_parts parts{
        config, {}, sockets.joined_interfaces(config.group.address), release_rest()};
    for (auto& each : sockets.release()) {
        parts.sockets.emplace_back(executor, protocol, each.handle.get());
        each.handle.release();
    }
    close();
    return parts;
}

error_code subscription::state::add_source(asio::ip::address const& source)
{
    if (joined && config.sources.empty()) // an any-source membership cannot become one of sources
        return error::group_not_source_specific;
    auto wanted = config;
    wanted.sources.push_back(source);
    if (auto const ec = receive::validate_sources(wanted))
        return ec;
    auto const before = sockets.sockets().size();
    auto const ec = sockets.add_source(config, source);
    if (sockets.sockets().size() != before)
        sockets_changed();
    if (!ec)
        config.sources.push_back(source);
    return ec;
}

error_code subscription::state::drop_source(asio::ip::address const& source)
{
    auto const listed = std::ranges::find(config.sources, source);
    if (listed == config.sources.end())
        return error::unknown_source;
    if (config.sources.size() == 1)
        return error::source_required;
    config.sources.erase(listed);
    sockets.drop_source(config.group.address, source);
    prune_rest();
    return {};
}

error_code subscription::state::block_source(asio::ip::address const& source)
{
    auto wanted = config;
    wanted.blocked.push_back(source);
    if (auto const ec = receive::validate_sources(wanted))
        return ec;
    if (auto const ec = sockets.block(config.group.address, source))
        return ec;
    config.blocked.push_back(source);
    prune_rest();
    return {};
}

error_code subscription::state::unblock_source(asio::ip::address const& source)
{
    if (std::erase(config.blocked, source) == 0)
        return error::unknown_source;
    sockets.unblock(config.group.address, source);
    return {};
}

error_code subscription::state::ready_to_receive(std::uint64_t since) const noexcept
{
    if (closed || membership != since)
        return asio::error::operation_aborted;
    return joined ? error_code{} : error_code(error::not_joined);
}

void subscription::state::publish_counters()
{
    metrics.record([&](metrics::subscription_record& now) { now.counters = counters; });
}

} // namespace rollcast
