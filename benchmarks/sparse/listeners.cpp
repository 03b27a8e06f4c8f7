// SPDX-License-Identifier: BSL-1.0
#include "sparse/listeners.hpp"

#include "support/bare_socket.hpp"

#include <rollcast/receive/receiver.hpp>
#include <rollcast/receive/subscription.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace rollcast::bench {
namespace {

class plain_asio final : public listener {
public:
    plain_asio(asio::io_context& context, net::group const& group)
        : socket_(context, asio::ip::udp::v4(), open_receiver(group).release())
    {
    }

    asio::awaitable<void> hear(std::size_t count, seen const& each) override
    {
        asio::ip::udp::endpoint source;
        for (; count != 0; --count) {
            auto const size = co_await socket_.async_receive_from(asio::buffer(storage_), source,
                                                                  asio::use_awaitable);
            each(std::span(storage_).first(size));
        }
    }

private:
    asio::ip::udp::socket socket_;
    std::array<std::byte, 65536> storage_;
};

class by_recv final : public listener {
public:
    by_recv(asio::io_context& context, net::group const& group) : sub_(context, on_lo(group))
    {
        sub_.join();
    }

    asio::awaitable<void> hear(std::size_t count, seen const& each) override
    {
        for (; count != 0; --count) {
            auto const packet = co_await sub_.recv();
            each(packet.payload);
        }
    }

private:
    subscription sub_;
};

class by_recv_batch final : public listener {
public:
    by_recv_batch(asio::io_context& context, net::group const& group) : sub_(context, on_lo(group))
    {
        sub_.join();
    }

    asio::awaitable<void> hear(std::size_t count, seen const& each) override
    {
        while (count != 0) {
            count -= std::min(count, co_await sub_.recv_batch(batch_));
            for (auto const& packet : batch_)
                each(packet.payload);
        }
    }

private:
    subscription sub_;
    batch batch_{64};
};

class by_receiver final : public listener {
public:
    by_receiver(asio::io_context& context, net::group const& group) : all_(context)
    {
        all_.join(all_.add(on_lo(group)));
    }

    asio::awaitable<void> hear(std::size_t count, seen const& each) override
    {
        for (; count != 0; --count) {
            auto const packet = co_await all_.recv();
            each(packet.payload);
        }
    }

private:
    receiver all_;
};

template <class Listener>
std::unique_ptr<listener> make(asio::io_context& context, net::group const& group)
{
    return std::make_unique<Listener>(context, group);
}

constexpr std::array kinds{
    listener_kind{"plain Asio", make<plain_asio>},
    listener_kind{"subscription.recv", make<by_recv>},
    listener_kind{"subscription.recv_batch", make<by_recv_batch>},
    listener_kind{"receiver.recv", make<by_receiver>},
};

} // namespace

subscription_config on_lo(net::group const& group)
{
    auto config = subscription_config::any_source(group);
    config.interfaces = {"lo"};
    return config;
}

std::span<listener_kind const> listener_kinds() noexcept
{
    return kinds;
}

} // namespace rollcast::bench
