// SPDX-License-Identifier: BSL-1.0
#include "receive/subscriptions.hpp"

#include "support/bare_socket.hpp"
#include "support/run.hpp"

#include <rollcast/receive/receiver.hpp>
#include <rollcast/receive/subscription.hpp>

namespace rollcast::bench {
namespace {

subscription_config config_of(receive_setup const& setup)
{
    auto config = subscription_config::any_source(setup.group);
    config.interfaces = {"lo"};
    config.receive_buffer = queue_bytes;
    config.metadata = setup.metadata;
    config.coalesce = setup.coalesce;
    return config;
}

bool add_all(batch const& from, tally& into)
{
    for (auto const& packet : from)
        if (!into.add(packet.payload))
            return false;
    return true;
}

class recv_loop : public contender {
public:
    explicit recv_loop(receive_setup const& setup)
        : subscription_(context_.get_executor(), config_of(setup))
    {
        subscription_.join();
    }

    void receive(tally& into) override { run(context_, loop(into)); }

private:
    asio::awaitable<void> loop(tally& into)
    {
        for (;;) {
            auto const packet = co_await subscription_.recv();
            if (!into.add(packet.payload))
                co_return;
        }
    }

    asio::io_context context_{1};
    subscription subscription_;
};

class recv_batch_loop : public contender {
public:
    explicit recv_batch_loop(receive_setup const& setup)
        : subscription_(context_.get_executor(), config_of(setup))
    {
        subscription_.join();
    }

    void receive(tally& into) override { run(context_, loop(into)); }

private:
    asio::awaitable<void> loop(tally& into)
    {
        for (;;) {
            co_await subscription_.recv_batch(batch_);
            if (!add_all(batch_, into))
                co_return;
        }
    }

    asio::io_context context_{1};
    subscription subscription_;
    batch batch_{batch_length};
};

class receiver_loop : public contender {
public:
    explicit receiver_loop(receive_setup const& setup) : receiver_(context_.get_executor())
    {
        add(setup);
        auto idle = setup;
        for (int i = 0; i < 3; ++i) {
            ++idle.group.port;
            add(idle);
        }
    }

    void receive(tally& into) override { run(context_, loop(into)); }

private:
    void add(receive_setup const& setup)
    {
        error_code ec;
        auto const id = receiver_.add(config_of(setup), ec);
        if (!ec)
            receiver_.join(id, ec);
        if (ec)
            throw boost::system::system_error(ec, "receiver");
    }

    asio::awaitable<void> loop(tally& into)
    {
        for (;;) {
            auto const packet = co_await receiver_.recv();
            if (!into.add(packet.payload))
                co_return;
        }
    }

    asio::io_context context_{1};
    receiver receiver_;
};

} // namespace

std::unique_ptr<contender> make_recv(receive_setup const& setup)
{
    return std::make_unique<recv_loop>(setup);
}

std::unique_ptr<contender> make_recv_batch(receive_setup const& setup)
{
    return std::make_unique<recv_batch_loop>(setup);
}

std::unique_ptr<contender> make_receiver(receive_setup const& setup)
{
    return std::make_unique<receiver_loop>(setup);
}

} // namespace rollcast::bench
