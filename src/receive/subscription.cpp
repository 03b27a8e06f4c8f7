// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/subscription.hpp>

#include "detail/operation.hpp"
#include "detail/spawn.hpp"
#include "detail/throw_if.hpp"
#include "detail/turn.hpp"
#include "os/multicast_socket.hpp"
#include "receive/membership.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>

namespace rollcast {
namespace {

/// More than any UDP datagram holds, so that nothing is ever cut.
constexpr std::size_t storage_size = 65536;

enum class outcome { delivered, queue_empty, turn_over, failed };

bool same_host(asio::ip::address const& a, asio::ip::address const& b) noexcept
{
    if (a.is_v4() || b.is_v4())
        return a == b;
    return a.to_v6().to_bytes() == b.to_v6().to_bytes();
}

} // namespace

struct subscription::state {
    state(executor_type executor, subscription_config wanted)
        : socket(std::move(executor)), config(std::move(wanted))
    {
    }

    error_code open(asio::ip::udp::endpoint const& endpoint);
    error_code join();
    error_code join_all(std::vector<receive::membership> const& wanted);
    error_code leave();
    bool accepts(os::received const& datagram) const noexcept;
    outcome take(packet& into, error_code& ec);
    void deliver(os::received const& datagram, packet& into) noexcept;
    void close() noexcept;
    error_code ready_to_receive(std::uint64_t since) const noexcept;

    static asio::awaitable<packet> recv(std::shared_ptr<state> self, std::uint64_t membership);

    asio::ip::udp::socket socket;
    subscription_config config;
    asio::ip::udp::endpoint bound;
    std::vector<net::interface_info> interfaces;
    std::vector<receive::membership> joined;
    std::vector<std::byte> storage;
    receive_counters counters;
    detail::turn turn;
    std::uint64_t membership = 0; ///< Counts them, so that a receive knows that its own has ended.
    bool receiving = false;
    bool closed = false;
};

error_code subscription::state::open(asio::ip::udp::endpoint const& endpoint)
{
    if (socket.is_open() && bound == endpoint)
        return {};
    auto fresh = os::open_receiver({endpoint, config.receive_buffer, config.metadata});
    if (!fresh)
        return fresh.error();
    error_code ec;
    socket.close(ec);
    socket.assign(config.group.protocol(), fresh->get(), ec);
    if (ec)
        return ec;
    fresh->release();
    socket.native_non_blocking(true, ec);
    bound = endpoint;
    storage.resize(storage_size);
    return ec;
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

error_code subscription::state::join_all(std::vector<receive::membership> const& wanted)
{
    for (auto const& each : wanted) {
        auto const ec = os::join(socket.native_handle(), config.group.address, each.interface_index,
                                 each.source);
        if (ec) {
            leave();
            return ec;
        }
        joined.push_back(each);
    }
    return {};
}

error_code subscription::state::leave()
{
    // An interface that is gone took its membership along; that is no failure to leave.
    for (auto const& each : joined)
        (void)os::leave(socket.native_handle(), config.group.address, each.interface_index,
                        each.source);
    joined.clear();
    interfaces.clear();
    ++membership;
    error_code ignored;
    socket.cancel(ignored);
    return {};
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
    return here && wanted && same_host(datagram.destination, config.group.address);
}

outcome subscription::state::take(packet& into, error_code& ec)
{
    os::received datagram;
    for (int foreign = 0; foreign < detail::turn::length; ++foreign) {
        ec = os::receive(socket.native_handle(), asio::buffer(storage), datagram);
        if (ec == asio::error::would_block)
            return outcome::queue_empty;
        if (ec) {
            ++counters.errors;
            return outcome::failed;
        }
        // The kernel tells its drops with a later datagram, and only from the first drop on.
        counters.dropped = std::max<std::uint64_t>(counters.dropped, datagram.metadata.dropped);
        if (accepts(datagram)) {
            deliver(datagram, into);
            return outcome::delivered;
        }
        ++counters.filtered;
    }
    return outcome::turn_over;
}

void subscription::state::deliver(os::received const& datagram, packet& into) noexcept
{
    into.payload = std::span<std::byte const>(storage).first(datagram.size);
    into.source = datagram.source;
    into.group.address = datagram.destination;
    into.group.port = bound.port();
    into.truncated = datagram.truncated;
    into.metadata = datagram.metadata;
    into.metadata.dropped = static_cast<std::uint32_t>(counters.dropped);
    ++counters.packets;
    counters.bytes += datagram.size;
    counters.truncated += datagram.truncated;
}

void subscription::state::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
    joined.clear();
    interfaces.clear();
    closed = true;
}

/// Whether the membership the receive was started in lasts.
error_code subscription::state::ready_to_receive(std::uint64_t since) const noexcept
{
    if (closed || membership != since)
        return asio::error::operation_aborted;
    return joined.empty() ? error_code(error::not_joined) : error_code{};
}

asio::awaitable<packet> subscription::state::recv(std::shared_ptr<state> self,
                                                  std::uint64_t membership)
{
    detail::throw_if(self->receiving ? error_code(error::receive_in_progress) : error_code{},
                     "recv");
    detail::throw_if(self->ready_to_receive(membership), "recv");
    struct in_progress {
        explicit in_progress(bool& flag) : flag_(flag) { flag_ = true; }
        ~in_progress() { flag_ = false; }
        bool& flag_;
    } const guard(self->receiving);

    bool const under_way = co_await detail::is_under_way();
    bool rest = !under_way || self->turn.is_over();
    packet result;
    for (;;) {
        if (rest)
            co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "recv");
        detail::throw_if(self->ready_to_receive(membership), "recv");
        error_code ec;
        auto const got = self->take(result, ec);
        if (got == outcome::delivered)
            co_return result;
        detail::throw_if(got == outcome::failed ? ec : error_code{}, "recv");
        self->turn.waited();
        rest = got == outcome::turn_over;
        if (!rest)
            co_await self->socket.async_wait(asio::ip::udp::socket::wait_read, asio::use_awaitable);
    }
}

subscription::subscription(executor_type executor, subscription_config config)
    : state_(std::make_shared<state>(std::move(executor), std::move(config)))
{
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
    ec = state_->joined.empty() ? error_code(error::not_joined) : state_->leave();
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
    return state::recv(state_, state_->membership);
}

void subscription::start_recv(asio::any_completion_handler<receive_signature> handler)
{
    detail::spawn(get_executor(), state::recv(state_, state_->membership), std::move(handler));
}

std::optional<packet> subscription::try_recv(error_code& ec)
{
    if (!is_joined()) {
        ec = error::not_joined;
        return std::nullopt;
    }
    packet result;
    auto const got = state_->take(result, ec);
    if (got == outcome::delivered)
        return result;
    return std::nullopt;
}

} // namespace rollcast
