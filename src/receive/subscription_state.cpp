// SPDX-License-Identifier: BSL-1.0
#include "receive/subscription_state.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace rollcast {
namespace {

bool same_host(asio::ip::address const& a, asio::ip::address const& b) noexcept
{
    if (a.is_v4() || b.is_v4())
        return a == b;
    return a.to_v6().to_bytes() == b.to_v6().to_bytes();
}

/// The kernel says only that it has no room.
error_code limit_named(error_code const& ec, bool about_source)
{
    if (ec != asio::error::no_buffer_space)
        return ec;
    return about_source ? error::too_many_sources : error::too_many_memberships;
}

std::vector<unsigned> interfaces_of(std::vector<receive::membership> const& memberships)
{
    std::vector<unsigned> indices;
    for (auto const& each : memberships)
        if (std::ranges::find(indices, each.interface_index) == indices.end())
            indices.push_back(each.interface_index);
    return indices;
}

} // namespace

subscription::state::state(executor_type executor, subscription_config wanted)
    : socket(std::move(executor)), config(std::move(wanted))
{
}

error_code subscription::state::join()
{
    if (closed)
        return asio::error::operation_aborted;
    if (!joined.empty())
        return error::already_joined;
    if (auto const ec = validate(config))
        return ec;
    auto where = receive::interfaces_to_join(config);
    if (!where)
        return where.error();
    if (auto const ec = open(receive::bind_endpoint(config.group, *where)))
        return ec;
    // What is still queued belongs to an earlier membership.
    os::discard_queued(socket.native_handle());
    if (auto const ec = join_all(receive::memberships(config, *where)))
        return ec;
    interfaces = std::move(*where);
    return {};
}

error_code subscription::state::open(asio::ip::udp::endpoint const& endpoint)
{
    if (socket.is_open() && (adopted_ || bound == endpoint))
        return {};
    auto fresh = os::open_receiver(receive_options(endpoint));
    if (!fresh)
        return fresh.error();
    error_code ec;
    socket.close(ec);
    socket.assign(config.group.protocol(), fresh->get(), ec);
    if (ec)
        return ec;
    fresh->release();
    socket.native_non_blocking(true, ec);
    dropped_before_ = counters.dropped; // a new socket counts from zero
    bound = endpoint;
    return ec;
}

os::receive_options
subscription::state::receive_options(asio::ip::udp::endpoint const& endpoint) const
{
    return {endpoint, config.sharing, config.receive_buffer, config.metadata, config.coalesce};
}

error_code subscription::state::join_all(std::vector<receive::membership> const& wanted)
{
    for (auto const& each : wanted) {
        auto const ec = os::join(socket.native_handle(), config.group.address, each.interface_index,
                                 each.source);
        if (ec) {
            leave();
            return limit_named(ec, each.source.has_value());
        }
        joined.push_back(each);
    }
    return block_all(config.blocked);
}

error_code subscription::state::block_all(std::vector<asio::ip::address> const& sources)
{
    for (auto const& source : sources)
        for (auto const& each : interfaces_of(joined))
            if (auto const ec =
                    os::block(socket.native_handle(), config.group.address, each, source))
                return limit_named(ec, true);
    return {};
}

error_code subscription::state::add_source(asio::ip::address const& source)
{
    auto wanted = config;
    wanted.sources.push_back(source);
    if (auto const ec = validate(wanted))
        return ec;
    auto const indices = interfaces_of(joined);
    for (auto each = indices.begin(); each != indices.end(); ++each) {
        auto const ec = os::join(socket.native_handle(), config.group.address, *each, source);
        if (!ec)
            continue;
        for (auto done = indices.begin(); done != each; ++done)
            (void)os::leave(socket.native_handle(), config.group.address, *done, source);
        return limit_named(ec, true);
    }
    for (auto const index : indices)
        joined.push_back({index, source});
    config.sources.push_back(source);
    return {};
}

error_code subscription::state::drop_source(asio::ip::address const& source)
{
    auto const listed = std::ranges::find(config.sources, source);
    if (listed == config.sources.end())
        return error::unknown_source;
    if (config.sources.size() == 1)
        return error::source_required;
    config.sources.erase(listed);
    std::erase_if(joined, [&](auto const& each) {
        if (each.source == source)
            (void)os::leave(socket.native_handle(), config.group.address, each.interface_index,
                            source);
        return each.source == source;
    });
    return {};
}

error_code subscription::state::block_source(asio::ip::address const& source)
{
    auto wanted = config;
    wanted.blocked.push_back(source);
    if (auto const ec = validate(wanted))
        return ec;
    if (auto const ec = block_all({source})) {
        unblock_everywhere(source);
        return ec;
    }
    config.blocked.push_back(source);
    return {};
}

error_code subscription::state::unblock_source(asio::ip::address const& source)
{
    if (std::erase(config.blocked, source) == 0)
        return error::unknown_source;
    unblock_everywhere(source);
    return {};
}

