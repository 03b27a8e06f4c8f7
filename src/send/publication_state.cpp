// SPDX-License-Identifier: BSL-1.0
#include "send/publication_state.hpp"

#include "os/interfaces.hpp"
#include "send/egress.hpp"

#include <boost/asio/error.hpp>

namespace rollcast {
namespace {

bool is_loopback(unsigned interface_index)
{
    auto const interface = net::resolve(net::network_interface(interface_index));
    return interface && interface->loopback;
}

} // namespace

publication::state::state(executor_type executor, publication_config wanted)
    : socket(std::move(executor)), config(std::move(wanted))
{
}

error_code publication::state::open(os::native_socket predecessor)
{
    if (is_open())
        return {};
    if (closed)
        return asio::error::operation_aborted;
    if (auto const ec = validate(config))
        return ec;
    auto options = send::resolve_egress(config);
    if (!options)
        return options.error();
    options->predecessor = predecessor;
    auto const ec = refusal_named(open_socket(*options));
    if (ec != asio::error::network_unreachable)
        return ec;
    if (options->interface_index == 0)
        return error::no_multicast_route;
    bool const by_lo = config.group.address.is_v6() && is_loopback(options->interface_index);
    return by_lo ? error_code(error::no_loopback_route) : ec;
}

error_code publication::state::open_socket(os::send_options const& options)
{
    auto fresh = os::open_sender(options);
    if (!fresh)
        return fresh.error();
    return take_over(*fresh, options);
}

error_code publication::state::take_over(os::owned_socket& fresh, os::send_options const& options)
{
    auto from = os::source_endpoint(fresh.get(), options.interface_index);
    if (!from)
        return from.error();
    if (options.any_address) {
        auto const address = os::chosen_source(options);
        if (!address)
            return address.error();
        from->address(*address);
    }
    auto reports = os::report_inbox::open(
        socket.get_executor(), {.routes = options.interface_index == 0, .queues = true}, [this] {
            if (news_)
                news_->notify();
        });
    if (!reports)
        return reports.error();
    unwatched_ = std::move(fresh);
    reports_ = std::move(*reports);
    source = *from;
    note_way_out(options);
    // A wait for answers needs the reactor; `watch` must not happen later, when another thread may
    // be sending.
    auto const ec = config.replies ? watch() : error_code{};
    if (ec)
        fresh = std::move(unwatched_); // as it came
    return ec;
}

error_code publication::state::watch()
{
    error_code ec;
    if (socket.is_open())
        return ec;
    socket.assign(config.group.protocol(), unwatched_.get(), ec);
    if (ec)
        return ec;
    unwatched_.release();
    socket.native_non_blocking(true, ec);
    return ec;
}

error_code publication::state::check(os::native_socket existing) const
{
    if (auto const ec = validate(config))
        return ec;
    auto const options = send::resolve_egress(config);
    return options ? os::check_sender(existing, *options) : options.error();
}

error_code publication::state::adopt(os::native_socket existing)
{
    if (auto const ec = check(existing))
        return ec;
    auto const options = send::resolve_egress(config);
    if (!options)
        return options.error();
    if (auto const ec = os::prepare_sender(existing, *options))
        return ec;
    os::owned_socket owned(existing);
    auto const ec = take_over(owned, *options);
    owned.release(); // taken, or still the caller's
    adopted_ = !ec;
    return ec;
}

void publication::state::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
    unwatched_ = os::owned_socket();
    reports_ = {};
    closed = true;
    if (news_)
        news_->notify();
}

error_code publication::state::set_hop_limit(int hop_limit)
{
    if (hop_limit < 0 || hop_limit > 255)
        return error::invalid_hop_limit;
    if (is_open()) {
        if (auto const ec = os::limit_hops(handle(), group.address().is_v4(), hop_limit))
            return ec;
        options_.hop_limit = hop_limit;
    }
    config.hop_limit = hop_limit;
    return {};
}

} // namespace rollcast
