// SPDX-License-Identifier: BSL-1.0
#include "sparse/measurements.hpp"

#include "os/descriptors.hpp"

#include "support/bare_socket.hpp"
#include "support/measure.hpp"
#include "support/run.hpp"
#include "support/system.hpp"

#include <rollcast/receive/receiver.hpp>

#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <thread>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace rollcast::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto interval = std::chrono::milliseconds(2);
constexpr std::size_t payload_size = 100;

net::group numbered(std::size_t number)
{
    return {asio::ip::address_v4(0xef020000 + static_cast<unsigned>(number)), 5000};
}

double nanoseconds(clock::duration value)
{
    return std::chrono::duration<double, std::nano>(value).count();
}

void send_time(int socket)
{
    std::array<std::byte, payload_size> payload{};
    auto const now = clock::now().time_since_epoch().count();
    std::memcpy(payload.data(), &now, sizeof now);
    check(::send(socket, payload.data(), payload.size(), 0), "send");
}

clock::time_point sent_at(std::span<std::byte const> payload)
{
    clock::rep count = 0;
    std::memcpy(&count, payload.data(), sizeof count);
    return clock::time_point(clock::duration(count));
}

void join_all(receiver& all, std::size_t groups)
{
    for (std::size_t i = 0; i < groups; ++i)
        all.join(all.add(on_lo(numbered(i))));
}

} // namespace

double wake_latency(listener_kind const& kind, std::size_t datagrams)
{
    auto const cores = usable_cores();
    asio::io_context context;
    auto const heard = kind.make(context, numbered(0));
    std::vector<double> latencies;
    std::jthread const receiving([&] {
        pin_to(cores.back());
        run(context, heard->hear(datagrams, [&](std::span<std::byte const> payload) {
            latencies.push_back(nanoseconds(clock::now() - sent_at(payload)) / 1000);
        }));
    });
    pin_to(cores.front());
    auto const sender = open_sender(numbered(0));
    auto next = clock::now() + 10 * interval; // the receiver has to wait by then
    for (std::size_t i = 0; i < datagrams; ++i, next += interval) {
        std::this_thread::sleep_until(next);
        send_time(sender.get());
    }
    const_cast<std::jthread&>(receiving).join();
    return median(std::move(latencies));
}

double bare_idle_look(std::size_t looks)
{
    auto const socket = open_receiver(numbered(0));
    std::array<std::byte, payload_size> into;
    auto const spent = spent_on([&] {
        for (std::size_t i = 0; i < looks; ++i)
            (void)::recv(socket.get(), into.data(), into.size(), MSG_DONTWAIT);
    });
    return nanoseconds(spent.cpu) / static_cast<double>(looks);
}

double idle_try_recv(std::size_t looks)
{
    asio::io_context context;
    subscription sub(context, on_lo(numbered(0)));
    sub.join();
    auto const spent = spent_on([&] {
        error_code ec;
        for (std::size_t i = 0; i < looks; ++i)
            (void)sub.try_recv(ec);
    });
    return nanoseconds(spent.cpu) / static_cast<double>(looks);
}

double receive_in_turn(std::size_t groups, std::size_t datagrams)
{
    asio::io_context context;
    receiver all(context);
    join_all(all, groups);
    std::deque<bare_socket> senders;
    for (std::size_t i = 0; i < groups; ++i)
        senders.push_back(open_sender(numbered(i)));
    clock::duration spent{};
    auto const body = [&]() -> asio::awaitable<void> {
        // Each group has its storage made with its first datagrams, which is not what is measured.
        auto const before = 2 * groups;
        for (std::size_t i = 0; i < before + datagrams; ++i) {
            send_time(senders[i % groups].get());
            auto const begun = clock::now();
            (void)co_await all.recv();
            if (i >= before)
                spent += clock::now() - begun;
        }
    };
    run(context, body());
    return nanoseconds(spent) / static_cast<double>(datagrams);
}

double bare_in_turn(std::size_t groups, std::size_t datagrams)
{
    bare_socket const ready(check(::epoll_create1(0), "epoll_create1"));
    std::deque<bare_socket> receivers;
    std::deque<bare_socket> senders;
    for (std::size_t i = 0; i < groups; ++i) {
        receivers.push_back(open_receiver(numbered(i)));
        senders.push_back(open_sender(numbered(i)));
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        wanted.data.fd = receivers.back().get();
        check(::epoll_ctl(ready.get(), EPOLL_CTL_ADD, wanted.data.fd, &wanted), "epoll_ctl");
    }
    std::array<std::byte, 2048> storage;
    clock::duration spent{};
    for (std::size_t i = 0; i < 2 * groups + datagrams; ++i) {
        send_time(senders[i % groups].get());
        auto const begun = clock::now();
        epoll_event found{};
        check(::epoll_wait(ready.get(), &found, 1, -1), "epoll_wait");
        check(::recv(found.data.fd, storage.data(), storage.size(), 0), "recv");
        if (i >= 2 * groups)
            spent += clock::now() - begun;
    }
    return nanoseconds(spent) / static_cast<double>(datagrams);
}

std::size_t descriptors_of(std::size_t groups)
{
    asio::io_context context;
    asio::ip::udp::socket const first(context, asio::ip::udp::v4()); // Asio takes some of its own
    auto const before = os::free_descriptors();
    receiver all(context);
    join_all(all, groups);
    return before - os::free_descriptors();
}

} // namespace rollcast::bench