void subscription::state::unblock_everywhere(asio::ip::address const& source)
{
    for (auto const index : interfaces_of(joined))
        (void)os::unblock(socket.native_handle(), config.group.address, index, source);
}

error_code subscription::state::adopt(asio::ip::udp::socket& existing)
{
    if (auto const ec = validate(config))
        return ec;
    if (auto const ec = os::check_receiver(existing.native_handle(), config.group))
        return ec;
    error_code ec;
    bound = existing.local_endpoint(ec);
    if (!ec)
        ec = os::prepare_receiver(existing.native_handle(), receive_options(bound));
    if (!ec)
        existing.native_non_blocking(true, ec);
    if (ec)
        return ec;
    socket = std::move(existing);
    adopted_ = true;
    return {};
}

void subscription::state::leave()
{
    // An interface that is gone took its membership along; that is no failure to leave.
    for (auto const& each : joined)
        (void)os::leave(socket.native_handle(), config.group.address, each.interface_index,
                        each.source);
    joined.clear();
    interfaces.clear();
    forget_rest();
    ++membership;
    error_code ignored;
    socket.cancel(ignored);
}

void subscription::state::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
    joined.clear();
    interfaces.clear();
    forget_rest();
    closed = true;
}

void subscription::state::forget_rest() noexcept
{
    if (own_)
        next_ = own_->end();
}

error_code subscription::state::ready_to_receive(std::uint64_t since) const noexcept
{
    if (closed || membership != since)
        return asio::error::operation_aborted;
    return joined.empty() ? error_code(error::not_joined) : error_code{};
}

/// The kernel filters too, but not everything: IPv6 ignores the interface of a membership once
/// any socket of the host has joined the group elsewhere.
bool subscription::state::accepts(os::received const& datagram) const noexcept
{
    bool const here = std::ranges::find(interfaces, datagram.metadata.interface_index,
                                        &net::interface_info::index) != interfaces.end();
    bool const wanted = config.sources.empty() ||
                        std::ranges::any_of(config.sources, [&](asio::ip::address const& source) {
                            return same_host(source, datagram.source.address());
                        });
    bool const blocked = std::ranges::any_of(config.blocked, [&](asio::ip::address const& source) {
        return same_host(source, datagram.source.address());
    });
    return here && wanted && !blocked && same_host(datagram.destination, config.group.address);
}

auto subscription::state::take(packet& into, error_code& ec) -> outcome
{
    if (!own_) {
        own_.emplace(1);
        next_ = own_->end();
    }
    if (next_ == own_->end()) {
        auto const got = fill(*own_, ec);
        next_ = own_->begin();
        if (got != outcome::delivered)
            return got;
    }
    into = *next_;
    ++next_;
    return outcome::delivered;
}

auto subscription::state::take(batch& into, error_code& ec) -> outcome
{
    if (!has_rest())
        return fill(into, ec);
    into.adopt(next_, own_->end());
    forget_rest();
    return outcome::delivered;
}

bool subscription::state::has_rest() const noexcept
{
    return own_ && next_ != own_->end();
}

asio::awaitable<void> subscription::state::wait()
{
    return socket.async_wait(asio::ip::udp::socket::wait_read, asio::use_awaitable);
}

auto subscription::state::fill(batch& into, error_code& ec) -> outcome
{
    os::received datagram;
    for (int foreign = 0; foreign < detail::turn::length;) {
        into.clear();
        std::size_t count = 0;
        ec = into.buffers_->receive(socket.native_handle(), count);
        if (ec == asio::error::would_block)
            return outcome::queue_empty;
        if (ec) {
            ++counters.errors;
            return outcome::failed;
        }
        for (std::size_t i = 0; i < count; ++i) {
            into.buffers_->describe(i, datagram);
            add(datagram, into);
        }
        if (!into.empty())
            return outcome::delivered;
        foreign += static_cast<int>(count);
    }
    return outcome::turn_over;
}

void subscription::state::add(os::received const& datagram, batch& into)
{
    // The kernel tells its drops with a later datagram, and only from the first drop on.
    counters.dropped = std::max(counters.dropped, dropped_before_ + datagram.metadata.dropped);
    detail::filled_buffer filled;
    filled.whole.payload = datagram.payload;
    filled.datagram_size = datagram.datagram_size;
    auto const packets = filled.packets();
    if (!accepts(datagram)) {
        counters.filtered += packets;
        return;
    }
    filled.whole.subscription = id;
    filled.whole.source = datagram.source;
    filled.whole.group.address = datagram.destination;
    filled.whole.group.port = bound.port();
    filled.whole.truncated = datagram.truncated;
    filled.whole.metadata = datagram.metadata;
    filled.whole.metadata.dropped = static_cast<std::uint32_t>(counters.dropped);
    into.add(filled);
    counters.packets += packets;
    counters.bytes += datagram.payload.size();
    counters.truncated += datagram.truncated;
}

} // namespace rollcast
